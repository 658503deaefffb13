// The JPEG squares of a tiled TIFF as they lie in it, so that they need not be compressed anew.
#pragma once
#include <filesystem>
#include <memory>
#include <optional>

#include "archive/slide/slide_file.h"

namespace meridian::archive {

class TiffTiles {
 public:
  // A file that is no TIFF has no squares.
  explicit TiffTiles(const std::filesystem::path& file);
  ~TiffTiles();

  // Of the image that is exactly so large and cut into squares of that size. Nothing when there is none, it
  // is not kept as baseline JPEG in three colours of 8 bits, or this square is missing or damaged.
  std::optional<StoredTile> read(const vision::SlideLevel& level, std::int64_t column,
                                 std::int64_t row) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace meridian::archive
