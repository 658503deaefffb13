// Whole slides in the formats of scanners, as OpenSlide reads them: Aperio, Hamamatsu, Leica, MIRAX, Philips,
// Sakura, Trestle, Ventana and tiled TIFF. OpenSlide, libtiff and libjpeg meet bytes here that nobody has
// checked: a node opens such files only in a process of its own (docs/decisions/0011).
#pragma once
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "vision/slide.h"

namespace meridian::archive {

// Whether the file's name and first bytes are those of such a format. Nothing is parsed.
bool may_be_slide(const std::filesystem::path& file);
bool begins_as_slide(std::string_view bytes);
// How much a slide is that is at file, where the format has several files (MIRAX: those in the folder of its
// name; Hamamatsu: those that it names) of all of them. Throws std::filesystem_error.
std::uint64_t bytes_of_slide(const std::filesystem::path& file);

// A square as a TIFF keeps it.
struct StoredTile {
  std::string jpeg;  // whole, with its tables
  bool is_rgb = false;
};

class SlideFile : public vision::Slide {
 public:
  // Throws unsupported_media_type when no format that is read begins so, corrupted when it is damaged,
  // too_large when it says that a side has more than 2^31 pixels, or a square more than kMostRegionPixels.
  explicit SlideFile(const std::filesystem::path& file);
  ~SlideFile() override;

  const std::vector<vision::SlideLevel>& levels() const override { return levels_; }
  std::optional<double> spacing() const override { return spacing_; }
  vision::ColourImage read(std::size_t level, std::int64_t left, std::int64_t top, int width,
                           int height) const override;

  // "openslide.vendor", "aperio.Date": as OpenSlide names them; empty when there is none.
  std::string property(const std::string& name) const;
  // "label", "macro", "thumbnail". Throws as read() does.
  std::optional<vision::ColourImage> side_image(const std::string& name) const;
  // The square as it is kept, where that is baseline JPEG in 8 bits and three colours; nothing for others.
  std::optional<StoredTile> stored_tile(std::size_t level, std::int64_t column, std::int64_t row) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
  std::vector<vision::SlideLevel> levels_;
  std::optional<double> spacing_;
};

}  // namespace meridian::archive
