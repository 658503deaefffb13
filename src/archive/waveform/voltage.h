// Units of voltage as recordings write them.
#pragma once
#include <optional>
#include <string_view>

namespace meridian::archive {

// Millivolts in one of the unit ("mV", "uV", "µV", "V", "nV", in any case but for the prefix's), or nothing
// when it is not one of voltage.
std::optional<double> millivolts_per(std::string_view unit);

}  // namespace meridian::archive
