#include "archive/slide/slide_frames.h"

#include <fmt/format.h>

#include <algorithm>

#include "archive/dataset.h"
#include "archive/parse.h"
#include "base/error.h"

namespace meridian::archive {
namespace {

constexpr std::uint32_t kImageType = 0x00080008;

SlideFlavour flavour_of(std::string_view image_type) {
  for (int i = 0; i < 2; ++i) {
    const auto separator = image_type.find('\\');
    if (separator == std::string_view::npos) return SlideFlavour::volume;
    image_type.remove_prefix(separator + 1);
  }
  const std::string_view third = image_type.substr(0, image_type.find('\\'));
  if (third == "LABEL") return SlideFlavour::label;
  if (third == "OVERVIEW" || third == "LOCALIZER") return SlideFlavour::overview;
  return third == "THUMBNAIL" ? SlideFlavour::thumbnail : SlideFlavour::volume;
}

std::uint64_t number(DcmItem& item, const DcmTagKey& tag) {
  Uint32 value = 0;
  item.findAndGetUint32(tag, value);
  return value;
}

std::string text(DcmItem& item, const DcmTagKey& tag) {
  OFString value;
  item.findAndGetOFString(tag, value);
  return {value.data(), value.size()};
}

// Pixel Spacing of all frames, else what the slide measures by its pixels.
std::optional<double> spacing_of(DcmDataset& dataset, std::int64_t width) {
  DcmItem *shared = nullptr, *measures = nullptr;
  Float64 spacing = 0;
  if (dataset.findAndGetSequenceItem(DCM_SharedFunctionalGroupsSequence, shared, 0).good() &&
      shared->findAndGetSequenceItem(DCM_PixelMeasuresSequence, measures, 0).good() &&
      measures->findAndGetFloat64(DCM_PixelSpacing, spacing, 1).good() && spacing > 0)
    return spacing;
  Float32 measured = 0;
  if (dataset.findAndGetFloat32(DCM_ImagedVolumeWidth, measured).good() && measured > 0)
    return static_cast<double>(measured) / static_cast<double>(width);
  return {};
}

[[noreturn]] void off_grid(std::uint32_t frame) {
  throw Error(ErrorCode::not_supported,
              fmt::format("Frame {} of the slide lies across the squares of its level", frame),
              "(0048,021E), (0048,021F)");
}

// Frame by frame, where its Plane Position (Slide) says (PS3.3 C.8.12.6.1).
std::vector<FrameRun> sparse_runs(DcmDataset& dataset, const SlideFrames& slide, std::uint32_t frames) {
  std::vector<FrameRun> runs;
  DcmSequenceOfItems* of_frames = nullptr;
  dataset.findAndGetSequence(DCM_PerFrameFunctionalGroupsSequence, of_frames);
  DcmObject* item = nullptr;  // one after the other: by its number each would be sought from the first
  for (std::uint32_t i = 0; i < frames; ++i) {
    item = of_frames ? of_frames->nextInContainer(item) : nullptr;
    auto* const groups = dynamic_cast<DcmItem*>(item);
    DcmItem* position = nullptr;
    Sint32 column = 0, row = 0;
    if (!groups || groups->findAndGetSequenceItem(DCM_PlanePositionSlideSequence, position, 0).bad() ||
        position->findAndGetSint32(DCM_ColumnPositionInTotalImagePixelMatrix, column).bad() ||
        position->findAndGetSint32(DCM_RowPositionInTotalImagePixelMatrix, row).bad())
      throw Error(ErrorCode::invalid_structure, fmt::format("Frame {} does not say where it lies", i + 1),
                  "(0048,021A)");
    if (column < 1 || row < 1 || column > slide.width || row > slide.height ||
        (column - 1) % slide.tile_width != 0 || (row - 1) % slide.tile_height != 0)
      off_grid(i + 1);
    const auto tile = static_cast<std::uint64_t>((row - 1) / slide.tile_height * slide.across() +
                                                 (column - 1) / slide.tile_width);
    runs.push_back({tile, i + 1, 1});
  }
  std::ranges::stable_sort(runs, {}, &FrameRun::first_tile);
  const auto [first, last] = std::pair(
      std::unique(runs.begin(), runs.end(),
                  [](const FrameRun& a, const FrameRun& b) { return a.first_tile == b.first_tile; }),
      runs.end());
  runs.erase(first, last);  // further focal planes and optical paths
  return runs;
}

std::vector<FrameRun> full_runs(DcmDataset& dataset, const SlideFrames& slide, std::uint32_t frames) {
  const auto tiles = static_cast<std::uint64_t>(slide.across() * slide.down());
  const std::uint64_t before = number(dataset, DCM_ConcatenationFrameOffsetNumber);
  if (before >= tiles) return {};  // of a further plane or path
  return {{before, 1, static_cast<std::uint32_t>(std::min<std::uint64_t>(frames, tiles - before))}};
}

}  // namespace

bool is_whole_slide(const InstanceFacts& facts) {
  return facts.sop_class == kWholeSlideStorage;
}

SlideFrames read_slide_frames(const StoredImage& image) {
  const PixelFormat& format = image.format();
  const auto dataset = load_dataset(image.header_bytes(), image.syntax());
  SlideFrames slide;
  slide.flavour = flavour_of(image.header().raw_text(kImageType));
  slide.width = static_cast<std::int64_t>(number(*dataset, DCM_TotalPixelMatrixColumns));
  slide.height = static_cast<std::int64_t>(number(*dataset, DCM_TotalPixelMatrixRows));
  slide.tile_width = format.columns;
  slide.tile_height = format.rows;
  if (slide.width < 1 || slide.height < 1 || slide.tile_width < 1 || slide.tile_height < 1)
    throw Error(ErrorCode::invalid_structure, "The slide does not say how many pixels it has",
                "(0048,0006), (0048,0007)");
  slide.spacing = spacing_of(*dataset, slide.width);
  slide.container = text(*dataset, DCM_ContainerIdentifier);
  slide.shows_label = text(*dataset, DCM_SpecimenLabelInImage) == "YES";
  const auto frames = static_cast<std::uint32_t>(std::max(0, format.frames));
  const bool sparse = text(*dataset, DCM_DimensionOrganizationType) == "TILED_SPARSE" ||
                      (!dataset->tagExistsWithValue(DCM_DimensionOrganizationType) &&
                       dataset->tagExists(DCM_PerFrameFunctionalGroupsSequence));
  slide.runs = sparse ? sparse_runs(*dataset, slide, frames) : full_runs(*dataset, slide, frames);
  return slide;
}

bool shows_slide_label(const std::string& file) {
  if (!is_whole_slide(parse_instance(file).facts)) return false;
  const SlideFrames frames = read_slide_frames(StoredImage::of_file(file));
  return frames.shows_label || frames.flavour == SlideFlavour::label ||
         frames.flavour == SlideFlavour::overview;
}

}  // namespace meridian::archive
