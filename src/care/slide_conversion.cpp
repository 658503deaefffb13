#include "care/slide_conversion.h"

#include <fmt/format.h>

#include <algorithm>
#include <thread>

#include "archive/slide/convert_slide.h"
#include "base/file.h"

namespace meridian::care {

void convert_slide_here(const SlideConversion& conversion) {
  const archive::SlideFile slide(conversion.slide);
  int number = 0;
  const auto write = [&](const std::string& file) {
    write_file(conversion.folder / fmt::format("{:06}.dcm", ++number), file);
  };
  const auto tell = [&](std::int64_t done, std::int64_t of) {
    if (conversion.progress) conversion.progress(done, of);
  };
  archive::SlideConversion how;
  how.threads = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  how.most_bytes = archive::most_converted_bytes(archive::bytes_of_slide(conversion.slide));
  archive::convert_slide(slide, archive::described_by(slide, conversion.facts), how, write, tell);
}

}  // namespace meridian::care
