#include <cstdio>
#include <set>

#include "app/commands/commands.h"
#include "app/core.h"
#include "app/progress.h"
#include "base/error.h"
#include "base/file.h"
#include "base/log.h"

namespace meridian::app {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLargestFile = std::size_t(2) << 30;

struct Tally {
  int taken = 0, here_already = 0, resources = 0, skipped = 0;
  std::vector<std::string> failures;
};

// A WFDB record is named by its header; its signal files come with it.
bool is_signal_file(const fs::path& file) {
  static const std::set<std::string> kWithHeader{".dat", ".atr", ".mat", ".qrs", ".xws"};
  return kWithHeader.contains(file.extension().string());
}

std::vector<fs::path> files_below(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const auto& entry :
       fs::recursive_directory_iterator(folder, fs::directory_options::skip_permission_denied))
    if (entry.is_regular_file() && !entry.path().filename().string().starts_with('.') &&
        !is_signal_file(entry.path()))
      files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

// The header, with every file beside it that bears the record's name.
std::vector<archive::NamedBytes> files_of_record(const fs::path& header) {
  std::vector<archive::NamedBytes> files;
  for (const auto& entry : fs::directory_iterator(header.parent_path()))
    if (entry.is_regular_file() && entry.path().stem() == header.stem())
      files.push_back({entry.path().filename().string(), read_file(entry.path(), kLargestFile)});
  return files;
}

void import_resources(Core& core, const trust::Principal& principal, const fs::path& file, Tally& tally) {
  const Json resource = Json::parse(read_file(file, kLargestFile), {.bytes = kLargestFile});
  if (resource.text("resourceType") == "Bundle")
    tally.resources += static_cast<int>(core.record.execute(principal, resource).get("entry").size());
  else
    core.record.update(principal, resource), ++tally.resources;
}

void import_file(Core& core, const care::Origin& origin, const fs::path& file, Tally& tally) {
  if (file.extension() == ".json") return import_resources(core, origin.principal, file, tally);
  const auto files =
      file.extension() == ".hea"
          ? files_of_record(file)
          : std::vector<archive::NamedBytes>{{file.filename().string(), read_file(file, kLargestFile)}};
  for (const care::Taken& taken : core.care.intake.receive_files(files, origin))
    ++(taken.duplicate ? tally.here_already : tally.taken);
}

void import_or_note(Core& core, const care::Origin& origin, const fs::path& file, Tally& tally) {
  try {
    import_file(core, origin, file, tally);
  } catch (const Error& error) {
    if (error.code() == ErrorCode::unsupported_media_type)
      ++tally.skipped;
    else
      tally.failures.push_back(file.string() + ": " + error.describe());
  }
}

void print(const Tally& tally) {
  std::printf(
      "%d recordings and films taken in, %d were here already, %d FHIR resources, %d files of other kinds "
      "skipped\n",
      tally.taken, tally.here_already, tally.resources, tally.skipped);
  for (const std::string& failure : tally.failures) std::printf("  not imported: %s\n", failure.c_str());
}

}  // namespace

void import(const Configuration& configuration, const ImportOptions& options) {
  Core core(configuration, "/fhir");
  const care::Origin origin{trust::Principal::system(), "import",         options.organization, "",
                            options.modality,           options.body_part};
  const std::vector<fs::path> files = files_below(options.folder);
  Progress progress("Importing", "files");
  Tally tally;
  std::int64_t done = 0;
  for (const fs::path& file : files) {
    import_or_note(core, origin, file, tally);
    progress.show(++done, static_cast<std::int64_t>(files.size()));
  }
  progress.end();
  print(tally);
  if (!tally.failures.empty())
    throw Error(ErrorCode::invalid_value,
                std::to_string(tally.failures.size()) + " files could not be imported");
}

}  // namespace meridian::app
