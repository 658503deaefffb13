// A probability by logistic regression on standardised features and their squares.
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"

namespace meridian::assistants::ecg {

class LogisticModel {
 public:
  // The model's file below models/, as training/ecg writes it, made for features of these names in this
  // order. Throws unavailable when there is none, invalid_configuration when it does not fit the features.
  static LogisticModel load(const std::string& file, std::span<const std::string_view> features);
  // The same from its JSON; file: its name, for the error.
  static LogisticModel parse(const Json& json, std::span<const std::string_view> features,
                             const std::string& file);
  // Calibrated, 0 to 1.
  double probability(std::span<const double> features) const;

 private:
  struct Term {
    double mean = 0, deviation = 1;        // of the feature
    double weight = 0, square_weight = 0;  // of the standardised feature and of its square
  };
  std::vector<Term> terms_;
  double intercept_ = 0;
};

}  // namespace meridian::assistants::ecg
