// Statuses of DIMSE (PS3.7, C).
#pragma once
#include <cstdint>

namespace meridian::doors::dimse {

inline constexpr std::uint16_t kSuccess = 0x0000;

// It was done, with something to note.
constexpr bool is_warning(std::uint16_t status) {
  return status >> 12 == 0xB;
}

}  // namespace meridian::doors::dimse
