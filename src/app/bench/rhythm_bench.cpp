#include "app/bench/rhythm_bench.h"

#include <fstream>

#include "app/bench/ecg_analysis.h"
#include "app/bench/ecg_reference.h"
#include "app/bench/resampling.h"
#include "app/data/unpack.h"
#include "archive/waveform/reader.h"
#include "assistants/ecg/judgement.h"
#include "assistants/ecg/rhythm_features.h"

namespace meridian::app {
namespace {

namespace fs = std::filesystem;

struct NamedRhythm {
  char truth, said;
};

double f1(const std::vector<NamedRhythm>& records, const std::vector<std::size_t>& chosen, char name) {
  double both = 0, either = 0;
  for (const std::size_t place : chosen) {
    const NamedRhythm& record = records[place];
    both += record.truth == name && record.said == name ? 2 : 0;
    either += (record.truth == name) + (record.said == name);
  }
  return either > 0 ? both / either : 0;
}

void add_figures(const std::vector<NamedRhythm>& records, Figures& figures) {
  for (const char name : {'N', 'A', 'O'}) {
    const auto score =
        bootstrap(records.size(), [&](const auto& chosen) { return f1(records, chosen, name); });
    figures.add_measured(std::string("rhythm ") + name + ", F1", score, records.size());
  }
  const auto mean = bootstrap(records.size(), [&](const auto& chosen) {
    return (f1(records, chosen, 'N') + f1(records, chosen, 'A') + f1(records, chosen, 'O')) / 3;
  });
  figures.add_measured("rhythm, mean F1 of N, A and O", mean, records.size());
}

std::ofstream rhythm_table(const fs::path& folder) {
  if (folder.empty()) return {};
  std::ofstream table(folder / "cinc2017_rhythm.csv");
  table << "record,fold,label";
  for (const std::string_view name : assistants::ecg::rhythm_feature_names()) table << ',' << name;
  table << '\n';
  return table;
}

}  // namespace

std::map<std::string, std::string> rhythm_labels(const fs::path& table) {
  std::map<std::string, std::string> labels;
  std::ifstream file(table);
  for (std::string line; std::getline(file, line);) {
    const auto comma = line.find(',');
    if (comma != std::string::npos) labels[line.substr(0, comma)] = line.substr(comma + 1, 1);
  }
  return labels;
}

void bench_rhythm(const BenchOptions& options, Figures& figures) {
  const fs::path archive = options.data / "ecg" / "cinc2017.tar.xz";
  if (!fs::exists(archive)) return;
  const auto labels = rhythm_labels(options.data / "ecg" / "cinc2017_REFERENCE-v3.csv");
  const auto models = assistants::ecg::Models::load();
  const auto folds = fold_models(assistants::ecg::kRhythmFolds, assistants::ecg::rhythm_feature_names());
  std::ofstream table = rhythm_table(options.features);
  std::vector<NamedRhythm> records;
  for (const fs::path& header : headers_in(unpacked(archive))) {
    const std::string record = header.stem().string();
    const std::size_t fold = std::stoul(record.substr(1)) % kFolds;
    const std::string& label = labels.at(record);
    const auto analysis = analysed(archive::read_recording(header), models);
    const auto values = analysis ? assistants::ecg::rhythm_features(*analysis) : std::vector<double>{};
    NamedRhythm named{label.front(), '~'};
    if (!values.empty()) {
      const auto& model = folds.at(fold);
      named.said =
          model.outputs()[assistants::ecg::chosen_class(model.probabilities(values), model.thresholds())]
              .front();
    }
    records.push_back(named);
    if (!table.is_open() || values.empty()) continue;
    table << record << ',' << fold << ',' << label;
    for (const double value : values) table << ',' << value;
    table << '\n';
  }
  add_figures(records, figures);
}

}  // namespace meridian::app
