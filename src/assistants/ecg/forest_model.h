// Probabilities by a forest: the mean of many trees' leaves, calibrated.
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "assistants/ecg/decision_tree.h"
#include "base/json.h"

namespace meridian::assistants::ecg {

class ForestModel {
 public:
  // The model's file below models/, as training/ecg/forest.py writes it. measured: the names of the features
  // that probabilities() is given. Throws unavailable when there is none, invalid_configuration when it does
  // not fit the features.
  template <typename Names>
  static ForestModel load(const std::string& file, const Names& measured) {
    return parse(read(file), measured, file);
  }
  // The same from its JSON, or from one of its "folds"; file: its name, for the error.
  template <typename Names>
  static ForestModel parse(const Json& json, const Names& measured, const std::string& file) {
    return parse(json, feature_columns(json.get("features"), measured, file), file);
  }
  static Json read(const std::string& file);

  // What the probabilities are of.
  const std::vector<std::string>& outputs() const { return outputs_; }
  // From where on the output is said, by output.
  const std::vector<double>& thresholds() const { return thresholds_; }
  // By output, 0 to 1 each.
  std::vector<double> probabilities(std::span<const double> features) const;

 private:
  static ForestModel parse(const Json& json, const std::vector<std::size_t>& columns,
                           const std::string& file);

  struct Calibration {
    double slope = 1, intercept = 0;  // of the log-odds (Platt 1999)
  };
  std::vector<std::string> outputs_;
  std::vector<double> thresholds_;
  std::vector<Calibration> calibrations_;
  std::vector<DecisionTree> trees_;
};

}  // namespace meridian::assistants::ecg
