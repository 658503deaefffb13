// Packed leads of a Philips file, made of hostile bytes.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "archive/waveform/xli.h"
#include "base/error.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace meridian;
  try {
    archive::unpack_xli(std::string_view(reinterpret_cast<const char*>(data), size), 5000);
  } catch (const Error&) {
  }
  return 0;
}
