#include "record/bulk/export_piece.h"

#include <algorithm>
#include <array>

#include "base/error.h"
#include "record/definitions/definitions.h"
#include "record/operations/input.h"
#include "record/query/search_request.h"
#include "record/query/search_value.h"
#include "record/store/group_members.h"
#include "record/store/visibility.h"

namespace meridian::record {
namespace {

constexpr std::size_t kMostBytes = 8u << 20;  // of a file, but for its last resource
constexpr std::int64_t kMostResources = 5000;
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

// Those that belong to the patients who are meant.
Sql of_level(const BulkJob& job) {
  const std::string level = job.request.text("level");
  if (level == "Patient") return {"EXISTS (SELECT 1 FROM resource_patient q WHERE q.resource = r.key)", {}};
  if (level != "Group") return {"TRUE", {}};
  return of_members(job.request.get("group").as_int());
}

std::vector<std::int64_t> keys_of(storage::Connection& connection, const BulkJob& job,
                                  const std::string& type, std::int64_t after) {
  Sql sql{
      "SELECT r.key FROM resource r WHERE r.type = ? AND r.deleted = 0 AND r.key > ? AND r.updated <= ? AND ",
      {type, after, to_micros(job.started)}};
  sql.add(visible_to(job.principal)).add(" AND ").add(of_level(job));
  if (const Json* since = job.request.find("since")) sql.add(" AND r.updated >= ?", {since->as_int()});
  sql.add(" ORDER BY r.key LIMIT ?", {kMostResources});
  std::vector<std::int64_t> keys;
  sql.run(connection, [&](const storage::Row& row) { keys.push_back(row.integer(0)); });
  return keys;
}

}  // namespace

Json export_request(storage::Connection& connection, const trust::Principal& principal,
                    const OperationCall& call) {
  const OperationInput input(call, {"_since", "_type", "_outputFormat"}, {},
                             {"_typeFilter", "_elements", "patient", "includeAssociatedData"});
  const std::string format = input.text("_outputFormat");
  if (!format.empty() && std::ranges::find(kFormats, format) == kFormats.end())
    throw Error(ErrorCode::invalid_value, "Only NDJSON is written", "_outputFormat",
                "Ask for application/fhir+ndjson");
  Json request = Json::object({{"level", call.type}, {"types", types_of(input, principal)}});
  if (const std::string since = input.text("_since"); !since.empty())
    request["since"] = parse_date_interval(since).low;
  if (call.type == "Group") request["group"] = require_readable(connection, principal, "Group", call.id).key;
  return request;
}

Json export_start() {
  return Json::object({{"type", 0}, {"after", 0}, {"files", 0}, {"count", 0}});
}

std::vector<BulkFile> export_piece(storage::Connection& connection, BulkJob& job) {
  const Json::Array& types = job.request.find("types")->items();
  auto type = static_cast<std::size_t>(job.progress.get("type").as_int());
  std::int64_t after = job.progress.get("after").as_int();
  for (; type < types.size(); ++type, after = 0) {
    const std::vector<std::int64_t> keys = keys_of(connection, job, types[type].as_string(), after);
    if (keys.empty()) continue;
    BulkFile file{
        static_cast<int>(job.progress.get("files").as_int()) + 1, "output", types[type].as_string(), {}, 0};
    for (const std::int64_t key : keys) {
      if (file.text.size() >= kMostBytes) break;
      file.text += find_by_key(connection, key)->version.body + "\n";
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
