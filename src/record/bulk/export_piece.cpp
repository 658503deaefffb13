#include "record/bulk/export_piece.h"

#include <algorithm>
#include <array>

#include "base/error.h"
#include "record/definitions/definitions.h"
#include "record/operations/input.h"
#include "record/query/query_string.h"
#include "record/query/search_request.h"
#include "record/query/search_value.h"
#include "record/store/group_members.h"
#include "record/store/visibility.h"
#include "record/terminology/canonical_source.h"

namespace meridian::record {
namespace {

constexpr std::size_t kMostBytes = 8u << 20;  // of a file, but for its last resource
constexpr std::int64_t kMostResources = 5000;
constexpr std::size_t kMostPatients = 1000;  // named one by one
constexpr std::size_t kMostFilters = 100;    // of all types
constexpr std::string_view kPatient = "Patient/", kAssociated = "includeAssociatedData";
constexpr std::array<std::string_view, 3> kFormats{"application/fhir+ndjson", "application/ndjson", "ndjson"};

Json types_of(const OperationInput& input, const trust::Principal& principal) {
  std::vector<std::string> wanted;
  for (const std::string& list : input.texts("_type"))
    for (std::string& type : split_unescaped(list, ',')) wanted.push_back(std::move(type));
  Json types = Json::array();
  for (const std::string& type : wanted) {
    require_type(type);
    require_role(principal, trust::Act::read, type);
  }
  for (const std::string_view type : resource_types())
    if ((wanted.empty() || std::ranges::find(wanted, type) != wanted.end()) &&
        trust::role_may(principal.role, trust::Act::read, type))
      types.push_back(type);
  return types;
}

// The parameters of the name, in the address and in a body.
void leave_out(std::string_view name, OperationCall& call) {
  std::erase_if(call.query, [&](const auto& parameter) { return parameter.first == name; });
  Json* given = call.body.is_object() ? call.body.find("parameter") : nullptr;
  if (!given || !given->is_array()) return;
  std::erase_if(given->items(), [&](const Json& parameter) { return parameter.text("name") == name; });
  if (given->empty()) call.body.erase("parameter");
}

// The lists of all parameters of the name, at their commas.
std::vector<std::string> listed(const OperationInput& input, std::string_view name) {
  std::vector<std::string> all;
  for (const std::string& list : input.texts(name))
    for (std::string& one : split_unescaped(list, ','))
      if (!one.empty()) all.push_back(std::move(one));
  return all;
}

// A search of the type, as what it asks of a resource r.
Sql condition_of(storage::Connection& connection, const trust::Principal& principal,
                 const RecordOptions& options, const std::string& type, const std::string& query) {
  const SearchRequest request = parse_search(connection, type, parse_query(query), options, principal);
  if (!request.includes.empty() || !request.subset.is_whole() || request.count || !request.cursor.empty())
    throw Error(ErrorCode::invalid_request, "_typeFilter only chooses resources", "_typeFilter");
  Sql sql{"TRUE", {}};
  for (const Criterion& criterion : request.parts.front().criteria)
    sql.add(" AND ").add(criterion.condition());
  return sql;
}

// At the commas that another search comes after: a search may have commas of its own.
std::vector<std::string> searches_in(const std::string& list) {
  std::vector<std::string> searches;
  std::size_t begin = 0;
  for (std::size_t at = list.find(','); at != std::string::npos; at = list.find(',', at + 1)) {
    const std::size_t mark = list.find('?', at);
    if (mark == std::string::npos) break;
    if (!is_resource_type(list.substr(at + 1, mark - at - 1))) continue;
    searches.push_back(list.substr(begin, at - begin));
    begin = at + 1;
  }
  searches.push_back(list.substr(begin));
  return searches;
}

// Of "Observation?code=x": the type and the query; those of one type are alternatives.
Json filters_of(storage::Connection& connection, const trust::Principal& principal,
                const RecordOptions& options, const OperationInput& input) {
  Json filters = Json::array();
  std::vector<std::string> searches;
  for (const std::string& list : input.texts("_typeFilter"))
    for (std::string& search : searches_in(list)) searches.push_back(std::move(search));
  if (searches.size() > kMostFilters)
    throw Error(ErrorCode::too_large, "More than " + std::to_string(kMostFilters) + " searches are given",
                "_typeFilter", "Ask in several requests");
  for (const std::string& filter : searches) {
    const std::size_t mark = std::min(filter.find('?'), filter.size());
    const std::string type = filter.substr(0, mark);
    require_type(type);
    if (mark == filter.size())
      throw Error(ErrorCode::invalid_value, "A filter is a search such as Observation?code=x", "_typeFilter");
    condition_of(connection, principal, options, type, filter.substr(mark + 1));
    filters.push_back(Json::object({{"type", type}, {"query", filter.substr(mark + 1)}}));
  }
  return filters;
}

// What the filters of the type leave.
Sql of_filters(storage::Connection& connection, const BulkJob& job, const RecordOptions& options,
               const std::string& type) {
  std::vector<Sql> alternatives;
  for (const Json& filter : items_of(job.request, "filters"))
    if (filter.text("type") == type)
      alternatives.push_back(condition_of(connection, job.principal, options, type, filter.text("query")));
  return alternatives.empty() ? Sql{"TRUE", {}} : Sql::any_of(alternatives);
}

// "Patient/…", whom the principal sees.
Json patients_of(storage::Connection& connection, const trust::Principal& principal,
                 const OperationInput& input, const std::string& level) {
  Json patients = Json::array();
  for (const Json* reference : input.values("patient", "Reference")) {
    const std::string text = reference->text("reference");
    if (level.empty() || !text.starts_with(kPatient))
      throw Error(ErrorCode::invalid_value, "patient is a reference to a Patient, of whose data is exported",
                  "patient", "Ask for Patient/$export or Group/ID/$export");
    require_readable(connection, principal, "Patient", text.substr(kPatient.size()));
    patients.push_back(text);
  }
  if (patients.size() > kMostPatients)
    throw Error(ErrorCode::too_large, "More than " + std::to_string(kMostPatients) + " patients are named",
                "patient", "Make a Group of them");
  return patients;
}

Sql of_patients(const Json::Array& patients) {
  Sql sql{"EXISTS (SELECT 1 FROM resource_patient q WHERE q.resource = r.key AND q.patient IN (", {}};
  for (std::size_t i = 0; i < patients.size(); ++i) sql.add(i == 0 ? "?" : ",?", {patients[i].as_string()});
  return sql.add("))");
}

// The elements of the type's resources that are asked for; none where they are whole.
Subset subset_for(const BulkJob& job, const std::string& type) {
  Subset subset;
  for (const Json& item : items_of(job.request, "elements")) {
    const std::string& name = item.as_string();
    const std::size_t dot = name.find('.');
    if (dot == std::string::npos)
      subset.elements.push_back(name);
    else if (name.substr(0, dot) == type)
      subset.elements.push_back(name.substr(dot + 1));
  }
  return subset;
}

// Those that belong to the patients who are meant.
Sql of_level(const BulkJob& job) {
  const std::string level = job.request.text("level");
  if (level == "Patient") return {"EXISTS (SELECT 1 FROM resource_patient q WHERE q.resource = r.key)", {}};
  if (level != "Group") return {"TRUE", {}};
  return of_members(job.request.get("group").as_int());
}

std::vector<std::int64_t> keys_of(storage::Connection& connection, const BulkJob& job,
                                  const RecordOptions& options, const std::string& type, std::int64_t after) {
  Sql sql{
      "SELECT r.key FROM resource r WHERE r.type = ? AND r.deleted = 0 AND r.key > ? AND r.updated <= ? AND ",
      {type, after, to_micros(job.started)}};
  sql.add(visible_to(job.principal)).add(" AND ").add(of_level(job));
  sql.add(" AND ").add(of_filters(connection, job, options, type));
  if (const Json::Array& patients = items_of(job.request, "patients"); !patients.empty())
    sql.add(" AND ").add(of_patients(patients));
  if (const Json* since = job.request.find("since")) sql.add(" AND r.updated >= ?", {since->as_int()});
  sql.add(" ORDER BY r.key LIMIT ?", {kMostResources});
  std::vector<std::int64_t> keys;
  sql.run(connection, [&](const storage::Row& row) { keys.push_back(row.integer(0)); });
  return keys;
}

}  // namespace

Json export_request(storage::Connection& connection, const trust::Principal& principal,
                    const OperationCall& call, const RecordOptions& options) {
  OperationCall understood = call;
  // Bulk Data Access 2.0: with handling=lenient what is not understood is left out.
  const bool lenient = std::ranges::any_of(call.query, [](const auto& parameter) {
    return parameter.first == "handling" && parameter.second == "lenient";
  });
  leave_out("handling", understood);
  if (lenient) leave_out(kAssociated, understood);
  const OperationInput input(understood,
                             {"_since", "_type", "_outputFormat", "_typeFilter", "_elements", "patient"}, {},
                             {kAssociated});
  const std::string format = input.text("_outputFormat");
  if (!format.empty() && std::ranges::find(kFormats, format) == kFormats.end())
    throw Error(ErrorCode::invalid_value, "Only NDJSON is written", "_outputFormat",
                "Ask for application/fhir+ndjson");
  Json request = Json::object({{"level", call.type}, {"types", types_of(input, principal)}});
  if (const std::string since = input.text("_since"); !since.empty())
    request["since"] = parse_date_interval(since).low;
  request["filters"] = filters_of(connection, principal, options, input);
  request["patients"] = patients_of(connection, principal, input, call.type);
  for (const std::string& element : listed(input, "_elements")) request["elements"].push_back(element);
  if (call.type == "Group") request["group"] = require_readable(connection, principal, "Group", call.id).key;
  return request;
}

Json export_start() {
  return Json::object({{"type", 0}, {"after", 0}, {"files", 0}, {"count", 0}});
}

std::vector<BulkFile> export_piece(storage::Connection& connection, BulkJob& job,
                                   const RecordOptions& options) {
  const Json::Array& types = job.request.find("types")->items();
  auto type = static_cast<std::size_t>(job.progress.get("type").as_int());
  std::int64_t after = job.progress.get("after").as_int();
  for (; type < types.size(); ++type, after = 0) {
    const std::vector<std::int64_t> keys = keys_of(connection, job, options, types[type].as_string(), after);
    if (keys.empty()) continue;
    BulkFile file{
        static_cast<int>(job.progress.get("files").as_int()) + 1, "output", types[type].as_string(), {}, 0};
    const Subset subset = subset_for(job, types[type].as_string());
    for (const std::int64_t key : keys) {
      if (file.text.size() >= kMostBytes) break;
      file.text += subset_of(find_by_key(connection, key)->version.body, subset) + "\n";
      ++file.count;
      for (const std::string& patient : patients_of_stored(connection, key)) ++file.patients[patient];
      after = key;
    }
    job.progress = Json::object({{"type", static_cast<std::int64_t>(type)},
                                 {"after", after},
                                 {"files", std::int64_t{file.number}},
                                 {"count", job.progress.get("count").as_int() + file.count}});
    return {std::move(file)};
  }
  job.state = BulkJob::State::done;
  return {};
}

}  // namespace meridian::record
