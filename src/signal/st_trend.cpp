#include "signal/st_trend.h"

#include <algorithm>
#include <cmath>

#include "signal/statistics.h"

namespace meridian::signal {
namespace {

constexpr double kMinute = 60;                                         // s
constexpr double kLevelSeconds = 0.02;                                 // as in ecg_measurements
constexpr double kLevelAt = 0.06, kSlopeFrom = 0.02, kSlopeTo = 0.08;  // s after the J point
constexpr std::size_t kFewest = 10;                                    // beats of a minute
constexpr float kShift = 0.1f;                                         // mV
constexpr float kSteepest = 1;                                         // mV/s
constexpr std::size_t kShortest = 2;                                   // minutes

class LeadSt {
 public:
  LeadSt(const std::vector<float>& samples, double frequency)
      : samples_(samples), frequency_(frequency), half_(std::llround(kLevelSeconds / 2 * frequency)) {}

  // NaN where samples are missing.
  StLevel measure(std::int64_t beat, const QrsReach& reach) const {
    const double j = reach.offset;
    const float rest = mean_at(beat, reach.onset - kLevelSeconds / 2);
    const float first = mean_at(beat, j + kSlopeFrom), last = mean_at(beat, j + kSlopeTo);
    return {mean_at(beat, j + kLevelAt) - rest, (last - first) / static_cast<float>(kSlopeTo - kSlopeFrom)};
  }

 private:
  float mean_at(std::int64_t beat, double seconds) const {
    const std::int64_t middle = beat + std::llround(seconds * frequency_);
    const auto last = static_cast<std::int64_t>(samples_.size()) - 1;
    float sum = 0;
    for (std::int64_t i = middle - half_; i <= middle + half_; ++i)
      sum += samples_[static_cast<std::size_t>(std::clamp<std::int64_t>(i, 0, last))];
    return sum / static_cast<float>(2 * half_ + 1);
  }

  const std::vector<float>& samples_;
  double frequency_;
  std::int64_t half_;
};

std::optional<StLevel> median_of(const std::vector<StLevel>& beats) {
  if (beats.size() < kFewest) return std::nullopt;
  std::vector<float> levels, slopes;
  for (const StLevel& beat : beats) {
    levels.push_back(beat.level);
    slopes.push_back(beat.slope);
  }
  return StLevel{median(std::move(levels)), median(std::move(slopes))};
}

const QrsReach& reach_at(std::span<const QrsReach> reaches, double seconds) {
  const auto next = std::upper_bound(reaches.begin(), reaches.end(), seconds,
                                     [](double at, const QrsReach& reach) { return at < reach.from; });
  return next == reaches.begin() ? reaches.front() : *(next - 1);
}

bool deviates(const std::optional<StLevel>& minute, float reference, float sign) {
  if (!minute || (minute->level - reference) * sign < kShift) return false;
  return sign > 0 || minute->slope < kSteepest;
}

void add_episodes(const LeadStTrend& lead, float reference, float sign, std::vector<StEpisode>& episodes) {
  for (std::size_t first = 0; first < lead.minutes.size();) {
    std::size_t end = first;
    StEpisode episode{.lead = lead.lead, .from = static_cast<double>(first) * kMinute};
    for (; end < lead.minutes.size() && deviates(lead.minutes[end], reference, sign); ++end) {
      const StLevel& minute = *lead.minutes[end];
      if ((minute.level - reference - episode.shift) * sign <= 0) continue;
      episode.shift = minute.level - reference;
      episode.level = minute.level;
      episode.slope = minute.slope;
    }
    episode.to = static_cast<double>(end) * kMinute;
    if (end - first >= kShortest) episodes.push_back(std::move(episode));
    first = std::max(end, first + 1);
  }
}

}  // namespace

std::vector<LeadStTrend> st_trend(const Recording& recording, std::span<const std::int64_t> beats,
                                  std::string_view classes, std::span<const QrsReach> reaches) {
  std::vector<LeadStTrend> trend;
  if (reaches.empty()) return trend;
  const double frequency = recording.sampling_frequency;
  const auto minutes = static_cast<std::size_t>(std::ceil(recording.seconds() / kMinute));
  for (const Lead& lead : recording.leads) {
    const LeadSt st(lead.samples, frequency);
    LeadStTrend result{lead.name, {}};
    std::vector<StLevel> measured;
    std::size_t beat = 0;
    for (std::size_t minute = 0; minute < minutes; ++minute) {
      const double end = static_cast<double>(minute + 1) * kMinute;
      measured.clear();
      for (; beat < beats.size() && static_cast<double>(beats[beat]) < end * frequency; ++beat) {
        if (beat >= classes.size() || classes[beat] != 'N') continue;
        const StLevel level = st.measure(beats[beat], reach_at(reaches, end - kMinute));
        if (std::isfinite(level.level) && std::isfinite(level.slope)) measured.push_back(level);
      }
      result.minutes.push_back(median_of(measured));
    }
    trend.push_back(std::move(result));
  }
  return trend;
}

std::vector<StEpisode> st_episodes(std::span<const LeadStTrend> trend) {
  std::vector<StEpisode> episodes;
  for (const LeadStTrend& lead : trend) {
    std::vector<float> levels;
    for (const auto& minute : lead.minutes)
      if (minute) levels.push_back(minute->level);
    if (levels.empty()) continue;
    const float reference = median(std::move(levels));
    add_episodes(lead, reference, -1, episodes);
    add_episodes(lead, reference, 1, episodes);
  }
  return episodes;
}

}  // namespace meridian::signal
