// Any bytes as what slides are made of: JPEG squares with the tables of a TIFF before them, an instance of a
// DICOM slide, and a scanner's file, which OpenSlide and libtiff open as the process for slides does.
#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "archive/slide/convert_slide.h"
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

void convert(std::string_view bytes) {
  if (!begins_as_slide(bytes)) return;
  const int file = memfd_create("slide", MFD_CLOEXEC);
  attempt([&] {
    if (write(file, bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size())) return;
    const SlideFile slide("/proc/self/fd/" + std::to_string(file));
    constexpr SlideConversion kLittle{.threads = 1, .most_squares = 64, .most_bytes = std::uint64_t(1) << 22};
    convert_slide(
        slide, described_by(slide, {.study_uid = "1.2", .series_uid = "1.2.3"}), kLittle,
        [](const std::string&) {}, [](std::int64_t, std::int64_t) {});
  });
  close(file);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  attempt([&] { take_over(bytes); });
  attempt([&] { look_at(bytes); });
  convert(bytes);
  return 0;
}
