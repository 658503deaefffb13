// The shapes of the beats of one recording, over all leads together, and what groups of them are alike.
#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "signal/atrial_fibrillation.h"

namespace meridian::signal {

// Times relative to a beat, in seconds.
struct BeatWindow {
  double from = 0, to = 0;
};
inline constexpr BeatWindow kQrsWindow{-0.1, 0.1}, kPWindow{-0.24, -0.08}, kTWindow{0.12, 0.36};

using BeatShape = std::vector<float>;  // all leads one after the other, each without its mean

// Correlation, -1 to 1, of two shapes of one window; 0 where one of them is flat.
float correlation(const BeatShape& a, const BeatShape& b);
float root_mean_square(const BeatShape& shape);

class BeatShapes {
 public:
  // Each lead is brought to a median QRS of root mean square 1, so that all leads speak alike.
  BeatShapes(std::span<const std::int64_t> beats, const RepeatingActivity& activity);

  std::size_t size() const { return places_.size(); }
  BeatShape shape(std::size_t beat, BeatWindow window) const;
  // Time that holds the middle 90 % of the energy of the QRS complex's slope, in seconds.
  float width(std::size_t beat) const;
  // Moves each beat by up to 32 ms to where it is most like the shape given.
  void align(const BeatShape& qrs);

 private:
  void take_shape(std::int64_t place, BeatWindow window, BeatShape& shape) const;
  std::int64_t places_of(double seconds) const;

  double frequency_;
  std::vector<std::vector<float>> leads_;
  std::vector<std::int64_t> places_;
};

struct ShapeGroups {
  std::vector<std::size_t> group_of;  // by beat
  std::vector<BeatShape> means;       // by group, of its QRS complexes
  std::size_t dominant = 0;
};

// Beats whose QRS complexes correlate by 0.85 or more go together (leader clustering, at most 24 groups). The
// dominant group has most of the beats that come at the time expected (on_time, by beat).
ShapeGroups group_shapes(const BeatShapes& shapes, const std::vector<char>& on_time);

}  // namespace meridian::signal
