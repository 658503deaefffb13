#include "record/bundle/bundle_entry.h"

#include <charconv>

#include "base/error.h"
#include "record/query/search_request.h"

namespace meridian::record {
namespace {

constexpr std::size_t kMostEntries = 50'000;

BundleEntry::Method method_of(const std::string& name) {
  if (name == "POST") return BundleEntry::Method::create;
  if (name == "PUT") return BundleEntry::Method::update;
  if (name == "DELETE") return BundleEntry::Method::remove;
  if (name == "GET") return BundleEntry::Method::read;
  if (name == "PATCH" || name == "HEAD")
    throw Error(ErrorCode::not_supported, name + " is not supported in a bundle", "request.method");
  throw Error(ErrorCode::invalid_value, "\"" + name.substr(0, 20) + "\" is not a method of a bundle's entry",
              "request.method");
}

// "Patient", "Patient/1", "Patient?identifier=x", also with a leading slash.
void take_url(std::string url, BundleEntry& entry) {
  if (url.starts_with('/')) url.erase(0, 1);
  const auto question = url.find('?');
  if (question != std::string::npos) {
    entry.query = url.substr(question + 1);
    entry.conditional = true;
    url.resize(question);
  }
  const auto slash = url.find('/');
  entry.type = url.substr(0, slash);
  if (slash != std::string::npos) entry.id = url.substr(slash + 1);
  require_type(entry.type);
  if (!entry.id.empty()) require_valid_id(entry.id);
}

void require_resource(const BundleEntry& entry) {
  const std::string type = type_of(entry.resource);
  if (type != entry.type)
    throw Error(ErrorCode::invalid_request, "A " + type + " is sent to " + entry.type,
                "resource.resourceType");
  if (entry.method != BundleEntry::Method::update || entry.conditional) return;
  if (entry.id.empty())
    throw Error(ErrorCode::invalid_request, "PUT needs the id in its URL", "request.url",
                "Write " + entry.type + "/ID");
  if (entry.resource.text("id") != entry.id)
    throw Error(ErrorCode::invalid_request,
                "The resource's id \"" + entry.resource.text("id").substr(0, 64) +
                    "\" is not the one in the URL, \"" + entry.id + "\"",
                "resource.id");
}

void take_request(const Json& json, BundleEntry& entry) {
  const Json* request = json.find("request");
  if (!request) throw Error(ErrorCode::invalid_structure, "The entry has no request", "request");
  entry.method = method_of(request->text("method"));
  take_url(request->text("url"), entry);
  if (const std::string condition = request->text("ifNoneExist"); !condition.empty()) {
    entry.query = condition;
    entry.conditional = true;
  }
  if (const std::string tag = request->text("ifMatch"); !tag.empty()) entry.if_match = parse_version_tag(tag);
  if (entry.method == BundleEntry::Method::remove && entry.id.empty() && !entry.conditional)
    throw Error(ErrorCode::invalid_request, "DELETE needs an id or a condition", "request.url");
  if (entry.method != BundleEntry::Method::create && entry.method != BundleEntry::Method::update) return;
  const Json* resource = json.find("resource");
  if (!resource) throw Error(ErrorCode::invalid_structure, "The entry has no resource", "resource");
  entry.resource = *resource;
  require_resource(entry);
}

}  // namespace

std::int64_t parse_version_tag(const std::string& text) {
  std::string_view tag = text;
  if (tag.starts_with("W/")) tag.remove_prefix(2);
  if (tag.size() >= 2 && tag.front() == '"' && tag.back() == '"') tag = tag.substr(1, tag.size() - 2);
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(tag.data(), tag.data() + tag.size(), number);
  if (error != std::errc() || end != tag.data() + tag.size() || tag.empty())
    throw Error(ErrorCode::invalid_value, "\"" + text.substr(0, 80) + "\" is not a version as W/\"3\"",
                "If-Match");
  return number;
}

std::vector<BundleEntry> parse_entries(const Json& bundle) {
  std::vector<BundleEntry> entries;
  const Json* list = bundle.find("entry");
  if (!list) return entries;
  if (!list->is_array())
    throw Error(ErrorCode::invalid_structure, "The entries are no array", "Bundle.entry");
  if (list->size() > kMostEntries)
    throw Error(ErrorCode::too_large, "The bundle has more than " + std::to_string(kMostEntries) + " entries",
                "Bundle.entry");
  for (const Json& json : list->items()) {
    BundleEntry entry;
    entry.where = "Bundle.entry[" + std::to_string(entries.size()) + "]";
    entry.full_url = json.text("fullUrl");
    try {
      take_request(json, entry);
    } catch (const Error& error) {
      throw within_entry(error, entry);
    }
    entries.push_back(std::move(entry));
  }
  return entries;
}

Error within_entry(const Error& error, const BundleEntry& entry) {
  const std::string& inner = error.where();
  if (inner.starts_with("Bundle.")) return error;
  std::string where = entry.where;
  if (!entry.type.empty() && inner.starts_with(entry.type + "."))
    where += ".resource" + inner.substr(entry.type.size());
  else if (!inner.empty())
    where += "." + inner;
  return Error(error.code(), error.what(), where, error.advice());
}

}  // namespace meridian::record
