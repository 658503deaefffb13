// Waves that people marked in each lead, and how found ones compare with them.
#pragma once
#include <array>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "signal/delineation.h"

namespace meridian::app {

inline constexpr std::array<const char*, 3> kWaveNames{"P", "QRS", "T"};

struct ReferenceWave {
  std::size_t kind = 0;  // of kWaveNames
  std::int64_t peak = 0;
  std::optional<std::int64_t> onset, offset;  // where they are marked
};

// Of a WFDB annotation file with one lead's waves, as LUDB has them: "(" peak ")", with p, N and t as peaks.
std::vector<ReferenceWave> reference_waves(const std::filesystem::path& file);

struct WaveCounts {
  std::size_t found = 0, missed = 0, false_alarms = 0;
  std::vector<double> onset_errors, peak_errors, offset_errors;  // s, found less reference

  void add(const WaveCounts& other);
  double f1() const;
};

// By kind. Waves are found when their peaks lie at most 150 ms from a reference's. Only waves between the
// first and last mark of the lead count, because people left the recording's ends out.
std::array<WaveCounts, 3> compare_waves(const std::vector<ReferenceWave>& reference,
                                        const signal::LeadWaves& found, double sampling_frequency);

}  // namespace meridian::app
