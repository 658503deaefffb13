// A WFDB record made of hostile bytes: up to the first line "--" the header, then the signal file, then
// annotations.
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

#include "archive/waveform/reader.h"
#include "archive/waveform/wfdb_annotation.h"
#include "base/error.h"

namespace {

std::string take_part(std::string& rest) {
  const auto end = rest.find("\n--\n");
  if (end == std::string::npos) return std::exchange(rest, {});
  std::string part = rest.substr(0, end + 1);
  rest.erase(0, end + 4);
  return part;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace meridian;
  std::string rest(reinterpret_cast<const char*>(data), size);
  std::string header = take_part(rest), signals = take_part(rest);
  const archive::NamedBytes files[] = {{"r.hea", std::move(header)}, {"r.dat", std::move(signals)}};
  try {
    archive::read_recording(files);
  } catch (const Error&) {
  }
  try {
    archive::read_wfdb_annotations(rest);
  } catch (const Error&) {
  }
  return 0;
}
