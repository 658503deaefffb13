// A recording piece by piece, as it would have come.
#pragma once
#include <algorithm>
#include <cmath>
#include <vector>

#include "signal/recording.h"

namespace meridian::signal {

// Calls take with the samples of each piece, by lead; the last piece may be shorter. samples: of a piece,
// from 1.
template <typename Take>
void replay(const Recording& recording, std::size_t samples, Take take) {
  for (std::size_t at = 0; at < recording.length(); at += samples) {
    const std::size_t end = std::min(recording.length(), at + samples);
    std::vector<std::vector<float>> piece;
    piece.reserve(recording.leads.size());
    for (const Lead& lead : recording.leads)
      piece.emplace_back(lead.samples.begin() + static_cast<std::ptrdiff_t>(at),
                         lead.samples.begin() + static_cast<std::ptrdiff_t>(end));
    take(piece);
  }
}

// Of a tenth of a second, at least 1.
inline std::size_t samples_of_piece(double sampling_frequency) {
  return static_cast<std::size_t>(std::max(1L, std::lround(0.1 * sampling_frequency)));
}

}  // namespace meridian::signal
