#include "archive/slide/slide_file.h"

#include <fmt/format.h>
#include <openslide.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <fstream>
#include <set>

#include "archive/slide/tiff_tiles.h"
#include "base/error.h"
#include "base/text.h"

namespace meridian::archive {
namespace {

constexpr double kMicrometresAMillimetre = 1000;
constexpr int kLeastTile = 64, kLargestTile = 2048, kUsualTile = 512;  // pixels a side
constexpr std::int64_t kLongestSide = std::int64_t(1) << 31;
constexpr std::size_t kMostLevels = 64, kMostNamedFiles = 100'000;

Error damaged(const std::string& what) {
  return Error(ErrorCode::corrupted, "The slide cannot be read: " + what, {},
               "Copy it again from the scanner");
}

std::optional<double> positive(const std::string& text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && value > 0 ? std::optional(value) : std::nullopt;
}

// OpenSlide's pixels are ARGB, multiplied by their opacity; what is not scanned is clear, and becomes white.
vision::ColourImage of_argb(const std::vector<std::uint32_t>& argb, int width, int height) {
  vision::ColourImage out = vision::white(width, height);
  for (std::size_t i = 0; i < argb.size(); ++i) {
    const std::uint32_t clear = 255 - (argb[i] >> 24);
    for (std::size_t channel = 0; channel < 3; ++channel)
      out.pixels[i * 3 + channel] =
          static_cast<std::uint8_t>(std::min(255u, (argb[i] >> (16 - 8 * channel) & 255) + clear));
  }
  return out;
}

// Of a square, as it is taken over or cut anew.
int usable_side(double told) {
  return told >= kLeastTile && told <= kLargestTile ? static_cast<int>(told) : kUsualTile;
}

std::string first_bytes(const std::filesystem::path& file) {
  std::string begin(4, '\0');
  std::ifstream(file, std::ios::binary).read(begin.data(), static_cast<std::streamsize>(begin.size()));
  return begin;
}

// MIRAX keeps its squares in a folder of its name.
std::uint64_t bytes_in_folder_of(const std::filesystem::path& file) {
  const auto folder = std::filesystem::path(file).replace_extension();
  std::uint64_t bytes = 0;
  if (!std::filesystem::is_directory(folder)) return bytes;
  for (const auto& part : std::filesystem::directory_iterator(folder))
    if (part.is_regular_file()) bytes += part.file_size();
  return bytes;
}

// Hamamatsu names the other files of a slide line by line, "ImageFile(1,0)=name.jpg"; they lie beside it.
std::uint64_t bytes_named_in(const std::filesystem::path& file) {
  std::set<std::filesystem::path> named;
  std::ifstream lines(file, std::ios::binary);
  for (std::string line; named.size() < kMostNamedFiles && std::getline(lines, line);)
    if (const auto equals = line.find('='); equals != std::string::npos)
      named.insert(file.parent_path() /
                   std::filesystem::path(trimmed(std::string_view(line).substr(equals + 1))).filename());
  std::uint64_t bytes = 0;
  for (const auto& other : named)
    if (std::filesystem::is_regular_file(other)) bytes += std::filesystem::file_size(other);
  return bytes;
}

}  // namespace

bool begins_as_slide(std::string_view bytes) {
  constexpr std::array<std::string_view, 4> kTiff{std::string_view("II*\0", 4), std::string_view("MM\0*", 4),
                                                  std::string_view("II+\0", 4), std::string_view("MM\0+", 4)};
  return std::ranges::any_of(kTiff, [&](std::string_view begin) { return bytes.starts_with(begin); });
}

bool may_be_slide(const std::filesystem::path& file) {
  const std::string extension = file.extension().string();
  return begins_as_slide(first_bytes(file)) || extension == ".mrxs" || extension == ".vms" ||
         extension == ".vmu";
}

std::uint64_t bytes_of_slide(const std::filesystem::path& file) {
  const std::uint64_t bytes = std::filesystem::file_size(file);
  if (begins_as_slide(first_bytes(file))) return bytes;
  if (file.extension() == ".mrxs") return bytes + bytes_in_folder_of(file);
  return bytes + bytes_named_in(file);
}

struct SlideFile::State {
  std::unique_ptr<openslide_t, decltype(&openslide_close)> slide{nullptr, openslide_close};
  std::unique_ptr<TiffTiles> tiles;

  void check() const {
    if (const char* error = openslide_get_error(slide.get())) throw damaged(error);
  }
};

SlideFile::SlideFile(const std::filesystem::path& file) : state_(std::make_unique<State>()) {
  state_->slide.reset(openslide_open(file.c_str()));
  if (!state_->slide)
    throw Error(ErrorCode::unsupported_media_type, "This is no whole slide of a format that is read",
                file.filename().string());
  state_->check();
  openslide_t* slide = state_->slide.get();
  const int count = openslide_get_level_count(slide);
  for (int i = 0; i < std::min(count, static_cast<int>(kMostLevels)); ++i) {
    vision::SlideLevel level;
    openslide_get_level_dimensions(slide, i, &level.width, &level.height);
    level.downsample = openslide_get_level_downsample(slide, i);
    const auto told = [&](const char* which) {
      return positive(property(fmt::format("openslide.level[{}].tile-{}", i, which))).value_or(kUsualTile);
    };
    // A square is decoded whole, and nobody has checked what the file says of its size.
    if (told("width") * told("height") > double(vision::kMostRegionPixels))
      throw Error(ErrorCode::too_large,
                  fmt::format("The slide says that its squares have {:.0f} x {:.0f} pixels", told("width"),
                              told("height")));
    level.tile_width = usable_side(told("width"));
    level.tile_height = usable_side(told("height"));
    if (level.width < 1 || level.height < 1) throw damaged("a level has no size");
    if (level.width > kLongestSide || level.height > kLongestSide)
      throw Error(ErrorCode::too_large,
                  fmt::format("The slide says that it has {} x {} pixels; a side has at most {}", level.width,
                              level.height, kLongestSide));
    levels_.push_back(level);
  }
  if (levels_.empty()) throw damaged("it has no levels");
  if (const auto micrometres = positive(property("openslide.mpp-x")))
    spacing_ = *micrometres / kMicrometresAMillimetre;
  const std::string vendor = property("openslide.vendor");
  if (vendor == "aperio" || vendor == "generic-tiff") state_->tiles = std::make_unique<TiffTiles>(file);
}

SlideFile::~SlideFile() = default;

std::string SlideFile::property(const std::string& name) const {
  const char* value = openslide_get_property_value(state_->slide.get(), name.c_str());
  return value ? value : "";
}

vision::ColourImage SlideFile::read(std::size_t level, std::int64_t left, std::int64_t top, int width,
                                    int height) const {
  if (level >= levels_.size()) throw Error(ErrorCode::invalid_value, "The slide has no such level");
  vision::white(width, height);  // which looks whether it is a size that may be asked for
  std::vector<std::uint32_t> argb(static_cast<std::size_t>(width) * height);
  const double scale = levels_[level].downsample;
  openslide_read_region(state_->slide.get(), argb.data(), static_cast<std::int64_t>(double(left) * scale),
                        static_cast<std::int64_t>(double(top) * scale), static_cast<int>(level), width,
                        height);
  state_->check();
  vision::ColourImage part = of_argb(argb, width, height);
  if (spacing_) part.spacing = *spacing_ * scale;
  return part;
}

std::optional<vision::ColourImage> SlideFile::side_image(const std::string& name) const {
  std::int64_t width = -1, height = -1;
  openslide_get_associated_image_dimensions(state_->slide.get(), name.c_str(), &width, &height);
  constexpr std::int64_t kLongest = 16384;  // also that of a picture in one frame
  if (width < 1 || height < 1) return {};
  if (width > kLongest || height > kLongest || width * height > vision::kMostRegionPixels)
    throw damaged("the " + name + " is too large");
  std::vector<std::uint32_t> argb(static_cast<std::size_t>(width * height));
  openslide_read_associated_image(state_->slide.get(), name.c_str(), argb.data());
  state_->check();
  return of_argb(argb, static_cast<int>(width), static_cast<int>(height));
}

std::optional<StoredTile> SlideFile::stored_tile(std::size_t level, std::int64_t column,
                                                 std::int64_t row) const {
  if (!state_->tiles || level >= levels_.size()) return {};
  return state_->tiles->read(levels_[level], column, row);
}

}  // namespace meridian::archive
