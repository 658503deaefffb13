// Any bytes as a DICOM file: parsed, described, and each kind of look at it taken.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "archive/metadata.h"
#include "archive/parse.h"
#include "archive/part10.h"
#include "archive/render.h"
#include "base/error.h"

namespace {

using namespace meridian;
using namespace meridian::archive;

void look_at(std::string_view bytes) {
  Parsed parsed = parse_instance(std::string(bytes));
  const std::string file = inflate_part10(std::move(parsed.file));
  const FileMeta meta = read_file_meta(file);
  dicom_json(std::string_view(file).substr(meta.dataset_offset), *meta.syntax, 0, "bulk").dump();
  const StoredImage image = StoredImage::of_file(bytes);
  render_frame(image, {.frame = image.format().frames, .max_width = 64, .max_height = 64});
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    look_at({reinterpret_cast<const char*>(data), size});
  } catch (const Error&) {
  }
  return 0;
}
