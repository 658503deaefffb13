// The AAMI class of a beat: gradient-boosted trees on what signal/beat_features.h measures.
#pragma once
#include <string>
#include <vector>

#include "base/json.h"
#include "signal/beat_features.h"

namespace meridian::assistants::ecg {

class BeatModel {
 public:
  // The model's file below models/, as training/ecg/fit_beats.py writes it. Throws unavailable when there is
  // none, invalid_configuration when it does not fit the features.
  static BeatModel load(const std::string& file);
  // N, S, V or F (ANSI/AAMI EC57); the most likely one.
  char classify(const signal::BeatFeatures& features) const;

 private:
  struct Node {
    std::size_t feature = 0;
    double threshold = 0;             // at most it: left
    std::size_t left = 0, right = 0;  // both greater than the node's own place; 0: a leaf
    double value = 0;                 // of a leaf
  };
  using Tree = std::vector<Node>;
  static Tree tree_of(const Json& json, const std::vector<std::size_t>& columns, const std::string& file);
  static double value_of(const Tree& tree, const signal::BeatFeatures& features);

  std::string classes_;
  std::vector<double> baseline_;           // by class
  std::vector<std::vector<Tree>> rounds_;  // of one tree a class
};

}  // namespace meridian::assistants::ecg
