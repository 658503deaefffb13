#include "vision/split.h"

#include <cstdint>

#include "base/encoding.h"

namespace meridian::vision {
namespace {

constexpr double kTestShare = 0.25, kValidationShare = 0.15;

}  // namespace

Part part_of(const std::string& data_set, const std::string& key) {
  const std::string digest = sha256(data_set + "/" + key);
  std::uint32_t first = 0;
  for (int i = 0; i < 4; ++i) first = first << 8 | static_cast<unsigned char>(digest[i]);
  const double position = first / 4294967296.0;
  if (position < kTestShare) return Part::test;
  return position < kTestShare + kValidationShare ? Part::validation : Part::train;
}

}  // namespace meridian::vision
