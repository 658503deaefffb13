#include "assistants/ecg/beat_model.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/file.h"
#include "base/resource.h"

namespace meridian::assistants::ecg {
namespace {

// Nine times as likely as all else: nearly all fusion beats that were learnt are of one patient.
const double kFusionLead = std::log(9);

}  // namespace

BeatModel BeatModel::load(const std::string& file) {
  const Json json = Json::parse(read_file(resource("models/" + file)));
  const auto columns = feature_columns(json.get("features"), signal::beat_feature_names(), file);
  BeatModel model;
  model.classes_ = json.text("classes");
  for (const Json& value : json.get("baseline").items()) model.baseline_.push_back(value.as_double());
  if (model.classes_.empty() || model.baseline_.size() != model.classes_.size()) fail_other_features(file);
  for (const Json& round : json.get("rounds").items()) {
    std::vector<DecisionTree> trees;
    for (const Json& tree : round.items()) trees.push_back(DecisionTree::parse(tree, columns, 1, file));
    if (trees.size() != model.classes_.size()) fail_other_features(file);
    model.rounds_.push_back(std::move(trees));
  }
  return model;
}

char BeatModel::classify(const signal::BeatFeatures& features) const {
  const std::vector<double> values(features.begin(), features.end());
  std::vector<double> scores = baseline_;
  for (const std::vector<DecisionTree>& round : rounds_)
    for (std::size_t k = 0; k < round.size(); ++k) scores[k] += round[k].value(values).front();
  const auto best = std::max_element(scores.begin(), scores.end()) - scores.begin();
  const auto place = static_cast<std::size_t>(best);
  if (classes_[place] != 'F') return classes_[place];
  const double fusion = scores[place];
  scores[place] = std::numeric_limits<double>::lowest();
  const auto next = std::max_element(scores.begin(), scores.end());
  return fusion - *next >= kFusionLead ? 'F' : classes_[static_cast<std::size_t>(next - scores.begin())];
}

}  // namespace meridian::assistants::ecg
