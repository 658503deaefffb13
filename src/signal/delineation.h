// Where the P waves, QRS complexes and T waves begin, peak and end.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "signal/recording.h"

namespace meridian::signal {

// Samples of the recording, onset <= peak <= offset.
struct Wave {
  std::int64_t onset = 0, peak = 0, offset = 0;
};

struct BeatWaves {
  std::optional<Wave> p;  // nothing: none stands out before this beat
  Wave qrs;
  std::optional<Wave> t;  // nothing: the recording ends, or the next beat begins, before it
};

inline constexpr std::size_t kPWaveFeatures = 6;
using PWaveFeatures = std::array<double, kPWaveFeatures>;
// In the order of PWaveFeatures.
std::span<const std::string_view> p_wave_feature_names();

struct LeadWaves {
  std::string lead;
  std::vector<BeatWaves> beats;  // one a beat of those given; empty: the lead is silent
};

struct Delineation {
  LeadWaves global;              // of all leads together; its lead has no name
  std::vector<LeadWaves> leads;  // in the recording's order
  // By beat: whether what was taken for the P wave is one (a flutter or fibrillatory wave may not be), to be
  // judged by a model; all zero where the beat has none.
  std::vector<PWaveFeatures> p_features;

  // Takes the beat's P wave out of all leads.
  void drop_p_wave(std::size_t beat);
};

// beats: samples of QRS complexes, ascending, as detect_qrs gives them. Each wave is looked for in all leads
// together first, and then in each lead near where all of them show it. T and P waves are the highest
// deviation from the level before the QRS complexes within their search windows; they end where the trapezium
// of Vazquez-Seisdedos et al. (Biomed Eng Online 10:77, 2011) is largest.
Delineation delineate(const Recording& recording, std::span<const std::int64_t> beats);

}  // namespace meridian::signal
