#include "app/bench/shortcut_baseline.h"

#include <algorithm>
#include <cmath>
#include <opencv2/ml.hpp>

#include "base/error.h"
#include "vision/operations.h"

namespace meridian::app {
namespace {

constexpr double kBorder = 0.04;  // of the shorter side
constexpr float kBlack = 0.04f, kWhite = 0.96f;
constexpr int kTrees = 60, kDepth = 2;

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

cv::Mat row_of(const GlobalNumbers& picture) {
  cv::Mat row(1, static_cast<int>(picture.size()), CV_32F);
  std::ranges::transform(picture, row.begin<float>(), [](double value) { return static_cast<float>(value); });
  return row;
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

// Friedman, Hastie and Tibshirani 2000, as OpenCV has it.
struct ShortcutBaseline::Trees {
  cv::Ptr<cv::ml::Boost> boost = cv::ml::Boost::create();
};

ShortcutBaseline::ShortcutBaseline(std::span<const GlobalNumbers> pictures, const std::vector<bool>& labels)
    : trees_(std::make_unique<Trees>()) {
  const auto positives = std::ranges::count(labels, true);
  if (positives == 0 || static_cast<std::size_t>(positives) == pictures.size())
    throw Error(ErrorCode::invalid_value, "Nothing is learnt from pictures of one kind");
  cv::Mat numbers, classes(static_cast<int>(labels.size()), 1, CV_32S);
  for (const GlobalNumbers& picture : pictures) numbers.push_back(row_of(picture));
  std::ranges::copy(labels, classes.begin<int>());
  trees_->boost->setBoostType(cv::ml::Boost::GENTLE);
  trees_->boost->setWeakCount(kTrees);
  trees_->boost->setMaxDepth(kDepth);
  trees_->boost->train(numbers, cv::ml::ROW_SAMPLE, classes);
}

ShortcutBaseline::~ShortcutBaseline() = default;

double ShortcutBaseline::score(const GlobalNumbers& picture) const {
  return trees_->boost->predict(
      row_of(picture), cv::noArray(),
      static_cast<int>(cv::ml::StatModel::RAW_OUTPUT) | cv::ml::DTrees::PREDICT_SUM);
}

}  // namespace meridian::app
