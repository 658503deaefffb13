#include "assistants/ecg/waves.h"

#include <numeric>

namespace meridian::assistants::ecg {
namespace {

constexpr double kLikely = 0.5;
constexpr std::size_t kFewestNormal = 3;

}  // namespace

void judge_p_waves(signal::Delineation& waves, const LogisticModel& p_waves) {
  for (std::size_t beat = 0; beat < waves.global.beats.size(); ++beat)
    if (waves.global.beats[beat].p && p_waves.probability(waves.p_features[beat]) < kLikely)
      waves.drop_p_wave(beat);
}

signal::Delineation find_waves(const signal::Recording& recording, std::span<const std::int64_t> beats,
                               const LogisticModel& p_waves) {
  signal::Delineation waves = signal::delineate(recording, beats);
  judge_p_waves(waves, p_waves);
  return waves;
}

std::vector<std::size_t> beats_to_measure(std::string_view classes, std::size_t beats) {
  std::vector<std::size_t> normal;
  for (std::size_t beat = 0; beat < classes.size(); ++beat)
    if (classes[beat] == 'N') normal.push_back(beat);
  if (normal.size() >= kFewestNormal) return normal;
  std::vector<std::size_t> all(beats);
  std::iota(all.begin(), all.end(), std::size_t{0});
  return all;
}

}  // namespace meridian::assistants::ecg
