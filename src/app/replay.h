// A recording piece by piece, as it would have come.
#pragma once
#include <algorithm>
#include <cmath>
#include <vector>

#include "signal/recording.h"

namespace meridian::app {

inline constexpr double kPieceSeconds = 0.1;

// Calls take with the samples of each piece, by lead.
template <typename Take>
void replay(const signal::Recording& recording, Take take) {
  const auto size = std::max<std::size_t>(
      1, static_cast<std::size_t>(std::lround(kPieceSeconds * recording.sampling_frequency)));
  for (std::size_t at = 0; at < recording.length(); at += size) {
    const std::size_t end = std::min(recording.length(), at + size);
    std::vector<std::vector<float>> piece;
    for (const signal::Lead& lead : recording.leads)
      piece.emplace_back(lead.samples.begin() + static_cast<std::ptrdiff_t>(at),
                         lead.samples.begin() + static_cast<std::ptrdiff_t>(end));
    take(piece);
  }
}

}  // namespace meridian::app
