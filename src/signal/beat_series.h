// The beats of one recording with what their classes are told from: when they come and how they look.
#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "signal/beat_shapes.h"

namespace meridian::signal {

struct BeatTiming {
  std::vector<float> rr;         // s, before each beat; the first beat's is that of the second
  std::vector<float> local;      // median of the 10 beats before and after
  std::vector<float> deviation;  // median absolute deviation of these
  float median_rr = 0;

  float before(std::size_t i) const { return rr[i]; }
  float after(std::size_t i) const { return rr[i + 1 < rr.size() ? i + 1 : rr.size() - 1]; }
  bool premature(std::size_t i) const;
};

struct BeatSeries {
  // Fewer are no series.
  static constexpr std::size_t kFewest = 3;
  // beats: samples of the recording, ascending, at least kFewest.
  BeatSeries(std::span<const std::int64_t> beats, const RepeatingActivity& activity);

  BeatTiming timing;
  BeatShapes shapes;  // aligned to the dominant shape
  ShapeGroups groups;

  std::size_t size() const { return timing.rr.size(); }
};

}  // namespace meridian::signal
