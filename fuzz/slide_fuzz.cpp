// Any bytes as what slides are made of: JPEG squares with the tables of a TIFF before them, and an instance
// of a DICOM slide. Scanners' files are opened in a process of their own, with little memory
// (app/slide_process.h): OpenSlide takes what a file says that it needs.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "archive/slide/jpeg_stream.h"
#include "archive/slide/open_slide.h"
#include "base/error.h"

namespace {

using namespace meridian;
using namespace meridian::archive;

template <class Function>
void attempt(Function&& function) {
  try {
    function();
  } catch (const Error&) {
  }
}

void take_over(std::string_view bytes) {
  const std::string_view tables = bytes.substr(0, bytes.size() / 4), square = bytes.substr(bytes.size() / 4);
  read_jpeg_frame(square);
  marked_as_rgb(with_jpeg_tables(square, tables));
}

void look_at(const std::string& bytes) {
  const auto slide = open_slide({bytes});
  slide->tile(0, 0, 0);
  slide->read(slide->levels().size() - 1, -10, -10, 64, 64);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  attempt([&] { take_over(bytes); });
  attempt([&] { look_at(bytes); });
  return 0;
}
