// A DICOM waveform made of hostile bytes.
#include <cstddef>
#include <cstdint>
#include <string>

#include "archive/waveform/dicom_ecg_reader.h"
#include "base/error.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace meridian;
  try {
    archive::read_dicom_ecg(std::string(reinterpret_cast<const char*>(data), size));
  } catch (const Error&) {
  }
  return 0;
}
