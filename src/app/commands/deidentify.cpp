#include <cstdio>

#include "app/commands/commands.h"
#include "app/files_below.h"
#include "app/progress.h"
#include "archive/deidentify/deidentify.h"
#include "archive/parse.h"
#include "archive/slide/slide_frames.h"
#include "base/error.h"
#include "base/file.h"
#include "base/id.h"

namespace meridian::app {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kKeyBytes = 32;
constexpr std::size_t kPart10Prefix = 132;  // preamble and "DICM"

struct Tally {
  int written = 0, skipped = 0, labels = 0;
  std::vector<std::string> failures;
};

// The key in the file, which is made when it is missing; without a file, one that nobody keeps.
std::string key_of(const fs::path& file) {
  if (file.empty()) return random_bytes(kKeyBytes);
  if (fs::exists(file)) return read_file(file);
  std::string key = random_bytes(kKeyBytes);
  write_file(file, key, 0600);
  return key;
}

bool is_dicom(const std::string& bytes) {
  return bytes.size() > kPart10Prefix && bytes.compare(kPart10Prefix - 4, 4, "DICM") == 0;
}

// The names of the files say nothing either: they are the new UIDs.
void export_file(const archive::Deidentifier& deidentifier, const fs::path& file, const fs::path& out,
                 Tally& tally) {
  const std::string bytes = read_file(file, archive::kLargestInstance);
  if (!is_dicom(bytes)) {
    ++tally.skipped;
    return;
  }
  if (archive::shows_slide_label(bytes)) {
    ++tally.labels;
    return;
  }
  const archive::Deidentified made = deidentifier.deidentify(bytes);
  const fs::path folder = out / made.study / made.series;
  fs::create_directories(folder);
  write_file(folder / (made.instance + ".dcm"), made.file);
  ++tally.written;
}

void require_apart(const fs::path& folder, const fs::path& out) {
  const fs::path from = fs::weakly_canonical(folder), to = fs::weakly_canonical(out);
  if (to.string().starts_with(from.string() + "/") || to == from)
    throw Error(ErrorCode::invalid_value, "What is exported cannot lie within what it is made from",
                out.string(), "Name a folder elsewhere");
}

}  // namespace

void deidentify(const DeidentifyCommand& command) {
  require_apart(command.folder, command.out);
  const archive::Deidentifier deidentifier(command.options, archive::Pseudonyms(key_of(command.key)));
  const std::vector<fs::path> files = files_below(command.folder);
  Progress progress("De-identifying", "files");
  Tally tally;
  std::int64_t done = 0;
  for (const fs::path& file : files) {
    try {
      export_file(deidentifier, file, command.out, tally);
    } catch (const Error& error) {
      tally.failures.push_back(file.string() + ": " + error.describe());
    }
    progress.show(++done, static_cast<std::int64_t>(files.size()));
  }
  progress.end();
  std::printf("%d files written to %s, %d files that are not DICOM skipped\n", tally.written,
              command.out.c_str(), tally.skipped);
  if (tally.labels) std::printf("%d pictures of slides' labels left out\n", tally.labels);
  for (const std::string& failure : tally.failures) std::printf("  not written: %s\n", failure.c_str());
  if (!tally.failures.empty())
    throw Error(ErrorCode::refused,
                std::to_string(tally.failures.size()) + " files could not be de-identified");
}

}  // namespace meridian::app
