#include "signal/pacing_spikes.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <span>
#include <utility>

#include "signal/range.h"

namespace meridian::signal {
namespace {

constexpr double kLeastFrequency = 500;               // Hz
constexpr std::size_t kFewestLeads = 8, kAtOnce = 6;  // leads
constexpr std::size_t kFewestSpikes = 2;
constexpr double kRise = 0.006, kLevel = 0.024;        // s before the peak
constexpr double kApart = 0.1;                         // s between two spikes
constexpr float kSmallest = 0.1f, kUnevenness = 0.3f;  // mV; of the height
constexpr float kSteepest = 0.3f, kReturn = 0.5f;  // of the height, from one sample to the next; back again

struct Reach {
  std::size_t rise, level, apart;  // samples
};

bool is_spike(std::span<const float> samples, std::size_t at, const Reach& reach) {
  const float height = samples[at] - samples[at - reach.rise];
  if (!(std::fabs(height) >= kSmallest)) return false;
  if (!(std::fabs(samples[at] - samples[at - 1]) >= kSteepest * std::fabs(height))) return false;
  const Range before = range_of(samples.subspan(at - reach.level, reach.level - reach.rise + 1));
  if (!(before.high - before.low < kUnevenness * std::fabs(height))) return false;
  for (std::size_t k = 1; k <= reach.rise; ++k)
    if ((samples[at] - samples[at + k]) / height >= kReturn) return true;
  return false;
}

std::vector<std::size_t> spikes_of(const std::vector<float>& samples, const Reach& reach) {
  std::vector<std::size_t> spikes;
  for (std::size_t i = reach.level; i + reach.level < samples.size(); ++i)
    if (is_spike(samples, i, reach)) {
      spikes.push_back(i);
      i += reach.apart;
    }
  return spikes;
}

}  // namespace

std::vector<std::int64_t> find_pacing_spikes(const Recording& recording) {
  if (recording.leads.size() < kFewestLeads || recording.sampling_frequency < kLeastFrequency) return {};
  const auto samples = [&](double seconds) {
    return static_cast<std::size_t>(std::lround(seconds * recording.sampling_frequency));
  };
  const Reach reach{samples(kRise), samples(kLevel), samples(kApart)};
  std::vector<std::pair<std::size_t, std::size_t>> all;  // sample and lead
  for (std::size_t lead = 0; lead < recording.leads.size(); ++lead)
    for (const std::size_t spike : spikes_of(recording.leads[lead].samples, reach))
      all.emplace_back(spike, lead);
  std::sort(all.begin(), all.end());
  std::vector<std::int64_t> together;
  for (auto first = all.begin(); first != all.end();) {
    std::set<std::size_t> leads;
    for (auto other = first; other != all.end() && other->first <= first->first + reach.rise; ++other)
      leads.insert(other->second);
    if (leads.size() < kAtOnce) {
      ++first;
      continue;
    }
    together.push_back(static_cast<std::int64_t>(first->first));
    const std::size_t end = first->first + reach.apart;
    first = std::find_if(first, all.end(), [&](const auto& spike) { return spike.first > end; });
  }
  if (together.size() < kFewestSpikes) together.clear();
  return together;
}

}  // namespace meridian::signal
