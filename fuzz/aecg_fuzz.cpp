// An HL7 aECG made of hostile bytes.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "archive/waveform/aecg_reader.h"
#include "base/error.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace meridian;
  try {
    archive::read_aecg(std::string_view(reinterpret_cast<const char*>(data), size));
  } catch (const Error&) {
  }
  return 0;
}
