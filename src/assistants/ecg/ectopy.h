// How the beats that are not normal follow one another.
#pragma once
#include <cstddef>
#include <string_view>

namespace meridian::assistants::ecg {

struct Ectopy {
  std::size_t ventricular = 0;            // beats of class V
  std::size_t couplets = 0;               // two V in a row
  std::size_t runs = 0, longest_run = 0;  // three V or more in a row; its beats
  std::size_t bigeminy = 0;               // stretches of N V N V N V at least
};

// classes: N, S, V, F or Q, one a beat, in their order.
Ectopy find_ectopy(std::string_view classes);

}  // namespace meridian::assistants::ecg
