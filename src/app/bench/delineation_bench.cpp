#include "app/bench/delineation_bench.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <fstream>
#include <numeric>
#include <utility>

#include "app/bench/ecg_reference.h"
#include "app/bench/resampling.h"
#include "app/bench/wave_reference.h"
#include "app/data/unpack.h"
#include "archive/waveform/reader.h"
#include "assistants/ecg/waves.h"
#include "base/file.h"
#include "base/resource.h"
#include "signal/qrs_detector.h"

namespace meridian::app {
namespace {

namespace fs = std::filesystem;

constexpr const char* kModel = "ecg_p_waves.json";

using RecordCounts = std::array<WaveCounts, 3>;
using LeadReferences = std::vector<std::vector<ReferenceWave>>;

// LUDB names a lead's file by the lead, in small letters.
LeadReferences references_of(fs::path header, const signal::Recording& recording) {
  LeadReferences references;
  for (const signal::Lead& lead : recording.leads) {
    std::string extension = "." + lead.name;
    std::transform(extension.begin(), extension.end(), extension.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    references.push_back(reference_waves(header.replace_extension(extension)));
  }
  return references;
}

std::vector<assistants::ecg::LogisticModel> fold_models() {
  const Json json = Json::parse(read_file(resource(std::string("models/") + kModel)));
  std::vector<assistants::ecg::LogisticModel> models;
  for (const Json& fold : json.get("folds").items())
    models.push_back(assistants::ecg::LogisticModel::parse(fold, signal::p_wave_feature_names(), kModel));
  return models;
}

// Whether most leads have a P wave there; nothing outside of what people marked.
std::optional<bool> is_p_wave(std::int64_t peak, const LeadReferences& references, std::int64_t window) {
  std::size_t marked = 0, with = 0;
  for (const auto& lead : references) {
    if (lead.empty() || peak < lead.front().peak || peak > lead.back().peak) continue;
    ++marked;
    with += std::any_of(lead.begin(), lead.end(), [&](const ReferenceWave& wave) {
      return wave.kind == 0 && std::abs(wave.peak - peak) <= window;
    });
  }
  if (marked == 0) return std::nullopt;
  return 2 * with > marked;
}

class PWaveTable {
 public:
  explicit PWaveTable(const fs::path& folder) {
    if (folder.empty()) return;
    file_.open(folder / "ludb_p_waves.csv");
    file_ << "record,label";
    for (const std::string_view name : signal::p_wave_feature_names()) file_ << ',' << name;
    file_ << '\n';
  }
  void add(const std::string& record, const signal::Delineation& waves, const LeadReferences& references,
           double frequency) {
    if (!file_.is_open()) return;
    constexpr double kWindowSeconds = 0.15;
    for (std::size_t k = 0; k < waves.global.beats.size(); ++k) {
      const auto& p = waves.global.beats[k].p;
      const auto label =
          p ? is_p_wave(p->peak, references, std::llround(kWindowSeconds * frequency)) : std::nullopt;
      if (!label) continue;
      file_ << record << ',' << *label;
      for (const double value : waves.p_features[k]) file_ << ',' << value;
      file_ << '\n';
    }
  }

 private:
  std::ofstream file_;
};

RecordCounts compare(const signal::Delineation& waves, const LeadReferences& references, double frequency) {
  RecordCounts counts;
  for (std::size_t l = 0; l < references.size(); ++l) {
    const auto lead = compare_waves(references[l], waves.leads[l], frequency);
    for (std::size_t kind = 0; kind < counts.size(); ++kind) counts[kind].add(lead[kind]);
  }
  return counts;
}

double milliseconds_to_read(const engine::Assistant& assistant, const signal::Recording& recording) {
  engine::Input input;
  input.recording = recording;
  const auto start = std::chrono::steady_clock::now();
  assistant.run(input);
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
}

void add_errors(const std::string& what, const std::vector<double>& seconds, Figures& figures) {
  if (seconds.empty()) return;
  const auto count = static_cast<double>(seconds.size());
  const double mean = std::accumulate(seconds.begin(), seconds.end(), 0.0) / count;
  double squares = 0;
  for (const double x : seconds) squares += (x - mean) * (x - mean);
  figures.add(what + ", mean error", 1000 * mean, "ms", 1);
  figures.add(what + ", standard deviation of the error", 1000 * std::sqrt(squares / count), "ms", 1);
}

void add_figures(const std::vector<RecordCounts>& records, Figures& figures) {
  for (std::size_t kind = 0; kind < kWaveNames.size(); ++kind) {
    const std::string name = kWaveNames[kind];
    WaveCounts all;
    for (const RecordCounts& record : records) all.add(record[kind]);
    const auto f1 = bootstrap(records.size(), [&](const std::vector<std::size_t>& chosen) {
      WaveCounts some;
      for (const std::size_t record : chosen) {
        some.found += records[record][kind].found;
        some.missed += records[record][kind].missed;
        some.false_alarms += records[record][kind].false_alarms;
      }
      return some.f1();
    });
    figures.add_measured(name + " found, F1", f1, all.found + all.missed, 4);
    add_errors(name + " onset", all.onset_errors, figures);
    add_errors(name + " peak", all.peak_errors, figures);
    add_errors(name + " end", all.offset_errors, figures);
  }
}

}  // namespace

void bench_delineation(const BenchOptions& options, const engine::Assistant& assistant, Figures& figures) {
  const fs::path archive = options.data / "ecg" / "ludb.tar.xz";
  if (!fs::exists(archive)) return;
  const auto models = fold_models();
  PWaveTable table(options.features);
  std::vector<RecordCounts> records;
  std::vector<double> times;
  for (const fs::path& header : headers_in(unpacked(archive) / "data")) {
    const std::string record = header.stem().string();
    const signal::Recording recording = archive::read_recording(header);
    const LeadReferences references = references_of(header, recording);
    signal::Delineation waves = signal::delineate(recording, signal::detect_qrs(recording));
    table.add(record, waves, references, recording.sampling_frequency);
    const auto fold = static_cast<std::size_t>(std::stoul(record)) % models.size();
    assistants::ecg::judge_p_waves(waves, models[fold]);
    records.push_back(compare(waves, references, recording.sampling_frequency));
    times.push_back(milliseconds_to_read(assistant, recording));
  }
  figures.add("records (LUDB)", static_cast<double>(records.size()), "{records}");
  add_figures(records, figures);
  figures.add("a 10 s 12-lead ECG read, median", percentile(times, 0.5), "ms", 1);
}

}  // namespace meridian::app
