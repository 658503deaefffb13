#include "record/bulk/request_piece.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/error.h"
#include "record/query/query_string.h"
#include "record/terminology/canonical_source.h"

namespace meridian::record {
namespace {

Json kept_parameters(const Parameters& parameters) {
  Json list = Json::array();
  for (const auto& [name, value] : parameters) list.push_back(Json::array({name, value}));
  return list;
}

Parameters parameters_of(const Json& kept) {
  Parameters parameters;
  for (const Json& one : kept.items()) parameters.emplace_back(one.at(0).as_string(), one.at(1).as_string());
  return parameters;
}

BulkFile& file_for(std::vector<BulkFile>& files, int made_before, const char* role, const std::string& type) {
  const auto found = std::ranges::find_if(
      files, [&](const BulkFile& file) { return file.role == role && file.type == type; });
  if (found != files.end()) return *found;
  files.push_back({made_before + static_cast<int>(files.size()) + 1, role, type, {}, 0});
  return files.back();
}

void add_line(BulkFile& file, const std::string& text) {
  file.text += text + "\n";
  ++file.count;
}

// Then the answer is the Bundle's total, and has no resources.
bool asks_for_count(const Parameters& parameters) {
  std::string summary;  // of several, the last is taken
  for (const auto& [name, value] : parameters)
    if (name == "_summary") summary = value;
  return summary == "count";
}

// Empty after the last page.
std::string next_cursor(const Json& bundle) {
  for (const Json& link : items_of(bundle, "link")) {
    if (link.text("relation") != "next") continue;
    const std::string url = link.text("url");
    for (const auto& [name, value] : parse_query(url.substr(url.find('?') + 1)))
      if (name == "_cursor") return value;
  }
  return {};
}

std::vector<BulkFile> whole_answer(BulkJob& job, const Json& answer) {
  std::vector<BulkFile> files;
  add_line(file_for(files, 0, "output", answer.text("resourceType")), answer.dump());
  job.progress["count"] = 1;
  job.state = BulkJob::State::done;
  return files;
}

std::vector<BulkFile> search_piece(Record& record, BulkJob& job) {
  Parameters parameters = parameters_of(job.request.get("parameters"));
  parameters.emplace_back("_count", std::to_string(record.options().largest_page));
  if (const std::string cursor = job.progress.text("cursor"); !cursor.empty())
    parameters.emplace_back("_cursor", cursor);
  const Json bundle = Json::parse(record.search(job.principal, job.request.text("type"), parameters));
  if (asks_for_count(parameters)) return whole_answer(job, bundle);
  const int made_before = static_cast<int>(job.progress.get("files").as_int());
  std::vector<BulkFile> files;
  for (const Json& entry : items_of(bundle, "entry")) {
    const bool outcome = entry.text("search.mode") == "outcome";
    const Json& resource = entry.get("resource");
    add_line(file_for(files, made_before, outcome ? "error" : "output", resource.text("resourceType")),
             resource.dump());
    job.progress["count"] = job.progress.get("count").as_int() + !outcome;
  }
  job.progress["files"] = static_cast<std::int64_t>(made_before + static_cast<int>(files.size()));
  job.progress["cursor"] = next_cursor(bundle);
  if (job.progress.text("cursor").empty()) job.state = BulkJob::State::done;
  return files;
}

std::vector<BulkFile> operation_piece(Record& record, BulkJob& job) {
  const OperationCall call{job.request.text("type"), job.request.text("id"),
                           parameters_of(job.request.get("parameters")), job.request.get("body")};
  return whole_answer(job, Json::parse(record.operate(job.principal, job.request.text("name"), call)));
}

// As Prefer has them (FHIR R4, 3.1.0.1.4).
constexpr std::array<std::pair<Returned, std::string_view>, 3> kReturned{
    {{Returned::minimal, "minimal"},
     {Returned::representation, "representation"},
     {Returned::outcome, "OperationOutcome"}}};

// Of a request that says nothing, minimal: it was kept by a program before.
Returned returned_of(const std::string& name) {
  const auto found = std::ranges::find(kReturned, name, &std::pair<Returned, std::string_view>::second);
  return found == kReturned.end() ? Returned::minimal : found->first;
}

// That it was begun is kept before it is: whether a node that ended meanwhile had written it, nobody knows.
std::vector<BulkFile> execute_piece(Record& record, BulkJob& job, int attempt) {
  if (!job.progress.contains("begun")) {
    job.progress["begun"] = true;
    return {};
  }
  if (attempt > 1)
    throw Error(ErrorCode::refused, "The Bundle was begun and did not come to its end", "Bundle",
                "Look whether its resources are there before you send it again");
  return whole_answer(
      job, record.execute(job.principal, job.request.get("bundle"), returned_of(job.request.text("return"))));
}

}  // namespace

Json search_request(const std::string& type, const Parameters& parameters) {
  Parameters kept;
  for (const auto& parameter : parameters)  // all pages come, in the order of their keys
    if (parameter.first != "_count" && parameter.first != "_cursor") kept.push_back(parameter);
  return Json::object({{"type", type}, {"parameters", kept_parameters(kept)}});
}

Json operation_request(std::string_view name, const OperationCall& call) {
  return Json::object({{"name", name},
                       {"type", call.type},
                       {"id", call.id},
                       {"parameters", kept_parameters(call.query)},
                       {"body", call.body}});
}

Json execution_request(const Json& bundle, Returned returned) {
  const auto found = std::ranges::find(kReturned, returned, &std::pair<Returned, std::string_view>::first);
  return Json::object({{"bundle", bundle}, {"return", found->second}});
}

std::vector<BulkFile> request_piece(Record& record, BulkJob& job, int attempt) {
  if (job.kind == kSearchLater) return search_piece(record, job);
  if (job.kind == kOperateLater) return operation_piece(record, job);
  return execute_piece(record, job, attempt);
}

}  // namespace meridian::record
