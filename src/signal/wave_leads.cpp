#include "signal/wave_leads.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "signal/filter.h"
#include "signal/gaps.h"
#include "signal/resample.h"
#include "signal/statistics.h"

namespace meridian::signal {
namespace {

constexpr double kWorkingFrequency = 250;                // Hz
constexpr double kLowest = 0.5, kHighest = 40;           // Hz
constexpr double kWavesHighest = 15;                     // Hz: P and T waves hold next to nothing above
constexpr double kSlopeSeconds = 0.02, kQrsHalf = 0.08;  // s
constexpr double kLevelSeconds = 0.016;                  // before a QRS complex, where leads are at rest
constexpr float kSilent = 0.5f;                          // mV/s: no QRS complex is so slow
constexpr float kNoisePenalty = 3, kSmallestShare = 0.05f;
constexpr float kSmallestHeight = 0.02f;  // mV

std::vector<float> absolute_slope(const std::vector<float>& samples, double frequency) {
  std::vector<float> slope(samples.size());
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const auto place = static_cast<std::int64_t>(i);
    slope[i] = std::fabs(sample_at(samples, place + 1) - sample_at(samples, place - 1)) *
               static_cast<float>(frequency / 2);
  }
  return moving_average(slope, static_cast<std::size_t>(std::lround(kSlopeSeconds * frequency)));
}

float highest_between(std::span<const float> samples, std::int64_t from, std::int64_t to) {
  float highest = 0;
  for (std::int64_t i = from; i < to; ++i) highest = std::max(highest, std::fabs(sample_at(samples, i)));
  return highest;
}

// The mean over the level's time up to the QRS onset.
float level_before(std::span<const float> samples, std::int64_t onset, std::int64_t reach) {
  float sum = 0;
  for (std::int64_t i = onset - reach; i <= onset; ++i) sum += sample_at(samples, i);
  return sum / static_cast<float>(reach + 1);
}

// Takes off the straight lines between the levels at the onsets.
void flatten(std::vector<float>& samples, std::span<const std::pair<std::int64_t, std::int64_t>> qrs,
             const std::vector<float>& levels) {
  std::size_t next = 0;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const auto place = static_cast<std::int64_t>(i);
    while (next < qrs.size() && qrs[next].first <= place) ++next;
    if (next == 0 || next == qrs.size()) {
      samples[i] -= levels[next == 0 ? 0 : next - 1];
      continue;
    }
    const auto before = static_cast<float>(place - qrs[next - 1].first);
    const auto whole = static_cast<float>(qrs[next].first - qrs[next - 1].first);
    samples[i] -= std::lerp(levels[next - 1], levels[next], before / whole);
  }
}

void bridge(std::vector<float>& samples, std::int64_t from, std::int64_t to) {
  const float first = sample_at(samples, from), last = sample_at(samples, to);
  const auto width = static_cast<float>(std::max<std::int64_t>(1, to - from));
  for (std::int64_t i = from; i <= to; ++i)
    samples[static_cast<std::size_t>(i)] = std::lerp(first, last, static_cast<float>(i - from) / width);
}

}  // namespace

WaveLeads::WaveLeads(const Recording& recording, std::span<const std::int64_t> beats) {
  factor_ =
      std::max<std::int64_t>(1, static_cast<std::int64_t>(recording.sampling_frequency / kWorkingFrequency));
  frequency_ = recording.sampling_frequency / static_cast<double>(factor_);
  for (const std::int64_t beat : beats) beats_.push_back(beat / factor_);
  for (const Lead& lead : recording.leads)
    add_lead(factor_ == 1 ? lead.samples : decimate(lead.samples, static_cast<std::size_t>(factor_)));
  slope_.assign(static_cast<std::size_t>(length_), 0);
  for (const WaveLead& lead : leads_)
    for (std::size_t i = 0; i < slope_.size(); ++i) {
      const float scaled = lead.slope[i] * lead.weight;
      slope_[i] += scaled * scaled;
    }
  for (float& x : slope_) x = std::sqrt(x / static_cast<float>(leads_.size()));
}

std::int64_t WaveLeads::samples_of(double seconds) const {
  return std::llround(seconds * frequency_);
}

void WaveLeads::add_lead(std::vector<float> samples) {
  if (leads_.empty()) length_ = static_cast<std::int64_t>(samples.size());
  samples.resize(static_cast<std::size_t>(length_), 0);
  fill_gaps(samples);
  filter_zero_phase(samples, std::array{high_pass(kLowest, frequency_), low_pass(kHighest, frequency_)});
  WaveLead lead;
  lead.slope = absolute_slope(samples, frequency_);
  lead.clean = std::move(samples);
  std::vector<float> steepest, all = lead.slope;
  for (const std::int64_t beat : beats_)
    steepest.push_back(
        highest_between(lead.slope, beat - samples_of(kQrsHalf), beat + samples_of(kQrsHalf) + 1));
  const float usual = median(std::move(steepest)), floor = quantile_in_place(all, 0.5);
  if (usual > kSilent) lead.weight = std::max(kSmallestShare, 1 - kNoisePenalty * floor / usual) / usual;
  leads_.push_back(std::move(lead));
}

void WaveLeads::bridge_qrs(std::span<const std::pair<std::int64_t, std::int64_t>> qrs) {
  for (WaveLead& lead : leads_) {
    lead.waves = lead.clean;
    std::vector<float> levels;
    for (const auto& [onset, offset] : qrs) {
      levels.push_back(level_before(lead.clean, onset, samples_of(kLevelSeconds)));
      bridge(lead.waves, onset, offset);
    }
    filter_zero_phase(lead.waves, low_pass(kWavesHighest, frequency_));
    if (!levels.empty()) flatten(lead.waves, qrs, levels);
  }
}

std::vector<float> WaveLeads::fused_waves(std::span<const std::pair<std::int64_t, std::int64_t>> qrs) const {
  std::vector<float> fused(static_cast<std::size_t>(length_), 0);
  for (const WaveLead& lead : leads_) {
    std::vector<float> heights;
    for (std::size_t k = 0; k + 1 < qrs.size(); ++k)
      heights.push_back(highest_between(lead.waves, qrs[k].second, qrs[k + 1].first));
    const float usual = std::max(kSmallestHeight, median(std::move(heights)));
    for (std::size_t i = 0; i < fused.size(); ++i) fused[i] += lead.waves[i] * lead.waves[i] / usual;
  }
  for (float& x : fused) x = std::sqrt(x / static_cast<float>(leads_.size()));
  return fused;
}

}  // namespace meridian::signal
