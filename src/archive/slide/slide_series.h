// A slide as its DICOM series holds it: levels of several instances, labels, and the tiles of all.
#pragma once
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "archive/slide/slide_frames.h"
#include "vision/slide.h"

namespace meridian::archive {

struct SlidePart {
  std::string instance;  // SOP Instance UID
  std::shared_ptr<const StoredImage> image;
};

// A square as a picture file that browsers show.
struct SlideTile {
  std::string bytes, media_type;
};

class SlideSeries : public vision::Slide {
 public:
  // The instances of one series; those that are no part of a slide's pyramid (labels, overviews, other
  // images) are set aside. Throws not_acceptable when none is a level, and what read_slide_frames throws.
  explicit SlideSeries(const std::vector<SlidePart>& parts);

  const std::vector<vision::SlideLevel>& levels() const override { return levels_; }
  std::optional<double> spacing() const override { return spacing_; }
  vision::ColourImage read(std::size_t level, std::int64_t left, std::int64_t top, int width,
                           int height) const override;

  // The square in that column and row of a level, of its full size also at the edges; nothing where the slide
  // has none there, or has no such square. Baseline JPEG as it is stored, else made JPEG.
  std::optional<SlideTile> tile(std::size_t level, std::int64_t column, std::int64_t row) const;

  // The instance on which results of the whole rest: the first of the first level.
  const std::string& base_instance() const;
  // The instance that shows the label (SlideFlavour::label) or the whole glass (overview); empty when there
  // is none.
  std::string side_image(SlideFlavour flavour) const;
  const std::string& container() const { return container_; }

 private:
  struct Place {
    std::size_t part = 0;
    FrameRun run;
  };
  struct Pyramid {
    std::vector<Place> places;  // by their first tiles
  };
  struct Cache;
  using Decoded = std::shared_ptr<const vision::ColourImage>;

  void add_level(std::size_t part, const SlideFrames& frames);
  const Place* find(std::size_t level, std::uint64_t tile) const;
  std::string stored(std::size_t level, std::uint64_t tile, const Place& place) const;
  Decoded decoded(std::size_t level, std::uint64_t tile) const;

  std::vector<SlidePart> parts_;
  std::vector<vision::SlideLevel> levels_;
  std::vector<Pyramid> pyramid_;
  std::map<SlideFlavour, std::string> side_images_;
  std::optional<double> spacing_;
  std::string container_;
  std::shared_ptr<Cache> cache_;
};

}  // namespace meridian::archive
