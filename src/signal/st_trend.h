// The ST segment along a long recording, minute by minute.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "signal/recording.h"

namespace meridian::signal {

struct StLevel {
  float level = 0;  // mV over the level just before the QRS complex, 60 ms after the J point
  float slope = 0;  // mV/s, from 20 to 80 ms after the J point
};

struct LeadStTrend {
  std::string lead;
  std::vector<std::optional<StLevel>> minutes;  // medians of the minute's normal beats; nothing: too few
};

// Where QRS complexes begin and end from some time on, in seconds relative to their beats.
struct QrsReach {
  double from = 0;               // s from the start of the recording
  double onset = 0, offset = 0;  // offset: the J point
};

// One entry a lead. beats: samples, ascending; classes: N of those that are measured. reaches: ascending in
// from; empty gives no minute.
std::vector<LeadStTrend> st_trend(const Recording& recording, std::span<const std::int64_t> beats,
                                  std::string_view classes, std::span<const QrsReach> reaches);

struct StEpisode {
  std::string lead;
  double from = 0, to = 0;  // s
  float shift = 0;  // mV, the largest deviation from the lead's reference; its sign tells the direction
  float level = 0, slope = 0;  // then
};

// Minutes in a row whose level lies 0.1 mV or more from the lead's reference, the median of all minutes, two
// at least; a lower one counts where its slope is below 1 mV/s (horizontal, downsloping or slowly upsloping).
// The reference and the 0.1 mV are those of the European ST-T Database (Taddei et al., Eur Heart J 13:1164,
// 1992); slopes as in ACC/AHA 1999 (Crawford et al., J Am Coll Cardiol 34:912). A patient who turns over may
// shift the ST level as well.
std::vector<StEpisode> st_episodes(std::span<const LeadStTrend> trend);

}  // namespace meridian::signal
