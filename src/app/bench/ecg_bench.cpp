#include "app/bench/ecg_bench.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <map>

#include "app/bench/beat_confusion.h"
#include "app/bench/delineation_bench.h"
#include "app/bench/ecg_reference.h"
#include "app/bench/figures.h"
#include "app/bench/resampling.h"
#include "app/bench/rhythm_bench.h"
#include "app/bench/stream_bench.h"
#include "app/bench/twelve_lead_bench.h"
#include "app/data/unpack.h"
#include "archive/waveform/reader.h"
#include "assistants/ecg/assistant.h"
#include "base/error.h"
#include "signal/atrial_fibrillation.h"
#include "signal/beat_features.h"
#include "signal/beat_matching.h"
#include "signal/qrs_detector.h"
#include "signal/synthetic_ecg.h"

namespace meridian::app {
namespace {

namespace fs = std::filesystem;

constexpr double kWindowSeconds = 0.15;  // EC57
constexpr int kTestEvery = 5;            // of the record numbers of CinC 2017
constexpr const char* kFibrillation = "http://hl7.org/fhir/sid/icd-10|I48.9";

ClassifiedBeats beats_of(const engine::Reading& reading) {
  ClassifiedBeats beats;
  for (const engine::Finding& finding : reading.findings) {
    const Json* found = finding.evidence.find("beats");
    if (!found) continue;
    for (const Json& beat : found->items()) {
      beats.samples.push_back(beat.get("sample").as_int());
      beats.classes.push_back(beat.text("aami_class", "O").front());
    }
  }
  return beats;
}

// One line a beat of the records for training that both the detector and the annotators know.
void write_beat_features(std::ofstream& table, const std::string& record, const signal::Recording& recording,
                         const ReferenceBeats& reference, const signal::BeatMatches& matches,
                         const ClassifiedBeats& beats) {
  if (beats.samples.size() < signal::BeatSeries::kFewest) return;
  const signal::BeatSeries series(beats.samples, signal::RepeatingActivity(recording));
  const auto features = signal::beat_features(series);
  for (const auto& [truth, said] : matches.pairs) {
    if (!truth || !said) continue;
    table << record << ',' << reference.classes[*truth];
    for (const float value : features[*said]) table << ',' << value;
    table << '\n';
  }
}

// Closed, and so without effect, when no folder is named.
std::ofstream table_in(const fs::path& folder, const char* name) {
  return folder.empty() ? std::ofstream() : std::ofstream(folder / name);
}

std::ofstream beat_feature_table(const fs::path& folder) {
  std::ofstream table = table_in(folder, "mitdb_beat_features.csv");
  table << "record,label";
  for (const std::string_view name : signal::beat_feature_names()) table << ',' << name;
  table << '\n';
  return table;
}

double percent(double part) {
  return 100 * part;
}

void add(const signal::BeatMatches& record, signal::BeatMatches& total) {
  total.true_positives += record.true_positives;
  total.false_negatives += record.false_negatives;
  total.false_positives += record.false_positives;
}

void bench_beats(const fs::path& folder, const engine::Assistant& assistant, const BenchOptions& options,
                 Figures& figures) {
  signal::BeatMatches gross, test;
  BeatConfusion confusion, learnt, paced;
  std::ofstream table = beat_feature_table(options.features);
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
    const ReferenceBeats reference = reference_beats(header, length);
    const std::string record = header.stem().string();
    const MitBihPart part = mit_bih_part(record);
    const auto window = std::llround(kWindowSeconds * input.recording->sampling_frequency);
    const auto matches = signal::match_beats(reference.samples, beats.samples, window, reference.flutter);
    if (part == MitBihPart::test) confusion.add(reference, beats, window);
    if (part == MitBihPart::train) learnt.add(reference, beats, window);
    if (part == MitBihPart::paced) paced.add(reference, beats, window);
    if (table.is_open() && part == MitBihPart::train)
      write_beat_features(table, record, *input.recording, reference, matches, beats);
    if (!options.json)
      std::printf("%-8s %7zu %6zu %6zu %8.2f %8.2f %8.3f\n", record.c_str(), matches.true_positives,
                  matches.false_negatives, matches.false_positives, percent(matches.sensitivity()),
                  percent(matches.positive_predictive_value()), seconds);
    add(matches, gross);
    if (part == MitBihPart::test) add(matches, test);
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
  figures.add("QRS sensitivity, gross, DS2", percent(test.sensitivity()), "%", 3);
  figures.add("QRS positive predictivity, gross, DS2", percent(test.positive_predictive_value()), "%", 3);
  figures.add("QRS sensitivity, average", percent(sensitivity / count), "%", 3);
  figures.add("QRS positive predictivity, average", percent(predictivity / count), "%", 3);
  figures.add("a 30-minute record read, mean", 1000 * total / count, "ms", 0);
  figures.add("a 30-minute record read, slowest", 1000 * slowest, "ms", 0);
  if (!options.json) confusion.print();
  confusion.add_to(figures);
  figures.add("beats S, F1 on DS1, where it was chosen", learnt.f1('S'), "1", 3);
  figures.add("beats Q, sensitivity on the paced records, where it was chosen",
              percent(paced.sensitivity('Q')), "%", 2);
  figures.add("beats Q, positive predictivity on the paced records", percent(paced.predictivity('Q')), "%",
              2);
}

// Ten minutes of a made ECG with extrasystoles, again and again.
signal::Recording day_of_ecg() {
  constexpr std::size_t kLeads = 3, kTimes = 144;
  signal::Recording recording = signal::make_ecg(
      {.seed = 7, .seconds = 600, .sampling_frequency = 250, .premature_part = 0.02, .noise = 0.02});
  recording.leads.resize(kLeads);
  for (signal::Lead& lead : recording.leads) {
    const std::vector<float> once = lead.samples;
    lead.samples.reserve(kTimes * once.size());
    for (std::size_t i = 1; i < kTimes; ++i)
      lead.samples.insert(lead.samples.end(), once.begin(), once.end());
  }
  return recording;
}

void bench_day(const engine::Assistant& assistant, Figures& figures) {
  engine::Input input;
  input.recording = day_of_ecg();
  const auto start = std::chrono::steady_clock::now();
  assistant.run(input);
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
  figures.add("24 hours of 3 leads at 250 Hz read, once", taken.count(), "s", 1);
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

vision::Interval f1_interval(const std::vector<Judged>& records) {
  return bootstrap(records.size(), [&](const std::vector<std::size_t>& chosen) {
    std::vector<Judged> sample;
    sample.reserve(chosen.size());
    for (const std::size_t record : chosen) sample.push_back(records[record]);
    return f1(sample);
  });
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
  const auto labels = rhythm_labels(options.data / "ecg" / "cinc2017_REFERENCE-v3.csv");
  std::ofstream table = table_in(options.features, "cinc2017_features.csv");
  table << "record,part,label";
  for (const std::string_view name : signal::fibrillation_feature_names()) table << ',' << name;
  table << '\n';
  std::vector<Judged> judged;
  for (const fs::path& header : headers_in(unpacked(options.data / "ecg" / "cinc2017.tar.xz"))) {
    const std::string record = header.stem().string();
    const bool test = std::stoi(record.substr(1)) % kTestEvery == 0;
    const std::string& label = labels.at(record);
    const signal::Recording recording = archive::read_recording(header);
    if (table.is_open()) write_features(table, record, test, label, recording);
    if (test) judged.push_back({label == "A", says_fibrillation(assistant, recording)});
  }
  const auto interval = f1_interval(judged);
  figures.add("records (CinC 2017, test part)", static_cast<double>(judged.size()), "{records}");
  figures.add_measured("atrial fibrillation F1", interval, judged.size());
}

}  // namespace

int bench_ecg(const BenchOptions& options) {
  const fs::path archive = options.data / "ecg" / "mitdb.tar.xz";
  if (!fs::exists(archive))
    throw Error(ErrorCode::unavailable, "The ECG bench needs the MIT-BIH arrhythmia database",
                archive.string(), "Name the folder of the data with --data or MERIDIAN_DATA");
  const auto assistant = assistants::ecg::make_assistant();
  Figures figures("ecg");
  bench_beats(unpacked(archive), *assistant, options, figures);
  bench_day(*assistant, figures);
  bench_stream(unpacked(archive), assistant->card().operating_point->threshold, figures);
  bench_fibrillation(options, *assistant, figures);
  bench_rhythm(options, figures);
  bench_delineation(options, *assistant, figures);
  bench_twelve_leads(options, figures);
  figures.print(options.json);
  return 0;
}

}  // namespace meridian::app
