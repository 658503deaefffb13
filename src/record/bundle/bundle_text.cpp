#include "record/bundle/bundle_text.h"

#include "base/id.h"
#include "record/bundle/version_tag.h"

namespace meridian::record {
namespace {

std::string json_string(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

std::string_view status_of(const Version& version) {
  if (version.deleted) return "204 No Content";
  return version.number == 1 ? "201 Created" : "200 OK";
}

}  // namespace

BundleText::BundleText(std::string_view type, const std::string& base_url) : base_url_(base_url) {
  head_ = "{\"resourceType\":\"Bundle\",\"id\":" + json_string(new_id()) + ",\"type\":" + json_string(type);
}

void BundleText::set_total(std::int64_t total) {
  head_ += ",\"total\":" + std::to_string(total);
}

void BundleText::add_link(std::string_view relation, const std::string& url) {
  links_ += links_.empty() ? "" : ",";
  links_ += "{\"relation\":" + json_string(relation) + ",\"url\":" + json_string(url) + "}";
}

void BundleText::begin_entry() {
  entries_ += entries_.empty() ? "" : ",";
}

void BundleText::add_match(const Version& version, const std::string& body, std::string_view mode) {
  begin_entry();
  entries_.append("{\"fullUrl\":")
      .append(json_string(base_url_ + "/" + version.reference()))
      .append(",\"resource\":")
      .append(body)
      .append(",\"search\":{\"mode\":")
      .append(json_string(mode))
      .append("}}");
}

void BundleText::add_outcome(const std::string& issue_text) {
  begin_entry();
  entries_ +=
      "{\"resource\":{\"resourceType\":\"OperationOutcome\",\"issue\":[{\"severity\":\"warning\",\"code\":"
      "\"incomplete\",\"diagnostics\":" +
      json_string(issue_text) + "}]},\"search\":{\"mode\":\"outcome\"}}";
}

void BundleText::add_history(const Version& version) {
  const bool created = !version.deleted && version.number == 1;
  begin_entry();
  entries_ += "{\"fullUrl\":" + json_string(base_url_ + "/" + version.reference());
  if (!version.deleted) entries_ += ",\"resource\":" + version.body;
  entries_ += ",\"request\":{\"method\":" +
              json_string(version.deleted ? "DELETE"
                          : created       ? "POST"
                                          : "PUT") +
              ",\"url\":" + json_string(created ? version.type : version.reference()) + "}";
  entries_ += ",\"response\":{\"status\":" + json_string(status_of(version)) +
              ",\"etag\":" + json_string(version_tag(version.number)) +
              ",\"lastModified\":" + json_string(format_instant(version.last_updated)) + "}}";
}

std::string BundleText::finish() {
  std::string text = std::move(head_);
  if (!links_.empty()) text.append(",\"link\":[").append(links_).append("]");
  if (!entries_.empty()) text.append(",\"entry\":[").append(entries_).append("]");
  return text.append("}");
}

}  // namespace meridian::record
