#include "signal/qrs_activity.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "signal/filter.h"
#include "signal/gaps.h"
#include "signal/statistics.h"

namespace meridian::signal {
namespace {

// Most of a QRS complex lies in 5 to 30 Hz, below muscle noise and above T waves and baseline (Thakor et al.
// 1984).
constexpr double kLowest = 5, kHighest = 30;  // Hz
constexpr double kEnvelopeSeconds = 0.06;
// A block holds at least one beat above 40 a minute; the level is the median over 11 blocks, so that neither
// a missed beat nor a burst of noise moves it.
constexpr double kBlockSeconds = 1.5;
constexpr std::size_t kEnvelopeStep = 3;  // samples; the envelope is smooth
constexpr std::size_t kLevelReach = 5;
constexpr float kSilent = 1e-4f;   // mV
constexpr float kLargestPeak = 2;  // times the level: one artefact must not outweigh the other leads
constexpr float kUseless = 0.05f;
constexpr float kFloorPenalty = 2.0f;
constexpr std::size_t kWeightStep = 16;  // samples; weights change over seconds

float local_median(const std::vector<float>& blocks, std::size_t at, std::size_t reach) {
  const std::size_t from = at >= reach ? at - reach : 0, to = std::min(blocks.size(), at + reach + 1);
  return median(std::vector<float>(blocks.begin() + static_cast<std::ptrdiff_t>(from),
                                   blocks.begin() + static_cast<std::ptrdiff_t>(to)));
}

// Between the centres of two blocks, values follow a straight line.
float between_blocks(const std::vector<float>& blocks, std::size_t sample, std::size_t block) {
  const float position = (static_cast<float>(sample) + 0.5f) / static_cast<float>(block) - 0.5f;
  const float clamped = std::clamp(position, 0.0f, static_cast<float>(blocks.size() - 1));
  const auto left = static_cast<std::size_t>(clamped);
  const std::size_t right = std::min(left + 1, blocks.size() - 1);
  return std::lerp(blocks[left], blocks[right], clamped - static_cast<float>(left));
}

float weight_of(float level, float floor) {
  if (level <= kSilent) return 0;
  const float clean = std::max(kUseless, 1 - kFloorPenalty * floor / level);
  return clean * clean * clean;
}

}  // namespace

QrsActivity::QrsActivity(const Recording& recording)
    : sampling_frequency_(recording.sampling_frequency),
      length_(recording.length()),
      block_(std::max<std::size_t>(1, std::lround(kBlockSeconds * sampling_frequency_))) {
  std::vector<std::vector<float>> leads;
  for (const Lead& lead : recording.leads) {
    leads.push_back(lead.samples);
    leads.back().resize(length_, 0);
    fill_gaps(leads.back());
  }
  filter_zero_phase(
      leads, std::array{high_pass(kLowest, sampling_frequency_), low_pass(kHighest, sampling_frequency_)});
  for (std::vector<float>& samples : leads) add_lead(std::move(samples));
  fuse();
}

void QrsActivity::add_lead(std::vector<float> samples) {
  LeadActivity lead;
  lead.band_passed = std::move(samples);
  lead.envelope.resize(length_);
  for_each_mean(
      lead.band_passed, static_cast<std::size_t>(kEnvelopeSeconds * sampling_frequency_),
      [](float x) { return x * x; },
      [to = lead.envelope.data()](std::size_t i, float mean) { to[i] = std::sqrt(std::max(0.0f, mean)); });
  std::vector<float> largest, block;
  for (std::size_t from = 0; from < length_; from += block_) {
    block.clear();
    for (std::size_t i = from; i < std::min(length_, from + block_); i += kEnvelopeStep)
      block.push_back(lead.envelope[i]);
    largest.push_back(*std::max_element(block.begin(), block.end()));
    lead.floor.push_back(quantile_in_place(block, 0.5));
  }
  for (std::size_t b = 0; b < largest.size(); ++b)
    lead.level.push_back(local_median(largest, b, kLevelReach));
  leads_.push_back(std::move(lead));
}

float QrsActivity::weight(std::size_t lead, std::size_t sample) const {
  const LeadActivity& activity = leads_[lead];
  return weight_of(between_blocks(activity.level, sample, block_),
                   between_blocks(activity.floor, sample, block_));
}

void QrsActivity::fuse() {
  fused_.assign(length_, 0);
  for (std::size_t from = 0; from < length_; from += kWeightStep) {
    const std::size_t to = std::min(length_, from + kWeightStep);
    float weights = 0;
    for (const LeadActivity& lead : leads_) {
      const float level = between_blocks(lead.level, from, block_);
      const float weight = weight_of(level, between_blocks(lead.floor, from, block_));
      if (weight == 0) continue;
      weights += weight;
      for (std::size_t i = from; i < to; ++i)
        fused_[i] += weight * std::min(kLargestPeak, lead.envelope[i] / level);
    }
    if (weights > 0)
      for (std::size_t i = from; i < to; ++i) fused_[i] /= weights;
  }
}

}  // namespace meridian::signal
