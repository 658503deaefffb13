#include "app/bench/synthea_copies.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cctype>
#include <charconv>

#include "app/bench/record_under_test.h"
#include "app/data/unpack.h"
#include "base/error.h"
#include "base/file.h"

namespace meridian::app {
namespace {

constexpr std::size_t kUuidLength = 36, kFirstDash = 8;

bool is_uuid(std::string_view text) {
  for (std::size_t i = 0; i < kUuidLength; ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash ? text[i] != '-' : !std::isxdigit(static_cast<unsigned char>(text[i]))) return false;
  }
  return true;
}

// Spreads the copies over all UUIDs, as new ones would be (Knuth's multiplicative hash).
void change_uuid(char* uuid, std::uint32_t number) {
  std::uint32_t first = 0;
  std::from_chars(uuid, uuid + kFirstDash, first, 16);
  fmt::format_to(uuid, "{:08x}", first ^ (number * 2'654'435'761u));
}

}  // namespace

std::vector<std::filesystem::path> synthea_bundles(const std::filesystem::path& data) {
  const auto archive = data / "fhir" / "synthea_bundles.tar.zst";
  if (!std::filesystem::exists(archive))
    throw Error(ErrorCode::unavailable, "Synthea's bundles are missing", archive.string(),
                "Give the data's folder with --data");
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(unpacked(archive)))
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

std::string copy_of_bundle(std::string text, std::uint32_t number) {
  if (number == 0) return text;
  for (auto dash = text.find('-', kFirstDash); dash != std::string::npos; dash = text.find('-', dash + 1)) {
    const std::size_t start = dash - kFirstDash;
    if (start + kUuidLength > text.size() || !is_uuid(std::string_view(text).substr(start, kUuidLength)))
      continue;
    change_uuid(text.data() + start, number);
    dash = start + kUuidLength - 1;
  }
  return text;
}

std::int64_t import_copies(record::Record& record, const std::vector<std::filesystem::path>& files,
                           std::int64_t entries, unsigned clients) {
  std::atomic<std::size_t> next = 0;
  std::atomic<std::int64_t> written = 0;
  run_on_threads(clients, [&](unsigned) {
    for (std::size_t i = next++; entries == 0 ? i < files.size() : written < entries; i = next++) {
      const std::string text =
          copy_of_bundle(read_file(files[i % files.size()]), static_cast<std::uint32_t>(i / files.size()));
      const Json answer = record.execute(trust::Principal::system(), Json::parse(text));
      written += static_cast<std::int64_t>(answer.get("entry").size());
    }
  });
  return written;
}

}  // namespace meridian::app
