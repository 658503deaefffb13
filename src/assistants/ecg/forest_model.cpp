#include "assistants/ecg/forest_model.h"

#include <algorithm>
#include <cmath>

#include "base/file.h"
#include "base/resource.h"

namespace meridian::assistants::ecg {
namespace {

constexpr double kSmallest = 0.005;  // a share of leaves beyond it says no more

}  // namespace

Json ForestModel::read(const std::string& file) {
  return Json::parse(read_file(resource("models/" + file)));
}

ForestModel ForestModel::parse(const Json& json, const std::vector<std::size_t>& columns,
                               const std::string& file) {
  ForestModel model;
  for (const Json& output : json.get("outputs").items()) model.outputs_.push_back(output.as_string());
  for (const Json& threshold : json.get("thresholds").items())
    model.thresholds_.push_back(threshold.as_double());
  for (const Json& calibration : json.get("calibrations").items())
    model.calibrations_.push_back(
        {calibration.get("slope").as_double(), calibration.get("intercept").as_double()});
  for (const Json& tree : json.get("trees").items())
    model.trees_.push_back(DecisionTree::parse(tree, columns, model.outputs_.size(), file));
  const std::size_t count = model.outputs_.size();
  if (model.trees_.empty() || model.calibrations_.size() != count || model.thresholds_.size() != count)
    fail_other_features(file);
  return model;
}

std::vector<double> ForestModel::probabilities(std::span<const double> features) const {
  std::vector<double> result(outputs_.size(), 0);
  for (const DecisionTree& tree : trees_) {
    const auto leaf = tree.value(features);
    for (std::size_t k = 0; k < result.size(); ++k) result[k] += leaf[k];
  }
  for (std::size_t k = 0; k < result.size(); ++k) {
    const double share = std::clamp(result[k] / static_cast<double>(trees_.size()), kSmallest, 1 - kSmallest);
    const double logit = std::log(share / (1 - share));
    result[k] = 1 / (1 + std::exp(-(calibrations_[k].slope * logit + calibrations_[k].intercept)));
  }
  return result;
}

}  // namespace meridian::assistants::ecg
