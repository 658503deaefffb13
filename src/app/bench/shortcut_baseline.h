// How far six global numbers of a picture get, without a look at what it shows: what a model must beat.
// Logistic regression on proportions, mean, deviation, brightness of the border, share of black and of white.
#pragma once
#include <array>
#include <span>
#include <vector>

#include "vision/image.h"

namespace meridian::app {

using GlobalNumbers = std::array<double, 6>;

GlobalNumbers global_numbers(const vision::GreyImage& image);

class ShortcutBaseline {
 public:
  // Learns from pictures that are of the class or not. Throws invalid_value when there are none of either.
  ShortcutBaseline(std::span<const GlobalNumbers> pictures, const std::vector<bool>& labels);
  double log_odds(const GlobalNumbers& picture) const;

 private:
  std::vector<GlobalNumbers> centre_and_scale(std::span<const GlobalNumbers> pictures);
  void descend(std::span<const GlobalNumbers> numbers, const std::vector<bool>& labels);
  GlobalNumbers standardised(const GlobalNumbers& picture) const;
  double weighed(const GlobalNumbers& numbers) const;

  GlobalNumbers mean_{}, deviation_{}, weights_{};
  double intercept_ = 0;
};

}  // namespace meridian::app
