#include "doors/http/dicomweb_search.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "archive/attribute_json.h"
#include "archive/dictionary.h"
#include "base/error.h"
#include "doors/http/dicomweb_accept.h"
#include "doors/http/included_fields.h"
#include "doors/http/page.h"
#include "doors/http/text.h"

namespace meridian::doors::http {
namespace {

using archive::QueryLevel;

constexpr std::uint32_t kStudyUid = 0x0020000D, kSeriesUid = 0x0020000E;
// Parameters of a search that are no attributes (PS3.18, 8.3.4 and 8.3.3.1).
constexpr std::array<std::string_view, 6> kOptions{"includefield", "fuzzymatching", "limit",
                                                   "offset",       "accept",        "charset"};

Error bad_parameter(const std::string& what, const std::string& name, const std::string& advice = {}) {
  return {ErrorCode::invalid_request, what, name, advice};
}

std::uint32_t tag_of(const std::string& name) {
  const auto tag = archive::find_tag(name);
  if (!tag) throw bad_parameter("There is no attribute of this name", name, "Name it by keyword or tag");
  return *tag;
}

// "PatientID", or "RequestAttributesSequence.ScheduledProcedureStepID".
archive::QueryKey key_of(const std::string& name, QueryLevel level) {
  const auto dot = name.find('.');
  archive::QueryKey key{.tag = tag_of(name.substr(dot == std::string::npos ? 0 : dot + 1)), .value = {}};
  if (dot != std::string::npos) key.sequence = tag_of(name.substr(0, dot));
  if (key.tag == archive::kRequestAttributes)
    throw bad_parameter("A sequence is matched by an attribute of its items", name,
                        "Name it as SEQUENCE.ATTRIBUTE");
  const auto own = archive::query_level_of(key.tag, key.sequence);
  if (!own) throw bad_parameter("The index does not hold this attribute", name, "Search by another");
  if (*own > level)
    throw bad_parameter("This attribute belongs to a lower level", name, "Search for series or instances");
  return key;
}

bool flag(const Request& request, const char* name) {
  const std::string value = request.parameter(name, "false");
  if (value != "true" && value != "false") throw bad_parameter("This is true or false", name);
  return value == "true";
}

// What is given beside the attributes of the level itself.
struct Fields {
  bool all = false;
  std::set<std::uint32_t> tags;
};

Fields fields_of(const Request& request) {
  Fields fields;
  for (const auto& [name, value] : request.query) {
    if (name != "includefield") continue;
    for (const std::string_view field : split_unquoted(value, ',')) {
      if (field == "all")
        fields.all = true;
      else  // an attribute of a sequence's items is given with the sequence
        fields.tags.insert(tag_of(std::string(field.substr(0, field.find('.')))));
    }
  }
  return fields;
}

// The levels whose attributes are given anyway: those that the address does not name (PS3.18, 10.6.3.3).
QueryLevel first_level(const Request& request) {
  if (request.captured.empty()) return QueryLevel::patient;
  return request.captured.size() == 1 ? QueryLevel::series : QueryLevel::instance;
}

bool is_given(const std::string& name, QueryLevel first, const Fields& fields) {
  const std::uint32_t tag = tag_of(name);
  const auto level = archive::query_level_of(tag);
  const bool identifies = tag == kStudyUid || tag == kSeriesUid;
  return fields.all || identifies || (level && *level >= first) || fields.tags.contains(tag);
}

std::string text_at(const Json& match, const char* tag) {
  const Json* attribute = match.find(tag);
  const Json* values = attribute ? attribute->find("Value") : nullptr;
  return values && !values->empty() ? values->at(0).as_string() : std::string();
}

std::string retrieve_url(const Json& match, QueryLevel level) {
  std::string url = "/dicomweb/studies/" + text_at(match, "0020000D");
  if (level >= QueryLevel::series) url += "/series/" + text_at(match, "0020000E");
  if (level >= QueryLevel::instance) url += "/instances/" + text_at(match, "00080018");
  return url;
}

Json shown(Json match, QueryLevel level, QueryLevel first, const Fields& fields) {
  const std::string url = retrieve_url(match, level);
  std::erase_if(match.members(),
                [&](const Json::Member& member) { return !is_given(member.first, first, fields); });
  match["00080056"] = archive::dicom_attribute("CS", "ONLINE");  // Instance Availability
  match["00081190"] = archive::dicom_attribute("UR", url);
  std::ranges::sort(match.members(), {}, &Json::Member::first);
  return match;
}

care::VisibleImages find(const Services& services, const Request& request, const archive::Query& query) {
  try {
    return services.care.find_images(request.principal(), query);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::invalid_value) throw;
    throw Error(ErrorCode::invalid_request, error.what(), error.where(), error.advice());
  }
}

}  // namespace

archive::Query search_query(const Request& request, QueryLevel level) {
  archive::Query query{.level = level, .keys = {}};
  const Page page = page_of(request);
  query.limit = page.limit;
  query.offset = page.offset;
  query.fuzzy_names = flag(request, "fuzzymatching");
  constexpr std::array kPath{kStudyUid, kSeriesUid};
  std::set<std::pair<std::uint32_t, std::uint32_t>> asked;
  for (std::size_t i = 0; i < request.captured.size(); ++i) {
    query.keys.push_back({kPath.at(i), request.captured[i]});
    asked.emplace(0, kPath.at(i));
  }
  for (const auto& [name, value] : request.query) {
    if (std::ranges::find(kOptions, name) != kOptions.end()) continue;
    archive::QueryKey key = key_of(name, level);
    if (!asked.emplace(key.sequence, key.tag).second)
      throw bad_parameter("An attribute is asked for once", name);
    key.value = value;
    query.keys.push_back(std::move(key));
  }
  return query;
}

Response search(const Services& services, const Request& request, QueryLevel level) {
  const archive::Query query = search_query(request, level);
  const Fields fields = fields_of(request);
  const DatasetFormat format(request);
  care::VisibleImages found = find(services, request, query);
  Response response = Response::empty();
  if (!found.matches.empty()) {
    Json list = Json::array();
    for (Json& match : found.matches)
      list.push_back(shown(std::move(match), level, first_level(request), fields));
    add_fields_of_files(services, request.principal(), fields.tags, list);
    response = format.respond(list);
  }
  if (found.total) response.headers.add("X-Total-Count", std::to_string(*found.total));
  if (!found.total || *found.total > query.offset + query.limit) warn_of_more(response);
  return response;
}

}  // namespace meridian::doors::http
