#include "assistants/ecg/ectopy.h"

#include <algorithm>

namespace meridian::assistants::ecg {
namespace {

constexpr std::size_t kRunBeats = 3;       // AHA/ACC/HRS 2017: non-sustained tachycardia, from 3 beats on
constexpr std::size_t kBigeminyBeats = 6;  // three pairs of a normal and a ventricular beat

std::size_t length_of_ventricular(std::string_view classes, std::size_t from) {
  const std::size_t end = std::min(classes.size(), classes.find_first_not_of('V', from));
  return end - from;
}

std::size_t length_of_alternation(std::string_view classes, std::size_t from) {
  std::size_t end = from;
  while (end < classes.size() && classes[end] == ((end - from) % 2 ? 'V' : 'N')) ++end;
  return end - from;
}

}  // namespace

Ectopy find_ectopy(std::string_view classes) {
  Ectopy ectopy;
  ectopy.ventricular = static_cast<std::size_t>(std::count(classes.begin(), classes.end(), 'V'));
  for (std::size_t i = 0; i < classes.size();) {
    const std::size_t length = length_of_ventricular(classes, i);
    ectopy.couplets += length == 2 ? 1 : 0;
    ectopy.runs += length >= kRunBeats ? 1 : 0;
    if (length >= kRunBeats) ectopy.longest_run = std::max(ectopy.longest_run, length);
    i += std::max<std::size_t>(1, length);
  }
  for (std::size_t i = 0; i < classes.size();) {
    const std::size_t length = length_of_alternation(classes, i);
    const bool bigeminy = length >= kBigeminyBeats;
    ectopy.bigeminy += bigeminy ? 1 : 0;
    i += bigeminy ? length : 1;
  }
  return ectopy;
}

}  // namespace meridian::assistants::ecg
