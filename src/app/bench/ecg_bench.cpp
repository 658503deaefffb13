#include "app/bench/ecg_bench.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <map>
#include <random>

#include "app/bench/figures.h"
#include "app/data/unpack.h"
#include "archive/waveform/reader.h"
#include "archive/waveform/wfdb_annotation.h"
#include "assistants/ecg/assistant.h"
#include "base/error.h"
#include "base/file.h"
#include "signal/atrial_fibrillation.h"
#include "signal/beat_matching.h"
#include "signal/qrs_detector.h"

namespace meridian::app {
namespace {

namespace fs = std::filesystem;

constexpr double kWindowSeconds = 0.15;  // EC57
constexpr int kTestEvery = 5;            // of the record numbers of CinC 2017
constexpr const char* kFibrillation = "http://hl7.org/fhir/sid/icd-10|I48.9";

std::vector<fs::path> headers_in(const fs::path& folder) {
  std::vector<fs::path> headers;
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.path().extension() == ".hea") headers.push_back(entry.path());
  std::sort(headers.begin(), headers.end());
  return headers;
}

struct Reference {
  std::vector<std::int64_t> beats;
  std::vector<signal::SampleRange> flutter;
};

Reference reference_of(fs::path header, std::int64_t length) {
  constexpr std::string_view kBeatSymbols = "NLRBAaJSVrFejnE/fQ?";
  Reference reference;
  for (const auto& annotation : archive::read_wfdb_annotations(read_file(header.replace_extension(".atr")))) {
    if (annotation.symbol.size() == 1 && kBeatSymbols.find(annotation.symbol[0]) != std::string_view::npos)
      reference.beats.push_back(annotation.sample);
    if (annotation.symbol == "[") reference.flutter.push_back({annotation.sample, length});
    if (annotation.symbol == "]" && !reference.flutter.empty())
      reference.flutter.back().to = annotation.sample;
  }
  return reference;
}

std::vector<std::int64_t> beats_of(const engine::Reading& reading) {
  std::vector<std::int64_t> beats;
  for (const engine::Finding& finding : reading.findings)
    if (const Json* found = finding.evidence.find("beats"))
      for (const Json& beat : found->items()) beats.push_back(beat.get("sample").as_int());
  return beats;
}

double percent(double part) {
  return 100 * part;
}

void bench_qrs(const fs::path& folder, const engine::Assistant& assistant, const BenchOptions& options,
               Figures& figures) {
  signal::BeatMatches gross;
  double sensitivity = 0, predictivity = 0, slowest = 0, total = 0;
  const auto headers = headers_in(folder);
  if (!options.json)
    std::printf("%-8s %7s %6s %6s %8s %8s %8s\n", "record", "TP", "FN", "FP", "Se %", "PPV %", "s");
  for (const fs::path& header : headers) {
    const auto start = std::chrono::steady_clock::now();
    engine::Input input;
    input.recording = archive::read_recording(header);
    const auto beats = beats_of(assistant.run(input));
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    const auto length = static_cast<std::int64_t>(input.recording->length());
    const Reference reference = reference_of(header, length);
    const auto window = std::llround(kWindowSeconds * input.recording->sampling_frequency);
    const auto matches = signal::match_beats(reference.beats, beats, window, reference.flutter);
    if (!options.json)
      std::printf("%-8s %7zu %6zu %6zu %8.2f %8.2f %8.3f\n", header.stem().c_str(), matches.true_positives,
                  matches.false_negatives, matches.false_positives, percent(matches.sensitivity()),
                  percent(matches.positive_predictive_value()), seconds);
    gross.true_positives += matches.true_positives;
    gross.false_negatives += matches.false_negatives;
    gross.false_positives += matches.false_positives;
    sensitivity += matches.sensitivity();
    predictivity += matches.positive_predictive_value();
    slowest = std::max(slowest, seconds);
    total += seconds;
  }
  const auto count = static_cast<double>(headers.size());
  figures.add("records (mitdb, whole length)", count, "{records}");
  figures.add("beats", static_cast<double>(gross.true_positives + gross.false_negatives), "{beats}");
  figures.add("QRS sensitivity, gross", percent(gross.sensitivity()), "%", 3);
  figures.add("QRS positive predictivity, gross", percent(gross.positive_predictive_value()), "%", 3);
  figures.add("QRS sensitivity, average", percent(sensitivity / count), "%", 3);
  figures.add("QRS positive predictivity, average", percent(predictivity / count), "%", 3);
  figures.add("a 30-minute record read, mean", 1000 * total / count, "ms", 0);
  figures.add("a 30-minute record read, slowest", 1000 * slowest, "ms", 0);
}

std::map<std::string, std::string> read_labels(const fs::path& table) {
  std::map<std::string, std::string> labels;
  std::ifstream file(table);
  for (std::string line; std::getline(file, line);) {
    const auto comma = line.find(',');
    if (comma != std::string::npos) labels[line.substr(0, comma)] = line.substr(comma + 1, 1);
  }
  return labels;
}

struct Judged {
  bool truth, said;
};

double f1(const std::vector<Judged>& records) {
  double both = 0, either = 0;
  for (const Judged& record : records) {
    both += record.truth && record.said ? 2 : 0;
    either += record.truth + record.said;
  }
  return either > 0 ? both / either : 0;
}

// Of 1000 resamples.
std::pair<double, double> f1_interval(const std::vector<Judged>& records) {
  std::mt19937_64 random(2017);
  std::vector<double> scores;
  for (int round = 0; round < 1000; ++round) {
    std::vector<Judged> sample;
    for (std::size_t i = 0; i < records.size(); ++i) sample.push_back(records[random() % records.size()]);
    scores.push_back(f1(sample));
  }
  return {percentile(scores, 0.025), percentile(scores, 0.975)};
}

void write_features(std::ofstream& table, const std::string& record, bool test, const std::string& label,
                    const signal::Recording& recording) {
  const auto features =
      signal::fibrillation_features(signal::detect_qrs(recording), signal::RepeatingActivity(recording));
  if (!features) return;
  table << record << (test ? ",test," : ",train,") << label;
  for (const double value : *features) table << ',' << value;
  table << '\n';
}

bool says_fibrillation(const engine::Assistant& assistant, signal::Recording recording) {
  engine::Input input;
  input.recording = std::move(recording);
  for (const engine::Finding& finding : assistant.run(input).findings)
    if (finding.code.token() == kFibrillation) return finding.positive;
  return false;
}

void bench_fibrillation(const BenchOptions& options, const engine::Assistant& assistant, Figures& figures) {
  const auto labels = read_labels(options.data / "ecg" / "cinc2017_REFERENCE-v3.csv");
  std::ofstream table(options.work / "cinc2017_features.csv");
  table << "record,part,label";
  for (const std::string_view name : signal::fibrillation_feature_names()) table << ',' << name;
  table << '\n';
  std::vector<Judged> judged;
  for (const fs::path& header : headers_in(unpacked(options.data / "ecg" / "cinc2017.tar.xz"))) {
    const std::string record = header.stem().string();
    const bool test = std::stoi(record.substr(1)) % kTestEvery == 0;
    const std::string& label = labels.at(record);
    const signal::Recording recording = archive::read_recording(header);
    write_features(table, record, test, label, recording);
    if (test) judged.push_back({label == "A", says_fibrillation(assistant, recording)});
  }
  const auto interval = f1_interval(judged);
  figures.add("records (CinC 2017, test part)", static_cast<double>(judged.size()), "{records}");
  figures.add("atrial fibrillation F1", f1(judged), "1", 3);
  figures.add("atrial fibrillation F1, 2.5 %", interval.first, "1", 3);
  figures.add("atrial fibrillation F1, 97.5 %", interval.second, "1", 3);
}

}  // namespace

int bench_ecg(const BenchOptions& options) {
  const fs::path archive = options.data / "ecg" / "mitdb.tar.xz";
  if (!fs::exists(archive))
    throw Error(ErrorCode::unavailable, "The ECG bench needs the MIT-BIH arrhythmia database",
                archive.string(), "Name the folder of the data with --data or MERIDIAN_DATA");
  const auto assistant = assistants::ecg::make_assistant();
  Figures figures("ecg");
  bench_qrs(unpacked(archive), *assistant, options, figures);
  bench_fibrillation(options, *assistant, figures);
  figures.print(options.json);
  return 0;
}

}  // namespace meridian::app
