#include "signal/beat_shapes.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "signal/dot_product.h"
#include "signal/statistics.h"

namespace meridian::signal {
namespace {

constexpr double kWorkingFrequency = 120;  // Hz; the activity holds nothing above 25 Hz
constexpr double kSlopeReachSeconds = 0.15, kAlignSeconds = 0.032;
constexpr float kAlike = 0.85f;
constexpr std::size_t kMostGroups = 24;
constexpr float kOffTimeShare = 0.2f;  // what a beat off its time counts for being dominant
constexpr float kLearning = 0.05f;     // how fast a group's mean follows its members

std::size_t thinning(double frequency) {
  return std::max<std::size_t>(1, static_cast<std::size_t>(frequency / kWorkingFrequency));
}

std::vector<float> thinned(const std::vector<float>& samples, std::size_t step) {
  std::vector<float> result;
  result.reserve(samples.size() / step + 1);
  for (std::size_t i = 0; i < samples.size(); i += step) result.push_back(samples[i]);
  return result;
}

float energy(const BeatShape& shape) {
  return dot_product(shape.data(), shape.data(), shape.size());
}

float correlation(const BeatShape& a, float energy_of_a, const BeatShape& b, float energy_of_b) {
  const float both = energy_of_a * energy_of_b;
  return both > 1e-12f ? dot_product(a.data(), b.data(), a.size()) / std::sqrt(both) : 0;
}

}  // namespace

float correlation(const BeatShape& a, const BeatShape& b) {
  return correlation(a, energy(a), b, energy(b));
}

float root_mean_square(const BeatShape& shape) {
  if (shape.empty()) return 0;
  return std::sqrt(energy(shape) / static_cast<float>(shape.size()));
}

BeatShapes::BeatShapes(std::span<const std::int64_t> beats, const RepeatingActivity& activity) {
  const std::size_t step = thinning(activity.sampling_frequency());
  frequency_ = activity.sampling_frequency() / static_cast<double>(step);
  for (const std::int64_t beat : beats) places_.push_back(beat / static_cast<std::int64_t>(step));
  std::vector<std::vector<float>> scaled;
  for (const std::vector<float>& samples : activity.leads()) {
    leads_.clear();  // one lead at a time is measured
    leads_.push_back(thinned(samples, step));
    std::vector<float> sizes;
    for (std::size_t beat = 0; beat < places_.size(); ++beat)
      sizes.push_back(root_mean_square(shape(beat, kQrsWindow)));
    const float size = median(std::move(sizes));
    if (size < 1e-3f) continue;
    for (float& x : leads_.front()) x /= size;
    scaled.push_back(std::move(leads_.front()));
  }
  leads_ = std::move(scaled);
}

std::int64_t BeatShapes::places_of(double seconds) const {
  return std::llround(seconds * frequency_);
}

BeatShape BeatShapes::shape(std::size_t beat, BeatWindow window) const {
  BeatShape shape;
  take_shape(places_[beat], window, shape);
  return shape;
}

void BeatShapes::take_shape(std::int64_t place, BeatWindow window, BeatShape& shape) const {
  const std::int64_t from = place + places_of(window.from), to = place + places_of(window.to);
  const auto width = to - from + 1;
  shape.resize(leads_.size() * static_cast<std::size_t>(width));
  float* own = shape.data();
  for (const std::vector<float>& lead : leads_) {
    const auto last = static_cast<std::int64_t>(lead.size()) - 1;
    if (from >= 0 && to <= last)
      std::copy_n(lead.begin() + from, width, own);
    else
      for (std::int64_t i = from; i <= to; ++i)
        own[i - from] = lead[static_cast<std::size_t>(std::clamp<std::int64_t>(i, 0, last))];
    float sum = 0;
    for (std::int64_t i = 0; i < width; ++i) sum += own[i];
    const float mean = sum / static_cast<float>(width);
    for (std::int64_t i = 0; i < width; ++i) own[i] -= mean;
    own += width;
  }
}

float BeatShapes::width(std::size_t beat) const {
  const std::int64_t reach = places_of(kSlopeReachSeconds);
  std::vector<float> energy(static_cast<std::size_t>(2 * reach), 0);
  for (const std::vector<float>& lead : leads_) {
    const auto last = static_cast<std::int64_t>(lead.size()) - 1;
    for (std::int64_t i = 0; i < 2 * reach; ++i) {
      const std::int64_t at =
          std::clamp<std::int64_t>(places_[beat] - reach + i, 1, std::max<std::int64_t>(1, last));
      if (at > last) continue;
      const float slope = lead[static_cast<std::size_t>(at)] - lead[static_cast<std::size_t>(at - 1)];
      energy[static_cast<std::size_t>(i)] += slope * slope;
    }
  }
  const float total = std::accumulate(energy.begin(), energy.end(), 0.0f);
  float sum = 0, inside = 0;
  for (const float part : energy) {
    sum += part;
    if (sum > 0.05f * total && sum < 0.95f * total) ++inside;
  }
  return inside / static_cast<float>(frequency_);
}

void BeatShapes::align(const BeatShape& qrs) {
  const std::int64_t reach = places_of(kAlignSeconds);
  const float energy_of_qrs = energy(qrs);
  BeatShape own;
  for (std::int64_t& place : places_) {
    std::int64_t best = place;
    float highest = -1;
    for (std::int64_t at = place - reach; at <= place + reach; ++at) {
      take_shape(at, kQrsWindow, own);
      const float alike = correlation(own, energy(own), qrs, energy_of_qrs);
      if (alike > highest) {
        highest = alike;
        best = at;
      }
    }
    place = best;
  }
}

ShapeGroups group_shapes(const BeatShapes& shapes, const std::vector<char>& on_time) {
  ShapeGroups groups;
  std::vector<float> votes, energies;  // by group
  for (std::size_t beat = 0; beat < shapes.size(); ++beat) {
    const BeatShape shape = shapes.shape(beat, kQrsWindow);
    const float own = energy(shape);
    std::size_t best = 0;
    float highest = -1;
    for (std::size_t g = 0; g < groups.means.size(); ++g) {
      const float alike = correlation(shape, own, groups.means[g], energies[g]);
      if (alike <= highest) continue;
      highest = alike;
      best = g;
    }
    if (groups.means.empty() || (highest < kAlike && groups.means.size() < kMostGroups)) {
      best = groups.means.size();
      groups.means.push_back(shape);
      energies.push_back(own);
      votes.push_back(0);
    } else {
      BeatShape& mean = groups.means[best];
      for (std::size_t i = 0; i < shape.size(); ++i) mean[i] += kLearning * (shape[i] - mean[i]);
      energies[best] = energy(mean);
    }
    votes[best] += on_time[beat] ? 1 : kOffTimeShare;
    groups.group_of.push_back(best);
  }
  groups.dominant = static_cast<std::size_t>(std::max_element(votes.begin(), votes.end()) - votes.begin());
  return groups;
}

}  // namespace meridian::signal
