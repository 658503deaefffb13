#include <cstdio>
#include <map>
#include <set>

#include "app/commands/commands.h"
#include "app/core.h"
#include "app/files_below.h"
#include "app/progress.h"
#include "archive/slide/slide_file.h"
#include "archive/waveform/file_source.h"
#include "archive/waveform/format.h"
#include "archive/waveform/wfdb.h"
#include "base/error.h"
#include "base/file.h"
#include "base/log.h"

namespace meridian::app {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLargestFile = std::size_t(2) << 30;

struct Tally {
  int taken = 0, here_already = 0, resources = 0, skipped = 0;
  std::vector<std::string> flaws, failures;
};

// What people marked in a WFDB record; it is no recording of its own.
bool is_annotation(const fs::path& file) {
  return file.extension() == ".atr" || file.extension() == ".qrs";
}

// The files of one recording, film or bundle; those of a WFDB record or a CSV with its JSON together.
using Group = std::vector<fs::path>;

// Files that others in their folder name: signals and segments of WFDB records, descriptions of tables.
Group parts_of(const fs::path& file) {
  Group parts;
  const fs::path sidecar = fs::path(file).replace_extension(".json");
  if (archive::needs_csv_sidecar(file) && fs::exists(sidecar)) parts.push_back(sidecar);
  if (file.extension() != ".hea") return parts;
  try {
    const auto source = archive::files_of_folder(file.parent_path());
    for (const std::string& name : archive::wfdb_file_names(source, file.stem().string()))
      if (name != file.filename()) parts.push_back(file.parent_path() / name);
  } catch (const Error&) {
    return {};  // the import of the header says what is wrong
  }
  return parts;
}

std::vector<Group> groups_below(const fs::path& folder) {
  std::map<fs::path, Group> groups;
  if (!fs::is_directory(folder)) {
    Group group{folder};
    const Group others = parts_of(folder);
    group.insert(group.end(), others.begin(), others.end());
    return {group};
  }
  for (const fs::path& file : files_below(folder))
    if (!file.filename().string().starts_with('.')) groups.emplace(file, Group{file});
  std::set<fs::path> parts;
  for (auto& [file, group] : groups) {
    const Group others = parts_of(file);
    group.insert(group.end(), others.begin(), others.end());
    parts.insert(others.begin(), others.end());
  }
  std::vector<Group> whole;
  for (auto& [file, group] : groups)
    if (!parts.contains(file) && !is_annotation(file)) whole.push_back(std::move(group));
  return whole;
}

std::vector<archive::NamedBytes> bytes_of(const Group& group) {
  std::vector<archive::NamedBytes> files{
      {group.front().filename().string(), read_file(group.front(), kLargestFile)}};
  const auto beside = archive::files_of_folder(group.front().parent_path());
  for (auto part = group.begin() + 1; part != group.end(); ++part)
    files.push_back({part->filename().string(), beside(part->filename().string())});
  return files;
}

void import_resources(Core& core, const trust::Principal& principal, const fs::path& file, Tally& tally) {
  const Json resource = Json::parse(read_file(file, kLargestFile), {.bytes = kLargestFile});
  if (resource.text("resourceType") == "Bundle")
    tally.resources += static_cast<int>(core.record.execute(principal, resource).get("entry").size());
  else
    core.record.update(principal, resource), ++tally.resources;
}

// A slide is converted from where it lies, however large it is.
std::vector<care::Taken> take_in(Core& core, const care::Origin& origin, const Group& group) {
  const fs::path& file = group.front();
  if (!archive::may_be_slide(file)) return core.care.intake.receive_files(bytes_of(group), origin);
  Progress progress("Converting " + file.filename().string(), "tiles");
  auto taken =
      core.care.intake.receive_slide(file, file.filename().string(), origin,
                                     [&](std::int64_t done, std::int64_t of) { progress.show(done, of); });
  progress.end();
  return taken;
}

void import_group(Core& core, const care::Origin& origin, const Group& group, Tally& tally) {
  if (group.front().extension() == ".json")
    return import_resources(core, origin.principal, group.front(), tally);
  for (const care::Taken& taken : take_in(core, origin, group)) {
    ++(taken.duplicate ? tally.here_already : tally.taken);
    for (const std::string& flaw : taken.flaws) tally.flaws.push_back(group.front().string() + ": " + flaw);
  }
}

void import_or_note(Core& core, const care::Origin& origin, const Group& group, Tally& tally) {
  try {
    import_group(core, origin, group, tally);
  } catch (const Error& error) {
    if (error.code() == ErrorCode::unsupported_media_type)
      ++tally.skipped;
    else
      tally.failures.push_back(group.front().string() + ": " + error.describe());
  }
}

void print(const Tally& tally) {
  std::printf(
      "%d recordings and films taken in, %d were here already, %d FHIR resources, %d files of other kinds "
      "skipped\n",
      tally.taken, tally.here_already, tally.resources, tally.skipped);
  for (const std::string& flaw : tally.flaws) std::printf("  note: %s\n", flaw.c_str());
  for (const std::string& failure : tally.failures) std::printf("  not imported: %s\n", failure.c_str());
}

}  // namespace

void import(const Configuration& configuration, const ImportOptions& options) {
  Core core(configuration, "/fhir");
  const care::Origin origin{trust::Principal::system(), "import",
                            options.organization,       options.case_id,
                            options.modality,           options.body_part};
  const std::vector<Group> groups = groups_below(options.folder);
  Progress progress("Importing", "files");
  Tally tally;
  std::int64_t done = 0;
  for (const Group& group : groups) {
    import_or_note(core, origin, group, tally);
    progress.show(++done, static_cast<std::int64_t>(groups.size()));
  }
  core.care.study_updates.run_all();
  progress.end();
  print(tally);
  if (!tally.failures.empty())
    throw Error(ErrorCode::invalid_value,
                std::to_string(tally.failures.size()) + " files could not be imported");
}

}  // namespace meridian::app
