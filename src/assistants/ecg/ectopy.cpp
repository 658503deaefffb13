#include "assistants/ecg/ectopy.h"

#include <algorithm>

namespace meridian::assistants::ecg {
namespace {

constexpr std::size_t kRunBeats = 3;  // AHA/ACC/HRS 2017: non-sustained tachycardia, from 3 beats on
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

std::size_t stretches(std::string_view classes, char ectopic, std::size_t period) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < classes.size();) {
    const std::size_t length = length_of_pattern(classes, ectopic, period, i);
    const bool found = length >= kGroups * period;
    count += found ? 1 : 0;
    i += found ? length : 1;
  }
  return count;
}

EctopicBeats find_beats(std::string_view classes, char ectopic) {
  EctopicBeats found;
  found.beats = static_cast<std::size_t>(std::count(classes.begin(), classes.end(), ectopic));
  for (std::size_t i = 0; i < classes.size();) {
    const std::size_t length = length_of_run(classes, ectopic, i);
    found.couplets += length == 2 ? 1 : 0;
    found.runs += length >= kRunBeats ? 1 : 0;
    if (length >= kRunBeats) found.longest_run = std::max(found.longest_run, length);
    i += std::max<std::size_t>(1, length);
  }
  found.bigeminy = stretches(classes, ectopic, 2);
  found.trigeminy = stretches(classes, ectopic, 3);
  return found;
}

}  // namespace

Ectopy find_ectopy(std::string_view classes) {
  return {find_beats(classes, 'V'), find_beats(classes, 'S')};
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
