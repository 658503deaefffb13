#include "archive/slide/tiff_tiles.h"

#include <tiffio.h>

#include <algorithm>
#include <mutex>

#include "archive/slide/jpeg_stream.h"
#include "base/error.h"

namespace meridian::archive {
namespace {

constexpr int kMostImages = 256;                                // in one file
constexpr std::uint64_t kLargestTile = std::uint64_t(1) << 24;  // bytes, compressed

struct TiffImage {
  tdir_t directory = 0;
  std::uint32_t width = 0, height = 0, tile_width = 0, tile_height = 0;
  bool is_rgb = false;
  std::string tables;
};

std::uint32_t number(TIFF* tiff, std::uint32_t tag) {
  std::uint32_t value = 0;
  TIFFGetField(tiff, tag, &value);
  return value;
}

std::uint16_t short_number(TIFF* tiff, std::uint32_t tag) {
  std::uint16_t value = 0;
  TIFFGetFieldDefaulted(tiff, tag, &value);
  return value;
}

std::optional<TiffImage> describe(TIFF* tiff) {
  const std::uint16_t photometric = short_number(tiff, TIFFTAG_PHOTOMETRIC);
  const bool fits = TIFFIsTiled(tiff) && short_number(tiff, TIFFTAG_COMPRESSION) == COMPRESSION_JPEG &&
                    short_number(tiff, TIFFTAG_SAMPLESPERPIXEL) == 3 &&
                    short_number(tiff, TIFFTAG_BITSPERSAMPLE) == 8 &&
                    short_number(tiff, TIFFTAG_PLANARCONFIG) == PLANARCONFIG_CONTIG &&
                    (photometric == PHOTOMETRIC_RGB || photometric == PHOTOMETRIC_YCBCR);
  if (!fits) return {};
  TiffImage image{TIFFCurrentDirectory(tiff),
                  number(tiff, TIFFTAG_IMAGEWIDTH),
                  number(tiff, TIFFTAG_IMAGELENGTH),
                  number(tiff, TIFFTAG_TILEWIDTH),
                  number(tiff, TIFFTAG_TILELENGTH),
                  photometric == PHOTOMETRIC_RGB,
                  {}};
  std::uint32_t size = 0;
  void* tables = nullptr;
  if (TIFFGetField(tiff, TIFFTAG_JPEGTABLES, &size, &tables) && tables)
    image.tables.assign(static_cast<const char*>(tables), size);
  return image;
}

}  // namespace

struct TiffTiles::State {
  std::unique_ptr<TIFF, decltype(&TIFFClose)> tiff{nullptr, TIFFClose};
  std::vector<TiffImage> images;
  std::mutex mutex;  // a TIFF is read by one thread at a time
};

TiffTiles::TiffTiles(const std::filesystem::path& file) : state_(std::make_unique<State>()) {
  TIFFSetErrorHandler(nullptr);
  TIFFSetWarningHandler(nullptr);
  state_->tiff.reset(TIFFOpen(file.c_str(), "r"));
  if (!state_->tiff) return;
  TIFF* tiff = state_->tiff.get();
  for (int i = 0; i < kMostImages; ++i) {
    if (auto image = describe(tiff)) state_->images.push_back(std::move(*image));
    if (!TIFFReadDirectory(tiff)) break;
  }
}

TiffTiles::~TiffTiles() = default;

std::optional<StoredTile> TiffTiles::read(const vision::SlideLevel& level, std::int64_t column,
                                          std::int64_t row) const {
  const auto image = std::ranges::find_if(state_->images, [&](const TiffImage& one) {
    return one.width == level.width && one.height == level.height &&
           static_cast<int>(one.tile_width) == level.tile_width &&
           static_cast<int>(one.tile_height) == level.tile_height;
  });
  if (image == state_->images.end()) return {};
  const std::lock_guard lock(state_->mutex);
  TIFF* tiff = state_->tiff.get();
  if (TIFFCurrentDirectory(tiff) != image->directory && !TIFFSetDirectory(tiff, image->directory)) return {};
  const std::uint32_t tile = TIFFComputeTile(tiff, static_cast<std::uint32_t>(column * level.tile_width),
                                             static_cast<std::uint32_t>(row * level.tile_height), 0, 0);
  const std::uint64_t size = TIFFGetStrileByteCount(tiff, tile);
  if (size < 4 || size > kLargestTile) return {};
  std::string bytes(size, '\0');
  const tmsize_t read = TIFFReadRawTile(tiff, tile, bytes.data(), static_cast<tmsize_t>(bytes.size()));
  if (read != static_cast<tmsize_t>(size)) return {};
  try {
    std::string whole = with_jpeg_tables(bytes, image->tables);
    const JpegFrame frame = read_jpeg_frame(whole);
    const bool is_sound = frame.baseline && frame.components == 3 && frame.width == level.tile_width &&
                          frame.height == level.tile_height;
    if (!is_sound) return {};
    if (image->is_rgb && !frame.tells_colours) whole = marked_as_rgb(whole);
    return StoredTile{std::move(whole), image->is_rgb};
  } catch (const Error&) {
    return {};  // it is damaged: OpenSlide says how
  }
}

}  // namespace meridian::archive
