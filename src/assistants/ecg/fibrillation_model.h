// The probability of atrial fibrillation: a logistic regression on what signal/atrial_fibrillation.h
// measures.
#pragma once
#include <string>
#include <vector>

#include "signal/atrial_fibrillation.h"

namespace meridian::assistants::ecg {

class FibrillationModel {
 public:
  // The model's file below models/, as training/ecg writes it. Throws unavailable when there is none,
  // invalid_configuration when it does not fit the features.
  static FibrillationModel load(const std::string& file);
  // Calibrated, 0 to 1.
  double probability(const signal::FibrillationFeatures& features) const;

 private:
  struct Term {
    double mean = 0, deviation = 1;        // of the feature
    double weight = 0, square_weight = 0;  // of the standardised feature and of its square
  };
  std::vector<Term> terms_;
  double intercept_ = 0;
};

}  // namespace meridian::assistants::ecg
