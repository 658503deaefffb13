#include "assistants/ecg/beat_model.h"

#include <algorithm>

#include "base/error.h"
#include "base/file.h"
#include "base/resource.h"

namespace meridian::assistants::ecg {
namespace {

[[noreturn]] void fail(const std::string& file) {
  throw Error(ErrorCode::invalid_configuration, "The model was made for other features or is damaged", file,
              "Make it again with training/ecg/fit_beats.py");
}

// Where the model's features lie among those that are measured.
std::vector<std::size_t> columns_of(const Json& names, const std::string& file) {
  const auto measured = signal::beat_feature_names();
  std::vector<std::size_t> columns;
  for (const Json& name : names.items()) {
    const auto at = std::find(measured.begin(), measured.end(), name.as_string());
    if (at == measured.end()) fail(file);
    columns.push_back(static_cast<std::size_t>(at - measured.begin()));
  }
  return columns;
}

}  // namespace

BeatModel BeatModel::load(const std::string& file) {
  const Json json = Json::parse(read_file(resource("models/" + file)));
  const std::vector<std::size_t> columns = columns_of(json.get("features"), file);
  BeatModel model;
  model.classes_ = json.text("classes");
  for (const Json& value : json.get("baseline").items()) model.baseline_.push_back(value.as_double());
  if (model.classes_.empty() || model.baseline_.size() != model.classes_.size()) fail(file);
  for (const Json& round : json.get("rounds").items()) {
    std::vector<Tree> trees;
    for (const Json& tree : round.items()) trees.push_back(tree_of(tree, columns, file));
    if (trees.size() != model.classes_.size()) fail(file);
    model.rounds_.push_back(std::move(trees));
  }
  return model;
}

BeatModel::Tree BeatModel::tree_of(const Json& json, const std::vector<std::size_t>& columns,
                                   const std::string& file) {
  const auto column = [&](const char* name) -> const Json::Array& { return json.get(name).items(); };
  const std::size_t size = column("feature").size();
  for (const char* name : {"threshold", "left", "right", "value"})
    if (column(name).size() != size) fail(file);
  Tree tree;
  for (std::size_t i = 0; i < size; ++i) {
    const auto feature = static_cast<std::size_t>(column("feature")[i].as_int());
    const auto left = static_cast<std::size_t>(column("left")[i].as_int());
    const auto right = static_cast<std::size_t>(column("right")[i].as_int());
    const bool leaf = left == 0;
    // Children come after their parent, so that every walk ends.
    if (feature >= columns.size() || (!leaf && (left <= i || right <= i || left >= size || right >= size)))
      fail(file);
    tree.push_back(
        {columns[feature], column("threshold")[i].as_double(), left, right, column("value")[i].as_double()});
  }
  if (tree.empty()) fail(file);
  return tree;
}

double BeatModel::value_of(const Tree& tree, const signal::BeatFeatures& features) {
  std::size_t at = 0;
  while (tree[at].left != 0)
    at = static_cast<double>(features[tree[at].feature]) <= tree[at].threshold ? tree[at].left
                                                                               : tree[at].right;
  return tree[at].value;
}

char BeatModel::classify(const signal::BeatFeatures& features) const {
  std::vector<double> scores = baseline_;
  for (const std::vector<Tree>& round : rounds_)
    for (std::size_t k = 0; k < round.size(); ++k) scores[k] += value_of(round[k], features);
  return classes_[static_cast<std::size_t>(std::max_element(scores.begin(), scores.end()) - scores.begin())];
}

}  // namespace meridian::assistants::ecg
