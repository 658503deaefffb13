// The lungs on a film: where they are, and how a radiologist names a place in them.
#pragma once
#include <optional>
#include <vector>

#include "engine/finding.h"
#include "vision/region.h"

namespace meridian::assistants::chest_xray {

constexpr double kSmallestShare = 0.08;    // of the film's area, both lungs together
constexpr double kSmallestSymmetry = 0.2;  // a lung destroyed by disease may be small, but not a fifth

// The two lungs, the patient's right one first (it lies on the left of the film). Regions are in pixels of
// the map of lung probabilities.
struct Lungs {
  vision::Region right, left;
  int map_width = 0, map_height = 0;

  double share() const;     // of the film's area
  double symmetry() const;  // the smaller lung's area by the larger one's
  // The box of both with a margin, in pixels of a film of this size.
  vision::Box box(int film_width, int film_height) const;
};

// From the probabilities of lung for each place of the film. Nothing when there are not two areas side by
// side, each large enough for a lung and neither much smaller than the other.
std::optional<Lungs> find_lungs(const vision::GreyImage& probabilities);

// Upper, middle or lower third of the lung nearest to a place, given in shares of the film's width and
// height.
engine::LocalizedText zone_of(const Lungs& lungs, double x, double y);

}  // namespace meridian::assistants::chest_xray
