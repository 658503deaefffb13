// Stretches of leads, put together into a recording: leads that stop and go on, or are slower than others.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "signal/recording.h"

namespace meridian::archive {

// 72 hours of 4 leads at 250 Hz: one gigabyte in memory. No reader makes more samples than that.
inline constexpr std::uint64_t kMaxSamples = std::uint64_t(1) << 28;
// Throws too_large when so many samples of so many leads are more.
void require_readable_size(std::uint64_t samples, std::uint64_t leads, const std::string& where);

// Throws too_large when so many samples hold more than 16 times as many of gaps as were recorded.
void require_few_gaps(std::uint64_t length, std::uint64_t held);

struct Piece {
  std::string lead;
  std::int64_t first = 0;  // sample of the recording at which it begins
  std::vector<float> samples;
};

// Adds the pieces' leads in the order of their first appearance, NaN where there is none; where pieces
// overlap the later one holds. The first sample of all becomes sample 0, and the recording's start,
// which was that of sample 0, its time. Throws too_large, also when the gaps
// are more than 16 times what was recorded: a few bytes must not announce hours.
void join_pieces(std::vector<Piece> pieces, signal::Recording& recording);

// The samples at a rate that is a whole multiple, by linear interpolation.
std::vector<float> upsample(const std::vector<float>& samples, std::size_t factor);

}  // namespace meridian::archive
