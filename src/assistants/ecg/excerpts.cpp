#include "assistants/ecg/excerpts.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "assistants/ecg/waves.h"
#include "signal/statistics.h"

namespace meridian::assistants::ecg {
namespace {

constexpr double kHour = 3600, kLength = 20, kStep = 60;  // s
constexpr std::size_t kFewest = 8;                        // beats
constexpr double kMostOthers = 0.25;                      // of the beats

using Beats = std::span<const std::int64_t>;

bool is_usable(std::span<const signal::LeadQuality> quality, double from, double to) {
  const auto first = static_cast<std::size_t>(from), last = static_cast<std::size_t>(to);
  return std::any_of(quality.begin(), quality.end(), [&](const signal::LeadQuality& lead) {
    if (last > lead.seconds.size()) return false;
    return std::all_of(lead.seconds.begin() + static_cast<std::ptrdiff_t>(first),
                       lead.seconds.begin() + static_cast<std::ptrdiff_t>(last), [](signal::Quality second) {
                         return second == signal::Quality::good || second == signal::Quality::wandering;
                       });
  });
}

class Excerpts {
 public:
  Excerpts(const signal::Recording& recording, Beats beats, std::string_view classes,
           const LogisticModel& p_waves)
      : recording_(recording), beats_(beats), classes_(classes), p_waves_(p_waves) {}

  std::optional<Excerpt> at(double from) const {
    const double frequency = recording_.sampling_frequency, to = from + kLength;
    const auto begin = std::llround(from * frequency), end = std::llround(to * frequency);
    const auto first = std::lower_bound(beats_.begin(), beats_.end(), begin);
    const auto last = std::lower_bound(first, beats_.end(), end);
    const auto count = static_cast<std::size_t>(last - first);
    if (count < kFewest) return std::nullopt;
    const std::string_view classes = classes_.substr(static_cast<std::size_t>(first - beats_.begin()), count);
    const auto normal = static_cast<std::size_t>(std::count(classes.begin(), classes.end(), 'N'));
    if (static_cast<double>(count - normal) > kMostOthers * static_cast<double>(count)) return std::nullopt;
    std::vector<std::int64_t> beats;
    for (auto beat = first; beat != last; ++beat) beats.push_back(*beat - begin);
    return measure(cut(begin, end), beats, classes, from);
  }

 private:
  signal::Recording cut(std::int64_t begin, std::int64_t end) const {
    signal::Recording part;
    part.sampling_frequency = recording_.sampling_frequency;
    for (const signal::Lead& lead : recording_.leads)
      part.leads.push_back({lead.name, {lead.samples.begin() + begin, lead.samples.begin() + end}});
    return part;
  }

  Excerpt measure(const signal::Recording& part, const std::vector<std::int64_t>& beats,
                  std::string_view classes, double from) const {
    const signal::Delineation waves = find_waves(part, beats, p_waves_);
    const auto chosen = beats_to_measure(classes, beats.size());
    Excerpt excerpt{.from = from, .to = from + kLength};
    excerpt.rr = static_cast<double>(beats.back() - beats.front()) / part.sampling_frequency /
                 static_cast<double>(beats.size() - 1);
    excerpt.intervals = signal::measure_ecg(part, waves, chosen).intervals;
    std::vector<double> onsets, offsets;
    for (const std::size_t beat : chosen) {
      const signal::Wave& qrs = waves.global.beats[beat].qrs;
      onsets.push_back(static_cast<double>(qrs.onset - beats[beat]) / part.sampling_frequency);
      offsets.push_back(static_cast<double>(qrs.offset - beats[beat]) / part.sampling_frequency);
    }
    excerpt.reach = {from, signal::median(std::move(onsets)), signal::median(std::move(offsets))};
    return excerpt;
  }

  const signal::Recording& recording_;
  Beats beats_;
  std::string_view classes_;
  const LogisticModel& p_waves_;
};

}  // namespace

std::vector<Excerpt> measure_excerpts(const signal::Recording& recording,
                                      std::span<const signal::LeadQuality> quality, Beats beats,
                                      std::string_view classes, const LogisticModel& p_waves) {
  const Excerpts excerpts(recording, beats, classes, p_waves);
  std::vector<Excerpt> found;
  for (double hour = 0; hour < recording.seconds(); hour += kHour) {
    std::optional<Excerpt> excerpt;
    for (double from = hour; !excerpt && from < hour + kHour; from += kStep)
      if (from + kLength <= recording.seconds() && is_usable(quality, from, from + kLength))
        excerpt = excerpts.at(from);
    if (excerpt) found.push_back(*excerpt);
  }
  return found;
}

}  // namespace meridian::assistants::ecg
