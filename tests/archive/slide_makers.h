// Slides that tests draw: a tiled TIFF as Aperio's scanners write it.
#pragma once
#include <tiffio.h>

#include <cstdint>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

#include "vision/image.h"

namespace meridian::archive {

struct DrawnTiff {
  int width = 2300, height = 1500, tile = 256;
  bool is_rgb = false;     // colours of the JPEG; else YCbCr
  bool compressed = true;  // JPEG; else as they are
  bool with_label = true;
  std::string properties = "|AppMag = 20|MPP = 0.5|Date = 12/29/09|Time = 09:59:15";
};

// Smooth, so that JPEG changes it little.
inline void drawn_colour(std::int64_t x, std::int64_t y, std::uint8_t* pixel) {
  pixel[0] = static_cast<std::uint8_t>(120 + x % 1000 / 10);
  pixel[1] = static_cast<std::uint8_t>(60 + y % 1000 / 10);
  pixel[2] = static_cast<std::uint8_t>(140 + (x + y) % 1000 / 12);
}

inline void check_written(bool done) {
  if (!done) throw std::runtime_error("the TIFF cannot be written");
}

inline void put_colours(TIFF* tiff, const DrawnTiff& how) {
  TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, 3);
  TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, 8);
  TIFFSetField(tiff, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
  TIFFSetField(tiff, TIFFTAG_COMPRESSION, how.compressed ? COMPRESSION_JPEG : COMPRESSION_NONE);
  const bool is_rgb = how.is_rgb || !how.compressed;
  TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, is_rgb ? PHOTOMETRIC_RGB : PHOTOMETRIC_YCBCR);
  if (!how.compressed) return;
  TIFFSetField(tiff, TIFFTAG_JPEGQUALITY, 92);
  if (!is_rgb) TIFFSetField(tiff, TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB);
}

// Whatever is second is the thumbnail.
inline void write_side_image(TIFF* tiff, const char* description) {
  constexpr std::uint32_t kWidth = 96, kHeight = 64;
  TIFFSetField(tiff, TIFFTAG_SUBFILETYPE, 1);
  TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, kWidth);
  TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, kHeight);
  TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, kHeight);
  put_colours(tiff, {.compressed = false});
  TIFFSetField(tiff, TIFFTAG_IMAGEDESCRIPTION, description);
  std::vector<std::uint8_t> pixels(std::size_t(kWidth) * kHeight * 3, 200);
  check_written(TIFFWriteEncodedStrip(tiff, 0, pixels.data(), static_cast<tmsize_t>(pixels.size())) > 0);
  check_written(TIFFWriteDirectory(tiff) == 1);
}

inline void write_drawn_tiff(const std::filesystem::path& file, const DrawnTiff& how = {}) {
  TIFF* tiff = TIFFOpen(file.c_str(), "w");
  check_written(tiff != nullptr);
  TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, how.width);
  TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, how.height);
  TIFFSetField(tiff, TIFFTAG_TILEWIDTH, how.tile);
  TIFFSetField(tiff, TIFFTAG_TILELENGTH, how.tile);
  put_colours(tiff, how);
  const std::string description = "Aperio Image Library v11.2.1\n" + std::to_string(how.width) + "x" +
                                  std::to_string(how.height) + how.properties;
  TIFFSetField(tiff, TIFFTAG_IMAGEDESCRIPTION, description.c_str());
  std::vector<std::uint8_t> tile(std::size_t(how.tile) * std::size_t(how.tile) * 3);
  for (int y = 0; y < how.height; y += how.tile)
    for (int x = 0; x < how.width; x += how.tile) {
      for (int row = 0; row < how.tile; ++row)
        for (int column = 0; column < how.tile; ++column)
          drawn_colour(x + column, y + row,
                       &tile[(std::size_t(row) * std::size_t(how.tile) + std::size_t(column)) * 3]);
      check_written(TIFFWriteTile(tiff, tile.data(), static_cast<std::uint32_t>(x),
                                  static_cast<std::uint32_t>(y), 0, 0) > 0);
    }
  check_written(TIFFWriteDirectory(tiff) == 1);
  if (how.with_label) {
    write_side_image(tiff, "Aperio Image Library v11.2.1\n96x64 -> 96x64");
    write_side_image(tiff, "Aperio Image Library v11.2.1\nlabel 96x64");
  }
  TIFFClose(tiff);
}

// A TIFF that says it has so many pixels a side and holds one square of them.
// square: pixels a side, so many that few squares make many pixels.
inline void write_vast_tiff(const std::filesystem::path& file, std::uint32_t width, std::uint32_t height,
                            std::uint32_t square = 8192) {
  TIFF* tiff = TIFFOpen(file.c_str(), "w");
  check_written(tiff != nullptr);
  TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, width);
  TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, height);
  TIFFSetField(tiff, TIFFTAG_TILEWIDTH, square);
  TIFFSetField(tiff, TIFFTAG_TILELENGTH, square);
  put_colours(tiff, {.is_rgb = true});
  std::string nothing = "no JPEG";
  check_written(TIFFWriteRawTile(tiff, 0, nothing.data(), static_cast<tmsize_t>(nothing.size())) > 0);
  check_written(TIFFWriteDirectory(tiff) == 1);
  TIFFClose(tiff);
}

}  // namespace meridian::archive
