#include "app/bench/twelve_lead_bench.h"

#include <algorithm>
#include <fstream>

#include "app/bench/diagnosis_reference.h"
#include "app/bench/ecg_analysis.h"
#include "app/bench/exchanged_electrodes.h"
#include "app/bench/resampling.h"
#include "app/data/unpack.h"
#include "archive/waveform/reader.h"
#include "assistants/ecg/judgement.h"
#include "base/file.h"
#include "base/resource.h"
#include "signal/twelve_lead_features.h"

namespace meridian::app {
namespace {

namespace fs = std::filesystem;

struct Judged {
  Superclasses truth;
  std::vector<double> probabilities;
  Superclasses by_criteria{};  // whose statements hold, whoever the person is
  bool paced = false, spikes = false, paced_beats = false;
  bool flutter = false, says_flutter = false;
  bool blocked = false, says_block = false;
  bool electrolytes = false, says_electrolytes = false;
};

// LUDB taught the P wave model, so that each of its records is measured with the model of its fold.
std::vector<assistants::ecg::Models> models_by_fold() {
  constexpr const char* kFile = "ecg_p_waves.json";
  std::vector<assistants::ecg::Models> models;
  const Json json = assistants::ecg::ForestModel::read(kFile);
  for (const Json& fold : json.get("folds").items()) {
    models.push_back(assistants::ecg::Models::load());
    models.back().p_waves =
        assistants::ecg::LogisticModel::parse(fold, signal::p_wave_feature_names(), kFile);
  }
  return models;
}

struct Scores {
  std::vector<double> with, without;
};

Scores scores_of(const std::vector<Judged>& ecgs, const std::vector<std::size_t>& chosen, std::size_t k) {
  Scores scores;
  for (const std::size_t place : chosen)
    (ecgs[place].truth[k] ? scores.with : scores.without).push_back(ecgs[place].probabilities[k]);
  return scores;
}

double auc(const Scores& scores) {
  if (scores.with.empty() || scores.without.empty()) return 0.5;
  return vision::roc_auc(scores.with, scores.without).value;
}

void add_figures(const std::vector<Judged>& ecgs, Figures& figures) {
  std::vector<std::size_t> all(ecgs.size());
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = i;
  for (std::size_t k = 0; k < kSuperclasses.size(); ++k) {
    const Scores scores = scores_of(ecgs, all, k);
    const std::string name = kSuperclasses[k];
    figures.add_measured(name + ", AUC", vision::roc_auc(scores.with, scores.without), ecgs.size());
    figures.add(name + ", calibration error", vision::calibration_error(scores.with, scores.without), "1", 3);
  }
  const auto mean = bootstrap(ecgs.size(), [&](const auto& chosen) {
    double sum = 0;
    for (std::size_t k = 0; k < kSuperclasses.size(); ++k) sum += auc(scores_of(ecgs, chosen, k));
    return sum / static_cast<double>(kSuperclasses.size());
  });
  figures.add_measured("12-lead diagnosis, mean AUC of five classes", mean, ecgs.size());
}

// Of the classes that have measured criteria.
void add_criteria(const std::vector<Judged>& ecgs, Figures& figures) {
  for (std::size_t k = 1; k < kSuperclasses.size(); ++k) {
    int with = 0, without = 0, found = 0, left_out = 0;
    for (const Judged& ecg : ecgs) {
      (ecg.truth[k] ? with : without) += 1;
      found += ecg.truth[k] && ecg.by_criteria[k];
      left_out += !ecg.truth[k] && !ecg.by_criteria[k];
    }
    const std::string name = std::string("criteria of ") + kSuperclasses[k];
    if (with > 0) figures.add_measured(name + ", sensitivity", vision::proportion(found, with), ecgs.size());
    figures.add_measured(name + ", specificity", vision::proportion(left_out, without), ecgs.size());
  }
}

// What is there or not, and what was said of it.
void add_sign(const std::string& name, const std::vector<Judged>& ecgs, bool Judged::*truth,
              bool Judged::*said, Figures& figures) {
  int with = 0, without = 0, found = 0, left_out = 0;
  for (const Judged& ecg : ecgs) {
    (ecg.*truth ? with : without) += 1;
    found += ecg.*truth && ecg.*said;
    left_out += !(ecg.*truth) && !(ecg.*said);
  }
  const int positives = found + without - left_out;
  if (with > 0)
    figures.add_measured(name + ", sensitivity", vision::proportion(found, with),
                         static_cast<std::size_t>(with));
  figures.add_measured(name + ", specificity", vision::proportion(left_out, without),
                       static_cast<std::size_t>(without));
  if (positives > 0)
    figures.add_measured(name + ", positive predictivity", vision::proportion(found, positives),
                         static_cast<std::size_t>(positives));
}

void add_signs(const std::vector<Judged>& ecgs, Figures& figures) {
  add_sign("pacing spikes", ecgs, &Judged::paced, &Judged::spikes, figures);
  add_sign("paced beats (class Q)", ecgs, &Judged::paced, &Judged::paced_beats, figures);
  add_sign("atrial flutter", ecgs, &Judged::flutter, &Judged::says_flutter, figures);
  add_sign("AV block of second or third degree", ecgs, &Judged::blocked, &Judged::says_block, figures);
  add_sign("electrolyte hints (truth: PTB-XL's EL)", ecgs, &Judged::electrolytes, &Judged::says_electrolytes,
           figures);
}

bool says_electrolytes(const assistants::ecg::Analysis& analysis,
                       const assistants::ecg::CriteriaTable& criteria) {
  const auto found = assistants::ecg::statements_of(analysis, criteria, {});
  return std::any_of(found.begin(), found.end(), [](const auto& statement) {
    return statement.statement->id.ends_with("kalaemia") || statement.statement->id.ends_with("calcaemia");
  });
}

Superclasses classes_by_criteria(const assistants::ecg::Analysis& analysis,
                                 const assistants::ecg::CriteriaTable& criteria) {
  Superclasses classes{};
  for (const auto& found : assistants::ecg::statements_of(analysis, criteria, {}))
    for (std::size_t k = 0; k < kSuperclasses.size(); ++k)
      if (found.statement->superclass == kSuperclasses[k]) classes[k] = true;
  return classes;
}

std::ofstream feature_table(const fs::path& folder) {
  if (folder.empty()) return {};
  std::ofstream table(folder / "twelve_leads.csv");
  table << "record,fold";
  for (const char* name : kSuperclasses) table << ',' << name;
  for (const std::string& name : signal::twelve_lead_feature_names()) table << ',' << name;
  table << '\n';
  return table;
}

void write_row(std::ofstream& table, const DiagnosedEcg& ecg, const std::vector<double>& values) {
  if (!table.is_open()) return;
  table << ecg.name << ',' << ecg.patient % kFolds;
  for (const bool label : ecg.classes) table << ',' << label;
  for (const double value : values) table << ',' << value;
  table << '\n';
}

}  // namespace

void bench_twelve_leads(const BenchOptions& options, Figures& figures) {
  const fs::path tables = options.data / "ecg";
  const fs::path ptb_xl = tables / "ptbxl500.tar.xz", ludb = tables / "ludb.tar.xz";
  if (!fs::exists(ptb_xl) || !fs::exists(ludb)) return;
  auto ecgs = ptb_xl_ecgs(unpacked(ptb_xl), tables);
  const auto more = ludb_ecgs(unpacked(ludb));
  const std::size_t first_of_ludb = ecgs.size();
  ecgs.insert(ecgs.end(), more.begin(), more.end());
  const auto all_models = assistants::ecg::Models::load();
  const auto models = models_by_fold();
  const auto folds = fold_models(assistants::ecg::kTwelveLeadFolds, signal::twelve_lead_feature_names());
  std::ofstream table = feature_table(options.features);
  std::vector<Judged> judged;
  std::size_t refused = 0;
  ExchangedElectrodes electrodes;
  for (std::size_t i = 0; i < ecgs.size(); ++i) {
    const std::size_t fold = ecgs[i].patient % kFolds;
    const signal::Recording recording = archive::read_recording(ecgs[i].header);
    const assistants::ecg::Models& own = i < first_of_ludb ? all_models : models.at(fold);
    const auto analysis = analysed(recording, own);
    electrodes.add(recording, own);
    const auto values = analysis ? assistants::ecg::twelve_lead_values(*analysis) : std::vector<double>{};
    if (values.empty()) {
      ++refused;
      continue;
    }
    judged.push_back({ecgs[i].classes, folds.at(fold).probabilities(values),
                      classes_by_criteria(*analysis, all_models.criteria), ecgs[i].paced,
                      !analysis->pacing_spikes.empty(), analysis->paced > 0, ecgs[i].flutter,
                      analysis->flutter.has_value(), ecgs[i].complete_block && !ecgs[i].paced,
                      analysis->conduction.has_value(), ecgs[i].electrolytes,
                      says_electrolytes(*analysis, all_models.criteria)});
    write_row(table, ecgs[i], values);
  }
  figures.add("12-lead ECGs not judged (PTB-XL and LUDB)", static_cast<double>(refused), "{records}");
  add_figures(judged, figures);
  add_criteria(judged, figures);
  add_signs(judged, figures);
  electrodes.report(figures);
}

}  // namespace meridian::app
