#include "record/bulk/import_piece.h"

#include "base/error.h"
#include "record/store/prepared.h"
#include "record/store/visibility.h"
#include "record/validation/validator.h"

namespace meridian::record {
namespace {

constexpr std::int64_t kMostLines = 500;

struct Line {
  std::int64_t number;  // within the file
  std::string text;
};

std::vector<Line> lines_of(const std::string& text) {
  std::vector<Line> lines;
  std::int64_t number = 0;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    std::string line = text.substr(begin, end - begin);
    if (line.ends_with('\r')) line.pop_back();
    ++number;
    if (!line.empty()) lines.push_back({number, std::move(line)});
    begin = end + 1;
  }
  return lines;
}

std::string outcome(const Error& error, std::int64_t line) {
  return operation_outcome({{Issue::Severity::error, std::string(traits(error.code()).fhir_issue),
                             "Line " + std::to_string(line) + ": " + error.what(), error.where()}})
      .dump();
}

// Throws forbidden where the principal may not write the type.
Json resource_of(const Line& line, const trust::Principal& principal) {
  Json resource = Json::parse(line.text);
  require_role(principal, trust::Act::write, type_of(resource));
  if (resource.text("id").empty())
    throw Error(ErrorCode::invalid_structure, "A resource that is imported needs an id", "id");
  return resource;
}

// All together, or false when any was refused: then nothing was written.
bool write_together(Record& record, const BulkJob& job, const std::vector<Line>& lines) {
  try {
    record.write(job.principal, [&](Writer& writer) {
      for (const Line& line : lines) writer.update(resource_of(line, job.principal));
    });
    return true;
  } catch (const Error& error) {
    if (traits(error.code()).http_status >= 500) throw;
    return false;
  }
}

}  // namespace

std::vector<BulkFile> import_files(const std::string& ndjson) {
  std::vector<BulkFile> files;
  for (const Line& line : lines_of(ndjson)) {
    if (files.empty() || files.back().count == kMostLines)
      files.push_back({static_cast<int>(files.size()) + 1, "input", "", "", 0});
    files.back().text += line.text + "\n";
    ++files.back().count;
  }
  if (files.empty())
    throw Error(ErrorCode::invalid_request, "There is nothing to import", {}, "Send a resource a line");
  return files;
}

Json import_start(std::size_t files) {
  return Json::object({{"next", 1}, {"files", static_cast<std::int64_t>(files)}, {"count", 0}});
}

std::vector<BulkFile> import_piece(storage::Database& database, Record& record, BulkJob& job) {
  const std::int64_t next = job.progress.get("next").as_int(), files = job.progress.get("files").as_int();
  std::optional<BulkFile> input = database.read(
      [&](storage::Connection& connection) { return find_file(connection, job.id, static_cast<int>(next)); });
  if (!input) throw Error(ErrorCode::corrupted, "A file of the import is lost");
  const std::vector<Line> lines = lines_of(input->text);
  BulkFile refused{static_cast<int>(files + next), "error", "OperationOutcome", {}, 0};
  if (!write_together(record, job, lines))
    for (const Line& line : lines) {
      try {
        record.update(job.principal, resource_of(line, job.principal));
      } catch (const Error& error) {
        if (traits(error.code()).http_status >= 500) throw;
        refused.text += outcome(error, (next - 1) * kMostLines + line.number) + "\n";
        ++refused.count;
      }
    }
  const std::int64_t written = static_cast<std::int64_t>(lines.size()) - refused.count;
  job.progress["count"] = job.progress.get("count").as_int() + written;
  job.progress["next"] = next + 1;
  if (next == files) job.state = BulkJob::State::done;
  std::vector<BulkFile> result{std::move(*input)};
  if (refused.count > 0) result.push_back(std::move(refused));
  return result;
}

}  // namespace meridian::record
