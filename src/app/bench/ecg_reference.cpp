#include "app/bench/ecg_reference.h"

#include <algorithm>
#include <set>
#include <string_view>

#include "archive/waveform/wfdb_annotation.h"
#include "base/file.h"

namespace meridian::app {
namespace {

namespace fs = std::filesystem;

// EC57 table 2, with PhysioNet's symbols; 0 for what is no beat.
char aami_class(const std::string& symbol) {
  constexpr std::pair<char, std::string_view> kClasses[] = {
      {'N', "NLRBejn"}, {'S', "AaJS"}, {'V', "VEr"}, {'F', "F"}, {'Q', "/fQ?"}};
  if (symbol.size() != 1) return 0;
  for (const auto& [name, symbols] : kClasses)
    if (symbols.find(symbol[0]) != std::string_view::npos) return name;
  return 0;
}

}  // namespace

ReferenceBeats reference_beats(fs::path header, std::int64_t length) {
  ReferenceBeats reference;
  for (const auto& annotation : archive::read_wfdb_annotations(read_file(header.replace_extension(".atr")))) {
    if (const char name = aami_class(annotation.symbol)) {
      reference.samples.push_back(annotation.sample);
      reference.classes.push_back(name);
    }
    if (annotation.symbol == "[") reference.flutter.push_back({annotation.sample, length});
    if (annotation.symbol == "]" && !reference.flutter.empty())
      reference.flutter.back().to = annotation.sample;
  }
  return reference;
}

std::vector<fs::path> headers_in(const fs::path& folder) {
  std::vector<fs::path> headers;
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.path().extension() == ".hea") headers.push_back(entry.path());
  std::sort(headers.begin(), headers.end());
  return headers;
}

MitBihPart mit_bih_part(const std::string& record) {
  static const std::set<std::string> kPaced{"102", "104", "107", "217"};
  static const std::set<std::string> kTrain{"101", "106", "108", "109", "112", "114", "115", "116",
                                            "118", "119", "122", "124", "201", "203", "205", "207",
                                            "208", "209", "215", "220", "223", "230"};
  if (kPaced.contains(record)) return MitBihPart::paced;
  return kTrain.contains(record) ? MitBihPart::train : MitBihPart::test;
}

}  // namespace meridian::app
