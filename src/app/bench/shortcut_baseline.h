// How far six global numbers of a picture get, without a look at what it shows: what a model must beat.
// Boosted trees on proportions, mean, deviation, brightness of the border, share of black and of white.
#pragma once
#include <array>
#include <memory>
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
  ~ShortcutBaseline();
  // The higher, the more the picture's numbers speak for the class.
  double score(const GlobalNumbers& picture) const;

 private:
  struct Trees;
  std::unique_ptr<Trees> trees_;
};

}  // namespace meridian::app
