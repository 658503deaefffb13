// The AAMI class of a beat: gradient-boosted trees on what signal/beat_features.h measures.
#pragma once
#include <string>
#include <vector>

#include "assistants/ecg/decision_tree.h"
#include "signal/beat_features.h"

namespace meridian::assistants::ecg {

class BeatModel {
 public:
  // The model's file below models/, as training/ecg/fit_beats.py writes it. Throws unavailable when there is
  // none, invalid_configuration when it does not fit the features.
  static BeatModel load(const std::string& file);
  // N, S, V or F (ANSI/AAMI EC57); the most likely one, F only where it is so by far.
  char classify(const signal::BeatFeatures& features) const;

 private:
  std::string classes_;
  std::vector<double> baseline_;                   // by class
  std::vector<std::vector<DecisionTree>> rounds_;  // of one tree a class
};

}  // namespace meridian::assistants::ecg
