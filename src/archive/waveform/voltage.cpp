#include "archive/waveform/voltage.h"

namespace meridian::archive {

std::optional<double> millivolts_per(std::string_view unit) {
  if (unit.empty() || (unit.back() != 'V' && unit.back() != 'v')) return std::nullopt;
  const std::string_view prefix = unit.substr(0, unit.size() - 1);
  if (prefix == "m") return 1.0;
  if (prefix == "u" || prefix == "\xC2\xB5" || prefix == "\xCE\xBC" || prefix == "\xB5") return 1e-3;
  if (prefix.empty()) return 1e3;
  if (prefix == "n") return 1e-6;
  return std::nullopt;
}

}  // namespace meridian::archive
