// How the beats that are not normal follow one another.
#pragma once
#include <cstddef>
#include <string_view>

namespace meridian::assistants::ecg {

struct EctopicBeats {
  std::size_t beats = 0;
  std::size_t couplets = 0;               // two in a row
  std::size_t runs = 0, longest_run = 0;  // three or more in a row; its beats
  std::size_t bigeminy = 0;   // stretches of three pairs, a normal beat and an ectopic one, at least
  std::size_t trigeminy = 0;  // likewise, of two normal beats and an ectopic one
};

struct Ectopy {
  EctopicBeats ventricular, supraventricular;  // classes V and S
};

// classes: N, S, V, F or Q, one a beat, in their order.
Ectopy find_ectopy(std::string_view classes);

}  // namespace meridian::assistants::ecg
