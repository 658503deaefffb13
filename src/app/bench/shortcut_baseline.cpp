#include "app/bench/shortcut_baseline.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "vision/operations.h"

namespace meridian::app {
namespace {

constexpr double kBorder = 0.04;  // of the shorter side
constexpr float kBlack = 0.04f, kWhite = 0.96f;
constexpr int kSteps = 2000;
constexpr double kRate = 0.5, kPenalty = 1e-3;
constexpr double kSmallestDeviation = 1e-9;

double border_brightness(const vision::GreyImage& image) {
  const int edge = std::max(1, static_cast<int>(std::lrint(kBorder * std::min(image.width, image.height))));
  double sum = 0, count = 0;
  for (int y = 0; y < image.height; ++y)
    for (int x = 0; x < image.width; ++x) {
      const bool is_edge = y < edge || y >= image.height - edge || x < edge || x >= image.width - edge;
      if (!is_edge) continue;
      sum += image.pixels[static_cast<std::size_t>(y) * image.width + x];
      ++count;
    }
  return sum / count;
}

double share(const vision::GreyImage& image, auto holds) {
  return static_cast<double>(std::ranges::count_if(image.pixels, holds)) /
         static_cast<double>(image.pixels.size());
}

}  // namespace

GlobalNumbers global_numbers(const vision::GreyImage& image) {
  return {static_cast<double>(image.width) / image.height,
          vision::mean(image),
          vision::deviation(image),
          border_brightness(image),
          share(image, [](float value) { return value < kBlack; }),
          share(image, [](float value) { return value > kWhite; })};
}

ShortcutBaseline::ShortcutBaseline(std::span<const GlobalNumbers> pictures, const std::vector<bool>& labels) {
  const auto positives = std::ranges::count(labels, true);
  if (positives == 0 || static_cast<std::size_t>(positives) == pictures.size())
    throw Error(ErrorCode::invalid_value, "Nothing is learnt from pictures of one kind");
  const std::vector<GlobalNumbers> numbers = centre_and_scale(pictures);
  for (int step = 0; step < kSteps; ++step) descend(numbers, labels);
}

std::vector<GlobalNumbers> ShortcutBaseline::centre_and_scale(std::span<const GlobalNumbers> pictures) {
  const double count = static_cast<double>(pictures.size());
  for (std::size_t k = 0; k < mean_.size(); ++k) {
    double sum = 0, squares = 0;
    for (const GlobalNumbers& picture : pictures) sum += picture[k];
    mean_[k] = sum / count;
    for (const GlobalNumbers& picture : pictures) squares += std::pow(picture[k] - mean_[k], 2);
    deviation_[k] = std::max(std::sqrt(squares / count), kSmallestDeviation);
  }
  std::vector<GlobalNumbers> numbers;
  for (const GlobalNumbers& picture : pictures) numbers.push_back(standardised(picture));
  return numbers;
}

// One step down the slope of the mean loss, weights held small.
void ShortcutBaseline::descend(std::span<const GlobalNumbers> numbers, const std::vector<bool>& labels) {
  const double count = static_cast<double>(numbers.size());
  GlobalNumbers slope{};
  double intercept_slope = 0;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const double error = 1 / (1 + std::exp(-weighed(numbers[i]))) - (labels[i] ? 1 : 0);
    intercept_slope += error / count;
    for (std::size_t k = 0; k < slope.size(); ++k) slope[k] += error * numbers[i][k] / count;
  }
  intercept_ -= kRate * intercept_slope;
  for (std::size_t k = 0; k < slope.size(); ++k) weights_[k] -= kRate * (slope[k] + kPenalty * weights_[k]);
}

GlobalNumbers ShortcutBaseline::standardised(const GlobalNumbers& picture) const {
  GlobalNumbers result{};
  for (std::size_t k = 0; k < result.size(); ++k) result[k] = (picture[k] - mean_[k]) / deviation_[k];
  return result;
}

double ShortcutBaseline::weighed(const GlobalNumbers& numbers) const {
  double sum = intercept_;
  for (std::size_t k = 0; k < numbers.size(); ++k) sum += weights_[k] * numbers[k];
  return sum;
}

double ShortcutBaseline::log_odds(const GlobalNumbers& picture) const {
  return weighed(standardised(picture));
}

}  // namespace meridian::app
