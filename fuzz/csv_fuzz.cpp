// A CSV made of hostile bytes: up to the first line "--" its JSON, which may be empty, then the table.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "archive/waveform/csv_reader.h"
#include "base/error.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace meridian;
  std::string_view table(reinterpret_cast<const char*>(data), size), sidecar;
  if (const auto end = table.find("--\n"); end != std::string_view::npos) {
    sidecar = table.substr(0, end);
    table.remove_prefix(end + 3);
  }
  try {
    archive::read_csv_ecg(table, sidecar);
  } catch (const Error&) {
  }
  return 0;
}
