#include "archive/slide/slide_series.h"

#include <algorithm>
#include <list>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "archive/pixels.h"
#include "archive/render.h"
#include "archive/slide/jpeg_stream.h"
#include "base/error.h"
#include "vision/picture.h"

namespace meridian::archive {
namespace {

constexpr std::string_view kJpegBaseline = "1.2.840.10008.1.2.4.50";
constexpr std::size_t kColours = 3;
constexpr int kQuality = 90;                                 // of squares that are made JPEG for a browser
constexpr std::size_t kCachedBytes = std::size_t(64) << 20;  // of decoded squares

bool is_jpeg(const StoredImage& image) {
  return image.syntax().uid == kJpegBaseline;
}

// As browsers and libjpeg take it: where neither JFIF nor Adobe marker says so, three components are YCbCr to
// them, whatever the data set says.
std::string with_its_colours(std::string jpeg, const StoredImage& image) {
  const bool is_rgb = image.format().photometric == "RGB" && image.format().samples == 3;
  if (is_rgb && !read_jpeg_frame(jpeg).tells_colours) return marked_as_rgb(jpeg);
  return jpeg;
}

vision::ColourImage decode_jpeg(const std::string& jpeg, const StoredImage& image) {
  const JpegFrame frame = read_jpeg_frame(jpeg);  // before anything is allocated on what it says
  const int width = image.format().columns, height = image.format().rows;
  if (frame.width != width || frame.height != height)
    throw Error(ErrorCode::corrupted, "A square of the slide is not of the size that its level says");
  vision::ColourImage out = vision::white(width, height);
  const cv::Mat bytes(1, static_cast<int>(jpeg.size()), CV_8UC1, const_cast<char*>(jpeg.data()));
  cv::Mat picture = cv::imdecode(bytes, cv::IMREAD_COLOR);
  if (picture.cols != width || picture.rows != height)
    throw Error(ErrorCode::corrupted, "A square of the slide cannot be decoded");
  cv::Mat colours(height, width, CV_8UC3, out.pixels.data());
  cv::cvtColor(picture, colours, cv::COLOR_BGR2RGB);
  return out;
}

vision::ColourImage colour_of(FrameImage frame) {
  if (frame.colour) return std::move(*frame.colour);
  vision::ColourImage out = vision::white(frame.grey.width, frame.grey.height);
  for (std::size_t i = 0; i < frame.grey.pixels.size(); ++i)
    for (std::size_t channel = 0; channel < kColours; ++channel)
      out.pixels[i * kColours + channel] = static_cast<std::uint8_t>(frame.grey.pixels[i] * 255.0f + 0.5f);
  return out;
}

}  // namespace

// The squares that were decoded last.
struct SlideSeries::Cache {
  using Key = std::pair<std::size_t, std::uint64_t>;
  std::mutex mutex;
  std::list<std::pair<Key, Decoded>> used;  // the last one first
  std::map<Key, std::list<std::pair<Key, Decoded>>::iterator> places;
  std::size_t bytes = 0;

  Decoded find(const Key& key) {
    const std::lock_guard lock(mutex);
    const auto found = places.find(key);
    if (found == places.end()) return {};
    used.splice(used.begin(), used, found->second);
    return found->second->second;
  }

  void add(const Key& key, const Decoded& picture) {
    const std::lock_guard lock(mutex);
    if (places.contains(key)) return;
    used.emplace_front(key, picture);
    places[key] = used.begin();
    bytes += picture->pixels.size();
    while (bytes > kCachedBytes && used.size() > 1) {
      bytes -= used.back().second->pixels.size();
      places.erase(used.back().first);
      used.pop_back();
    }
  }
};

SlideSeries::SlideSeries(const std::vector<SlidePart>& parts)
    : parts_(parts), cache_(std::make_shared<Cache>()) {
  std::vector<std::pair<std::size_t, SlideFrames>> levels;
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    SlideFrames frames = read_slide_frames(*parts_[i].image);
    if (frames.flavour == SlideFlavour::volume)
      levels.emplace_back(i, std::move(frames));
    else
      side_images_.try_emplace(frames.flavour, parts_[i].instance);
  }
  if (levels.empty()) throw Error(ErrorCode::not_acceptable, "The series holds no level of a slide");
  std::ranges::stable_sort(levels, std::greater<>(), [](const auto& one) { return one.second.width; });
  for (const auto& [part, frames] : levels) add_level(part, frames);
  spacing_ = levels.front().second.spacing;
  container_ = levels.front().second.container;
  for (Pyramid& level : pyramid_)
    std::ranges::stable_sort(level.places, {}, [](const Place& place) { return place.run.first_tile; });
}

void SlideSeries::add_level(std::size_t part, const SlideFrames& frames) {
  const bool is_same =
      !levels_.empty() && levels_.back().width == frames.width && levels_.back().height == frames.height &&
      levels_.back().tile_width == frames.tile_width && levels_.back().tile_height == frames.tile_height;
  // Another stain or colour of the same size, cut into other squares: the first one is shown.
  if (!is_same && !levels_.empty() && levels_.back().width == frames.width) return;
  if (!is_same) {
    const double whole = levels_.empty() ? double(frames.width) : double(levels_.front().width);
    levels_.push_back({frames.width, frames.height, frames.tile_width, frames.tile_height,
                       whole / static_cast<double>(frames.width)});
    pyramid_.emplace_back();
  }
  for (const FrameRun& run : frames.runs) pyramid_.back().places.push_back({part, run});
}

const SlideSeries::Place* SlideSeries::find(std::size_t level, std::uint64_t tile) const {
  const std::vector<Place>& places = pyramid_[level].places;
  auto after = std::ranges::upper_bound(places, tile, {}, [](const Place& p) { return p.run.first_tile; });
  while (after != places.begin()) {
    --after;
    if (tile - after->run.first_tile < after->run.count) return &*after;
    if (after->run.first_tile != tile) break;  // runs of a sound slide do not overlap
  }
  return nullptr;
}

std::string SlideSeries::stored(std::size_t, std::uint64_t tile, const Place& place) const {
  const StoredImage& image = *parts_[place.part].image;
  const auto frame = static_cast<int>(place.run.first_frame + (tile - place.run.first_tile));
  return with_its_colours(image.stored_frame(frame), image);
}

SlideSeries::Decoded SlideSeries::decoded(std::size_t level, std::uint64_t tile) const {
  if (Decoded known = cache_->find({level, tile})) return known;
  const Place* place = find(level, tile);
  if (!place) return {};
  const StoredImage& image = *parts_[place->part].image;
  const auto frame = static_cast<int>(place->run.first_frame + (tile - place->run.first_tile));
  auto picture = std::make_shared<const vision::ColourImage>(
      is_jpeg(image) ? decode_jpeg(stored(level, tile, *place), image) : colour_of(read_frame(image, frame)));
  cache_->add({level, tile}, picture);
  return picture;
}

vision::ColourImage SlideSeries::read(std::size_t level, std::int64_t left, std::int64_t top, int width,
                                      int height) const {
  if (level >= levels_.size()) throw Error(ErrorCode::invalid_value, "The slide has no such level");
  const vision::SlideLevel& of = levels_[level];
  vision::ColourImage part = vision::white(width, height);
  if (spacing_) part.spacing = *spacing_ * of.downsample;
  const std::int64_t begin_x = std::clamp<std::int64_t>(left, 0, of.width),
                     begin_y = std::clamp<std::int64_t>(top, 0, of.height),
                     end_x = std::clamp<std::int64_t>(left + width, begin_x, of.width),
                     end_y = std::clamp<std::int64_t>(top + height, begin_y, of.height);
  if (begin_x == end_x || begin_y == end_y) return part;
  // Squares at the edges go on beyond the slide: what lies there is none of it.
  vision::ColourImage within =
      vision::white(static_cast<int>(end_x - begin_x), static_cast<int>(end_y - begin_y));
  const std::int64_t across = (of.width + of.tile_width - 1) / of.tile_width;
  for (std::int64_t row = begin_y / of.tile_height; row * of.tile_height < end_y; ++row)
    for (std::int64_t column = begin_x / of.tile_width; column * of.tile_width < end_x; ++column)
      if (const Decoded picture = decoded(level, static_cast<std::uint64_t>(row * across + column)))
        vision::paste(within, *picture, column * of.tile_width - begin_x, row * of.tile_height - begin_y);
  if (within.width == width && within.height == height) {
    within.spacing = part.spacing;
    return within;
  }
  vision::paste(part, within, begin_x - left, begin_y - top);
  return part;
}

std::optional<SlideTile> SlideSeries::tile(std::size_t level, std::int64_t column, std::int64_t row) const {
  if (level >= levels_.size() || column < 0 || row < 0) return {};
  const vision::SlideLevel& of = levels_[level];
  const std::int64_t across = (of.width + of.tile_width - 1) / of.tile_width,
                     down = (of.height + of.tile_height - 1) / of.tile_height;
  if (column >= across || row >= down) return {};
  const auto number = static_cast<std::uint64_t>(row * across + column);
  const Place* place = find(level, number);
  if (!place) return {};
  const StoredImage& image = *parts_[place->part].image;
  if (is_jpeg(image)) return SlideTile{stored(level, number, *place), "image/jpeg"};
  return SlideTile{vision::encode_jpeg(*decoded(level, number), kQuality), "image/jpeg"};
}

const std::string& SlideSeries::base_instance() const {
  return parts_[pyramid_.front().places.empty() ? 0 : pyramid_.front().places.front().part].instance;
}

std::string SlideSeries::side_image(SlideFlavour flavour) const {
  const auto found = side_images_.find(flavour);
  return found == side_images_.end() ? std::string() : found->second;
}

}  // namespace meridian::archive
