// A MUSE XML file made of hostile bytes.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "archive/waveform/muse_reader.h"
#include "base/error.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace meridian;
  try {
    archive::read_muse(std::string_view(reinterpret_cast<const char*>(data), size));
  } catch (const Error&) {
  }
  return 0;
}
