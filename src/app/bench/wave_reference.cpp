#include "app/bench/wave_reference.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "archive/waveform/wfdb_annotation.h"
#include "base/file.h"

namespace meridian::app {
namespace {

constexpr double kWindowSeconds = 0.15;
constexpr std::array<const char*, 3> kSymbols{"p", "N", "t"};

std::optional<signal::Wave> wave_of(const signal::BeatWaves& beat, std::size_t kind) {
  if (kind == 0) return beat.p;
  if (kind == 2) return beat.t;
  return beat.qrs;
}

void add_error(std::vector<double>& errors, const std::optional<std::int64_t>& reference, std::int64_t found,
               double frequency) {
  if (reference) errors.push_back(static_cast<double>(found - *reference) / frequency);
}

// Takes the partner out of what was found.
void match(const ReferenceWave& wave, std::vector<signal::Wave>& found, double frequency,
           WaveCounts& counts) {
  const auto distance = [&](const signal::Wave& other) { return std::abs(other.peak - wave.peak); };
  const auto nearest = std::min_element(
      found.begin(), found.end(), [&](const auto& a, const auto& b) { return distance(a) < distance(b); });
  if (nearest == found.end() || distance(*nearest) > std::llround(kWindowSeconds * frequency)) {
    ++counts.missed;
    return;
  }
  ++counts.found;
  add_error(counts.onset_errors, wave.onset, nearest->onset, frequency);
  add_error(counts.peak_errors, wave.peak, nearest->peak, frequency);
  add_error(counts.offset_errors, wave.offset, nearest->offset, frequency);
  found.erase(nearest);
}

}  // namespace

std::vector<ReferenceWave> reference_waves(const std::filesystem::path& file) {
  const auto annotations = archive::read_wfdb_annotations(read_file(file));
  std::vector<ReferenceWave> waves;
  for (std::size_t i = 0; i < annotations.size(); ++i) {
    const auto kind = std::find(kSymbols.begin(), kSymbols.end(), annotations[i].symbol);
    if (kind == kSymbols.end()) continue;
    ReferenceWave wave{static_cast<std::size_t>(kind - kSymbols.begin()), annotations[i].sample, {}, {}};
    if (i > 0 && annotations[i - 1].symbol == "(") wave.onset = annotations[i - 1].sample;
    if (i + 1 < annotations.size() && annotations[i + 1].symbol == ")")
      wave.offset = annotations[i + 1].sample;
    waves.push_back(wave);
  }
  return waves;
}

void WaveCounts::add(const WaveCounts& other) {
  found += other.found;
  missed += other.missed;
  false_alarms += other.false_alarms;
  const auto append = [](std::vector<double>& to, const std::vector<double>& from) {
    to.insert(to.end(), from.begin(), from.end());
  };
  append(onset_errors, other.onset_errors);
  append(peak_errors, other.peak_errors);
  append(offset_errors, other.offset_errors);
}

double WaveCounts::f1() const {
  const auto both = static_cast<double>(2 * found);
  return both > 0 ? both / (both + static_cast<double>(missed + false_alarms)) : 0;
}

std::array<WaveCounts, 3> compare_waves(const std::vector<ReferenceWave>& reference,
                                        const signal::LeadWaves& found, double sampling_frequency) {
  std::array<WaveCounts, 3> counts;
  if (reference.empty()) return counts;
  const std::int64_t first = reference.front().onset.value_or(reference.front().peak);
  const std::int64_t last = reference.back().offset.value_or(reference.back().peak);
  for (std::size_t kind = 0; kind < counts.size(); ++kind) {
    std::vector<signal::Wave> waves;
    for (const signal::BeatWaves& beat : found.beats) {
      const auto wave = wave_of(beat, kind);
      if (wave && wave->peak >= first && wave->peak <= last) waves.push_back(*wave);
    }
    for (const ReferenceWave& wave : reference)
      if (wave.kind == kind) match(wave, waves, sampling_frequency, counts[kind]);
    counts[kind].false_alarms = waves.size();
  }
  return counts;
}

}  // namespace meridian::app
