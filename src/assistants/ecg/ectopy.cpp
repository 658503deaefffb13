#include "assistants/ecg/ectopy.h"

#include <algorithm>

namespace meridian::assistants::ecg {
namespace {

constexpr std::size_t kRunBeats = 3;  // AHA/ACC/HRS 2017: tachycardia, from 3 beats on
constexpr double kRunInterval = 0.6;  // s: 100 a minute
constexpr std::size_t kGroups = 3;    // that make a stretch of bigeminy or trigeminy

std::size_t length_of_run(std::string_view classes, char ectopic, std::size_t from) {
  const std::size_t end = std::min(classes.size(), classes.find_first_not_of(ectopic, from));
  return end - from;
}

// Of groups of `period` beats, the last of them ectopic and the others normal.
std::size_t length_of_pattern(std::string_view classes, char ectopic, std::size_t period, std::size_t from) {
  std::size_t end = from;
  while (end < classes.size() && classes[end] == ((end - from) % period == period - 1 ? ectopic : 'N')) ++end;
  return end - from;
}

std::vector<BeatSpan> stretches(std::string_view classes, char ectopic, std::size_t period) {
  std::vector<BeatSpan> found;
  for (std::size_t i = 0; i < classes.size();) {
    const std::size_t length = length_of_pattern(classes, ectopic, period, i);
    const bool enough = length >= kGroups * period;
    if (enough) found.push_back({i, i + length - 1});
    i += enough ? length : 1;
  }
  return found;
}

class Runs {
 public:
  Runs(std::span<const std::int64_t> beats, double sampling_frequency)
      : beats_(beats), sampling_frequency_(sampling_frequency) {}

  // run: three beats or more in a row.
  void add(const BeatSpan& run, EctopicBeats& found) const {
    if (interval(run) < kRunInterval) {
      found.runs.push_back(run);
      return;
    }
    const std::size_t before = found.runs.size();
    for (BeatSpan part{run.first, run.first}; part.first < run.last; part = {part.last + 1, part.last + 1}) {
      while (part.last < run.last && interval({part.last, part.last + 1}) < kRunInterval) ++part.last;
      if (part.beats() >= kRunBeats) found.runs.push_back(part);
    }
    if (found.runs.size() == before) found.slow_runs.push_back(run);
  }

 private:
  // Mean, in seconds.
  double interval(const BeatSpan& span) const {
    return static_cast<double>(beats_[span.last] - beats_[span.first]) / sampling_frequency_ /
           static_cast<double>(span.last - span.first);
  }

  std::span<const std::int64_t> beats_;
  double sampling_frequency_;
};

EctopicBeats find_beats(std::string_view classes, char ectopic, const Runs& runs) {
  EctopicBeats found;
  found.beats = static_cast<std::size_t>(std::count(classes.begin(), classes.end(), ectopic));
  for (std::size_t i = 0; i < classes.size();) {
    const std::size_t length = length_of_run(classes, ectopic, i);
    if (length == 2) found.couplets.push_back({i, i + 1});
    if (length >= kRunBeats) runs.add({i, i + length - 1}, found);
    i += std::max<std::size_t>(1, length);
  }
  found.bigeminy = stretches(classes, ectopic, 2);
  found.trigeminy = stretches(classes, ectopic, 3);
  return found;
}

}  // namespace

Ectopy find_ectopy(std::string_view classes, std::span<const std::int64_t> beats, double sampling_frequency) {
  const Runs runs(beats, sampling_frequency);
  return {find_beats(classes, 'V', runs), find_beats(classes, 'S', runs)};
}

std::vector<ROnT> find_r_on_t(std::span<const std::int64_t> beats, std::string_view classes,
                              double sampling_frequency, const std::function<double(std::int64_t)>& qt_at) {
  std::vector<ROnT> found;
  for (std::size_t i = 1; i < classes.size(); ++i) {
    if (classes[i] != 'V' || classes[i - 1] != 'N') continue;
    const double coupling = static_cast<double>(beats[i] - beats[i - 1]) / sampling_frequency;
    const double qt = qt_at(beats[i]);
    if (coupling < qt) found.push_back({beats[i], coupling, qt});
  }
  return found;
}

}  // namespace meridian::assistants::ecg
