#include "record/bundle/bundle_reading.h"

#include <algorithm>
#include <span>

#include "base/text.h"
#include "record/bundle/bundle_response.h"
#include "record/bundle/subset.h"
#include "record/bundle/version_tag.h"
#include "record/operations/operation.h"
#include "record/query/compartment.h"
#include "record/query/query_string.h"
#include "record/query/search_request.h"
#include "record/store/visibility.h"

namespace meridian::record {
namespace {

enum class Interaction { search, read, version, history, operation, metadata };

struct Reading {
  Interaction interaction = Interaction::search;
  std::string address;   // of a search
  std::string type, id;  // of all others
  std::string operation;
  std::int64_t version = 0;
};

std::vector<std::string> decoded_segments(const std::string& path) {
  std::vector<std::string> segments = split(path, '/');
  for (std::string& segment : segments) segment = decode_percent(segment);
  return segments;
}

[[noreturn]] void fail_unknown(const BundleEntry& entry) {
  throw Error(ErrorCode::not_found, "There is nothing at \"" + entry.path.substr(0, 200) + "\"",
              "request.url");
}

void require_answered(const Reading& reading) {
  const Operation& operation = find_operation(reading.operation, {reading.type, reading.id});
  if (std::ranges::none_of(operations(), [&](const Operation& one) { return &one == &operation; }))
    throw Error(ErrorCode::not_supported, "$" + reading.operation + " is not answered within a Bundle",
                "request.url");
}

// What stands after the type and id, if they are there.
void take_rest(std::span<const std::string> rest, const BundleEntry& entry, Reading& reading) {
  const bool of_history = !rest.empty() && rest[0] == "_history";
  if (of_history && rest.size() == 1) {
    reading.interaction = Interaction::history;
  } else if (of_history && rest.size() == 2 && !reading.id.empty()) {
    reading.interaction = Interaction::version;
    reading.version = parse_version_number(rest[1]);
  } else if (rest.size() == 1 && rest[0].starts_with('$')) {
    reading.interaction = Interaction::operation;
    reading.operation = rest[0].substr(1);
    require_answered(reading);
  } else if (rest.size() == 1 && !reading.id.empty()) {
    reading.address = reading.type + "/" + reading.id + "/" + rest[0];
  } else {
    fail_unknown(entry);
  }
}

Reading reading_of(const BundleEntry& entry) {
  const std::vector<std::string> segments = decoded_segments(entry.path);
  const std::span<const std::string> all(segments);
  Reading reading;
  if (entry.path.empty()) return reading;
  if (entry.path == "metadata") {
    reading.interaction = Interaction::metadata;
  } else if (segments[0].starts_with('_') || segments[0].starts_with('$')) {
    take_rest(all, entry, reading);
  } else {
    reading.type = segments[0];
    require_type(reading.type);
    const bool has_id = segments.size() > 1 && !segments[1].starts_with('_') && !segments[1].starts_with('$');
    if (has_id) reading.id = segments[1];
    if (has_id) require_valid_id(reading.id);
    const std::span<const std::string> rest = all.subspan(has_id ? 2 : 1);
    if (rest.empty() && has_id)
      reading.interaction = Interaction::read;
    else if (rest.empty())
      reading.address = reading.type;
    else
      take_rest(rest, entry, reading);
  }
  return reading;
}

Subset subset_of_query(const Parameters& query) {
  Subset subset;
  for (const auto& [name, value] : query) {
    if (name == "_summary") subset.summary = parse_summary(value);
    if (name == "_elements") subset.elements = parse_elements(value);
  }
  return subset;
}

bool is_known(const BundleEntry& entry, const Version& version) {
  if (!entry.if_none_match.empty()) return names_version(entry.if_none_match, version.number);
  return !entry.if_modified_since.empty() && std::chrono::floor<std::chrono::seconds>(version.last_updated) <=
                                                 parse_instant(entry.if_modified_since);
}

Json answer_version(const BundleEntry& entry, const Version& version, const Parameters& query) {
  if (is_known(entry, version)) return not_modified_response(version);
  return read_response(Json::parse(subset_of(version.body, subset_of_query(query))));
}

Json answer_of(Record& record, const trust::Principal& principal, const BundleEntry& entry) {
  const Reading reading = reading_of(entry);
  const Parameters query = parse_query(entry.query);
  switch (reading.interaction) {
    case Interaction::search:
      return read_response(Json::parse(record.search(principal, reading.address, query)));
    case Interaction::read:
      return answer_version(entry, record.read(principal, reading.type, reading.id), query);
    case Interaction::version:
      return answer_version(entry, record.read_version(principal, reading.type, reading.id, reading.version),
                            query);
    case Interaction::history:
      return read_response(Json::parse(record.history(principal, reading.type, reading.id, query)));
    case Interaction::operation:
      return read_response(Json::parse(
          record.operate(principal, reading.operation, {reading.type, reading.id, query, entry.resource})));
    case Interaction::metadata:
      break;
  }
  return read_response(record.capability_statement());
}

}  // namespace

void require_readable_entry(const trust::Principal& principal, const BundleEntry& entry) {
  const Reading reading = reading_of(entry);
  if (reading.interaction == Interaction::operation) return;
  const std::string type =
      reading.interaction == Interaction::search ? parse_address(reading.address).type : reading.type;
  if (!type.empty()) require_role(principal, trust::Act::read, type);
}

Json answer_reading(Record& record, const trust::Principal& principal, const BundleEntry& entry) {
  try {
    return answer_of(record, principal, entry);
  } catch (const Error& error) {
    throw within_entry(error, entry);
  }
}

}  // namespace meridian::record
