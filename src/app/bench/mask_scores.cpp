#include "app/bench/mask_scores.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "archive/nifti.h"
#include "base/error.h"
#include "base/file.h"
#include "vision/picture.h"

namespace meridian::app {
namespace {

constexpr double kFullScale = 65535;  // of 16 bits; the labels of 8 bits stay apart in it too
constexpr double kSameObject = 0.5;   // intersection over union

using Labels = std::vector<int>;

Labels read_labels(const std::filesystem::path& file, bool is_binary) {
  const std::string bytes = read_file(file);
  if (archive::is_nifti(bytes)) {
    const std::vector<float> voxels = archive::read_nifti(bytes).volume.voxels;
    return {voxels.begin(), voxels.end()};
  }
  Labels labels;
  for (const float pixel : vision::decode_picture(bytes).grey.pixels)
    labels.push_back(is_binary ? (pixel > 0.5f ? 1 : 0) : static_cast<int>(std::lrint(pixel * kFullScale)));
  return labels;
}

// Twice what both hold, by what each holds; of objects also where there are none: 1 when none were found.
double dice(const engine::LabelMap& map, const Labels& truth, auto in_map, auto in_truth) {
  double both = 0, each = 0;
  for (std::size_t i = 0; i < truth.size(); ++i) {
    const bool a = in_map(map.labels[i]), b = in_truth(truth[i]);
    both += a && b;
    each += a + b;
  }
  return each > 0 ? 2 * both / each : 1;
}

double object_f1(const engine::LabelMap& map, const Labels& truth) {
  std::map<int, double> found, wanted;
  std::map<std::pair<int, int>, double> overlap;
  for (std::size_t i = 0; i < truth.size(); ++i) {
    const int a = map.labels[i], b = truth[i];
    if (a) ++found[a];
    if (b) ++wanted[b];
    if (a && b) ++overlap[{a, b}];
  }
  double same = 0;
  for (const auto& [pair, size] : overlap)
    same += size / (found[pair.first] + wanted[pair.second] - size) > kSameObject;
  const double each = static_cast<double>(found.size() + wanted.size());
  return each > 0 ? 2 * same / each : 1;
}

bool is_any(int label) {
  return label != 0;
}

}  // namespace

std::map<std::string, double> score_map(const engine::LabelMap& map, const std::filesystem::path& truth) {
  const Labels labels = read_labels(truth, map.meanings.size() == 1);
  if (labels.size() != map.labels.size())
    throw Error(ErrorCode::invalid_structure, "The mask is not of the picture's size", truth.string());
  if (map.meanings.empty())
    return {{"Dice", dice(map, labels, is_any, is_any)}, {"F1 of objects", object_f1(map, labels)}};
  std::map<std::string, double> scores;
  double sum = 0;
  std::size_t count = 0;
  for (std::size_t k = 0; k < map.meanings.size(); ++k) {
    const auto is_this = [&](int label) { return label == static_cast<int>(k + 1); };
    if (std::ranges::any_of(labels, is_this)) {
      sum += scores["Dice " + map.meanings[k]] = dice(map, labels, is_this, is_this);
      ++count;
    } else {
      scores["false outline " + map.meanings[k]] = std::ranges::any_of(map.labels, is_this) ? 1 : 0;
    }
  }
  if (map.meanings.size() > 1 && count > 0) scores["Dice"] = sum / static_cast<double>(count);
  return scores;
}

}  // namespace meridian::app
