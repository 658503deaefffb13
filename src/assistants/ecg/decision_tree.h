// One decision tree, as the scripts of training/ecg write it.
#pragma once
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"

namespace meridian::assistants::ecg {

// Where the model's features lie among those that are measured. Throws invalid_configuration when one of them
// is not; file: the model's name, for the error.
template <typename Names>
std::vector<std::size_t> feature_columns(const Json& wanted, const Names& measured, const std::string& file);

class DecisionTree {
 public:
  // {"feature", "threshold", "left", "right", "value"}: a number a node in each list, `width` numbers in
  // "value". columns: where the features named by number lie. Throws invalid_configuration.
  static DecisionTree parse(const Json& json, const std::vector<std::size_t>& columns, std::size_t width,
                            const std::string& file);
  // Of the leaf that the features lead to: `width` numbers.
  std::span<const double> value(std::span<const double> features) const;

 private:
  struct Node {
    std::size_t feature = 0;
    double threshold = 0;             // at most it: left
    std::size_t left = 0, right = 0;  // both greater than the node's own place; 0: a leaf
  };
  std::vector<Node> nodes_;
  std::vector<double> values_;
  std::size_t width_ = 1;
};

[[noreturn]] void fail_other_features(const std::string& file);

template <typename Names>
std::vector<std::size_t> feature_columns(const Json& wanted, const Names& measured, const std::string& file) {
  std::vector<std::size_t> columns;
  for (const Json& name : wanted.items()) {
    std::size_t place = 0;
    while (place < measured.size() && measured[place] != name.as_string()) ++place;
    if (place == measured.size()) fail_other_features(file);
    columns.push_back(place);
  }
  return columns;
}

}  // namespace meridian::assistants::ecg
