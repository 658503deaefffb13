#include "record/query/everything.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <set>

#include "base/error.h"
#include "record/bundle/bundle_text.h"
#include "record/definitions/definitions.h"
#include "record/query/query_string.h"
#include "record/query/search_request.h"
#include "record/query/search_value.h"
#include "record/store/group_members.h"
#include "record/store/resource_table.h"
#include "record/store/stored_fields.h"
#include "record/store/visibility.h"

namespace meridian::record {
namespace {

// Whose record: of a patient, of those of a Group, of an encounter; without an id, of all patients.
struct Subject {
  std::string type, id;
  std::int64_t key = 0;  // of its resource
};

struct EverythingRequest {
  Subject subject;
  int count;
  std::vector<std::string> types;  // that may be given
  std::optional<std::int64_t> since, after;
  std::optional<std::int64_t> start, end;  // of the care, ends included
  Parameters understood;
};

// The search parameter that says when care was given; of other types it is "date".
struct CareDate {
  std::string_view type, parameter;
};
constexpr std::array<CareDate, 18> kCareDates{{{"Claim", "created"},
                                               {"Communication", "sent"},
                                               {"CommunicationRequest", "authored"},
                                               {"Condition", "onset-date"},
                                               {"DetectedIssue", "identified"},
                                               {"DeviceRequest", "authored-on"},
                                               {"Goal", "start-date"},
                                               {"ImagingStudy", "started"},
                                               {"Media", "created"},
                                               {"MedicationAdministration", "effective-time"},
                                               {"MedicationDispense", "whenhandedover"},
                                               {"MedicationRequest", "authoredon"},
                                               {"MedicationStatement", "effective"},
                                               {"NutritionOrder", "datetime"},
                                               {"QuestionnaireResponse", "authored"},
                                               {"ServiceRequest", "authored"},
                                               {"Specimen", "collected"},
                                               {"Task", "authored-on"}}};

const SearchParameter* care_date_of(std::string_view type) {
  const auto found = std::ranges::find(kCareDates, type, &CareDate::type);
  const SearchParameter* parameter =
      find_search_parameter(type, found == kCareDates.end() ? "date" : found->parameter);
  return parameter && parameter->type == SearchType::date ? parameter : nullptr;
}

std::int64_t parse_cursor(const std::string& text) {
  std::int64_t key = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), key);
  if (error != std::errc() || end != text.data() + text.size())
    throw Error(ErrorCode::invalid_value, "The cursor does not belong to this operation", "_cursor",
                "Start again without it");
  return key;
}

std::vector<std::string> types_of(const std::string& list, const trust::Principal& principal) {
  std::vector<std::string> types;
  const std::vector<std::string> wanted = split_unescaped(list, ',');
  for (const std::string& type : wanted)
    if (!list.empty()) require_type(type);
  for (const std::string_view type : resource_types())
    if ((list.empty() || std::ranges::find(wanted, type) != wanted.end()) &&
        trust::role_may(principal.role, trust::Act::read, type))
      types.emplace_back(type);
  return types;
}

EverythingRequest parse(const Subject& subject, const Parameters& parameters,
                        const trust::Principal& principal, const RecordOptions& options) {
  EverythingRequest request{subject, std::min(options.default_page, options.largest_page), {}, {}, {}, {}, {},
                            {}};
  std::string types;
  for (const auto& [name, value] : parameters) {
    if (name == "_cursor") {
      request.after = parse_cursor(value);
      continue;
    }
    if (name == "handling") continue;
    const bool of_care = subject.type != "Encounter" && (name == "start" || name == "end");
    if (name == "_count")
      request.count = std::max(1, parse_count(value, options));
    else if (name == "_since")
      request.since = parse_date_interval(value).low;
    else if (name == "_type")
      types = value;
    else if (of_care && name == "start")
      request.start = parse_date_interval(value).low;
    else if (of_care)
      request.end = parse_date_interval(value).high;
    else
      throw Error(ErrorCode::invalid_request, "$everything has no parameter \"" + name.substr(0, 80) + "\"",
                  name.substr(0, 80));
    request.understood.emplace_back(name, value);
  }
  request.types = types_of(types, principal);
  return request;
}

Sql of_types(const std::vector<std::string>& types) {
  if (types.empty()) return {"FALSE", {}};
  Sql condition{"r.type IN (?", {types.front()}};
  for (std::size_t i = 1; i < types.size(); ++i) condition.add(", ?", {types[i]});
  return condition.add(")");
}

// What has no date of care is of all times.
Sql in_period(const EverythingRequest& request) {
  std::string fields = "0";  // which no parameter has
  for (const std::string& type : request.types)
    if (const SearchParameter* parameter = care_date_of(type))
      for (const std::int64_t field : stored_fields(type, *parameter).fields)
        fields += "," + std::to_string(field);
  const std::string dates =
      "SELECT 1 FROM date_index d WHERE d.resource = r.key AND d.field IN (" + fields + ")";
  Sql sql{"(NOT EXISTS (" + dates + ") OR EXISTS (" + dates, {}};
  if (request.start) sql.add(" AND d.high >= ?", {*request.start});
  if (request.end) sql.add(" AND d.low <= ?", {*request.end});
  return sql.add("))");
}

// The references of the types that put a resource into an encounter's compartment.
Sql of_encounter(const EverythingRequest& request) {
  std::string fields = "0";  // which no parameter has
  for (const std::string& type : request.types)
    for (const std::string_view name : compartment_parameters("Encounter", type))
      if (const SearchParameter* parameter = find_search_parameter(type, name))
        for (const std::int64_t field : stored_fields(type, *parameter).fields)
          fields += "," + std::to_string(field);
  return {
      "r.key IN (SELECT CAST(? AS BIGINT) UNION SELECT x.resource FROM reference_index x"
      " WHERE x.target_type = 'Encounter' AND x.target_id = ? AND x.field IN (" +
          fields + "))",
      {request.subject.key, request.subject.id}};
}

// The condition on a resource r that is of more than one patient, or of a part of one's record.
Sql of_subject(const EverythingRequest& request) {
  if (request.subject.type == "Encounter") return of_encounter(request);
  if (request.subject.type == "Patient")
    return {"EXISTS (SELECT 1 FROM resource_patient q WHERE q.resource = r.key)", {}};
  return Sql{"r.key IN (SELECT CAST(? AS BIGINT) UNION ", {request.subject.key}}
      .add(keys_of_members(request.subject.key))
      .add(")");
}

std::vector<std::int64_t> keys_of_page(storage::Connection& connection, const trust::Principal& principal,
                                       const EverythingRequest& request) {
  const bool of_one = request.subject.type == "Patient" && !request.subject.id.empty();
  Sql sql = of_one ? Sql{"SELECT r.key FROM resource_patient p CROSS JOIN resource r ON r.key = p.resource"
                         " WHERE p.patient = ? AND r.deleted = 0 AND ",
                         {"Patient/" + request.subject.id}}
                   : Sql{"SELECT r.key FROM resource r WHERE r.deleted = 0 AND ", {}};
  if (!of_one) sql.add(of_subject(request)).add(" AND ");
  sql.add(visible_to(principal)).add(" AND ").add(of_types(request.types));
  if (request.since) sql.add(" AND r.updated >= ?", {*request.since});
  if (request.start || request.end) sql.add(" AND ").add(in_period(request));
  if (request.after) sql.add(of_one ? " AND p.resource > ?" : " AND r.key > ?", {*request.after});
  sql.add(of_one ? " ORDER BY p.resource LIMIT ?" : " ORDER BY r.key LIMIT ?",
          {std::int64_t{request.count} + 1});
  std::vector<std::int64_t> keys;
  sql.run(connection, [&](const storage::Row& row) { keys.push_back(row.integer(0)); });
  return keys;
}

// What belongs to no patient, but is referred to; of an encounter also its patient.
std::set<std::int64_t> supporting(storage::Connection& connection, const trust::Principal& principal,
                                  const EverythingRequest& request, const std::vector<std::int64_t>& keys) {
  const std::string or_patient = request.subject.type == "Encounter" ? "r.type = 'Patient' OR " : "";
  std::set<std::int64_t> found;
  for (const std::int64_t key : keys)
    Sql{"SELECT r.key FROM reference_index x JOIN resource r ON r.type = x.target_type AND r.id = x.target_id"
        " WHERE x.resource = ? AND r.deleted = 0 AND (" +
            or_patient + "NOT EXISTS (SELECT 1 FROM resource_patient p WHERE p.resource = r.key)) AND ",
        {key}}
        .add(visible_to(principal))
        .add(" AND ")
        .add(of_types(request.types))
        .run(connection, [&](const storage::Row& row) { found.insert(row.integer(0)); });
  return found;
}

std::string url_of(const EverythingRequest& request, const RecordOptions& options,
                   std::optional<std::int64_t> after) {
  Parameters parameters = request.understood;
  if (after) parameters.emplace_back("_cursor", std::to_string(*after));
  const std::string query = format_query(parameters);
  const std::string& id = request.subject.id;
  return options.base_url + "/" + request.subject.type + (id.empty() ? "" : "/" + id) + "/$everything" +
         (query.empty() ? "" : "?" + query);
}

}  // namespace

std::string everything_bundle(storage::Connection& connection, const trust::Principal& principal,
                              const std::string& type, const std::string& id, const Parameters& parameters,
                              const RecordOptions& options) {
  Subject subject{type, id};
  if (!id.empty()) subject.key = require_readable(connection, principal, type, id).key;
  const EverythingRequest request = parse(subject, parameters, principal, options);
  std::vector<std::int64_t> keys = keys_of_page(connection, principal, request);
  const bool more = keys.size() > static_cast<std::size_t>(request.count);
  if (more) keys.pop_back();
  BundleText bundle("searchset", options.base_url);
  if (!more && !request.after) bundle.set_total(static_cast<std::int64_t>(keys.size()));
  bundle.add_link("self", url_of(request, options, request.after));
  if (more) bundle.add_link("next", url_of(request, options, keys.back()));
  const auto add = [&](std::int64_t key, std::string_view mode) {
    const Version version = find_by_key(connection, key)->version;
    bundle.add_match(version, version.body, mode);
  };
  for (const std::int64_t key : keys) add(key, "match");
  for (const std::int64_t key : supporting(connection, principal, request, keys))
    if (!std::ranges::binary_search(keys, key)) add(key, "include");
  return bundle.finish();
}

}  // namespace meridian::record
