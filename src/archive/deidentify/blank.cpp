#include "archive/deidentify/blank.h"

#include <algorithm>

#include "archive/part10.h"
#include "archive/stored_image.h"
#include "archive/transcode.h"
#include "base/error.h"

namespace meridian::archive {
namespace {

void require_changeable(const PixelFormat& format) {
  const bool subsampled = format.photometric.find("422") != std::string::npos ||
                          format.photometric.find("420") != std::string::npos;
  if (format.is_valid() && !format.is_float && !subsampled && format.bits_allocated % 8 == 0) return;
  throw Error(ErrorCode::not_supported, "Areas of pixels of this kind cannot be blanked", "(7FE0,0010)");
}

void blank_row(char* row, const vision::Box& box, std::size_t bytes_of_pixel) {
  std::fill_n(row + static_cast<std::size_t>(box.left) * bytes_of_pixel,
              static_cast<std::size_t>(box.width()) * bytes_of_pixel, '\0');
}

}  // namespace

std::string blank(const std::string& file, std::span<const vision::Box> boxes) {
  std::string native = to_native(file, kExplicitLittleEndian);
  const StoredImage image = StoredImage::of_file(native);
  const PixelFormat& format = image.format();
  require_changeable(format);
  // Samples one beside the other are one plane of larger pixels.
  const std::size_t planes = format.by_plane ? static_cast<std::size_t>(format.samples) : 1;
  const std::size_t bytes_of_pixel =
      static_cast<std::size_t>(format.bits_allocated / 8) * static_cast<std::size_t>(format.samples) / planes;
  const std::size_t bytes_of_row = bytes_of_pixel * static_cast<std::size_t>(format.columns);
  const std::size_t rows =
      static_cast<std::size_t>(format.rows) * planes * static_cast<std::size_t>(format.frames);
  const std::size_t begin = image.layout().dataset_offset + image.layout().value.offset;
  if (begin + rows * bytes_of_row > native.size())
    throw Error(ErrorCode::corrupted, "The pixel data are shorter than they say", "(7FE0,0010)");
  for (const vision::Box& asked : boxes) {
    const vision::Box box{std::clamp(asked.left, 0, format.columns), std::clamp(asked.top, 0, format.rows),
                          std::clamp(asked.right, 0, format.columns),
                          std::clamp(asked.bottom, 0, format.rows)};
    for (std::size_t row = 0; row < rows && box.width() > 0; ++row) {
      const int y = static_cast<int>(row % static_cast<std::size_t>(format.rows));
      if (y >= box.top && y < box.bottom) blank_row(&native[begin + row * bytes_of_row], box, bytes_of_pixel);
    }
  }
  return native;
}

}  // namespace meridian::archive
