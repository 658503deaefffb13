#include "assistants/ecg/decision_tree.h"

#include "base/error.h"

namespace meridian::assistants::ecg {

void fail_other_features(const std::string& file) {
  throw Error(ErrorCode::invalid_configuration, "The model was made for other features or is damaged", file,
              "Make it again with the scripts of training/ecg");
}

DecisionTree DecisionTree::parse(const Json& json, const std::vector<std::size_t>& columns, std::size_t width,
                                 const std::string& file) {
  const auto column = [&](const char* name) -> const Json::Array& { return json.get(name).items(); };
  const std::size_t size = column("feature").size();
  for (const char* name : {"threshold", "left", "right"})
    if (column(name).size() != size) fail_other_features(file);
  if (size == 0 || column("value").size() != size * width) fail_other_features(file);
  DecisionTree tree;
  tree.width_ = width;
  for (std::size_t i = 0; i < size; ++i) {
    const auto feature = static_cast<std::size_t>(column("feature")[i].as_int());
    const auto left = static_cast<std::size_t>(column("left")[i].as_int());
    const auto right = static_cast<std::size_t>(column("right")[i].as_int());
    const bool leaf = left == 0;
    // Children come after their parent, so that every walk ends.
    if (feature >= columns.size() || (!leaf && (left <= i || right <= i || left >= size || right >= size)))
      fail_other_features(file);
    tree.nodes_.push_back({columns[feature], column("threshold")[i].as_double(), left, right});
  }
  for (const Json& value : column("value")) tree.values_.push_back(value.as_double());
  return tree;
}

std::span<const double> DecisionTree::value(std::span<const double> features) const {
  std::size_t at = 0;
  while (nodes_[at].left != 0)
    at = features[nodes_[at].feature] <= nodes_[at].threshold ? nodes_[at].left : nodes_[at].right;
  return std::span(values_).subspan(at * width_, width_);
}

}  // namespace meridian::assistants::ecg
