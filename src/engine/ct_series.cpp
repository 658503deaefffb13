#include "engine/ct_series.h"

#include "archive/nifti.h"
#include "base/error.h"

namespace meridian::engine {
namespace {

constexpr std::size_t kMostSlices = 1000;

[[noreturn]] void too_large(const std::string& series) {
  throw Error(ErrorCode::too_large, "The series has too many slices to be read as one", series);
}

bool fits(const CtSeries& read, const vision::GreyImage& slice) {
  return read.instances.empty() || (slice.width == read.volume.width && slice.height == read.volume.height);
}

void append(CtSeries& read, const vision::GreyImage& slice, const std::string& instance) {
  vision::Volume& volume = read.volume;
  volume.width = slice.width;
  volume.height = slice.height;
  ++volume.depth;
  volume.voxels.insert(volume.voxels.end(), slice.pixels.begin(), slice.pixels.end());
  if (slice.spacing) volume.spacing[0] = volume.spacing[1] = *slice.spacing;
  read.instances.push_back(instance);
}

}  // namespace

bool CtSeriesBuilder::add(const archive::FrameImage& frame, const std::string& instance) {
  if (!frame.hounsfield || !fits(series_, *frame.hounsfield)) return false;
  append(series_, *frame.hounsfield, instance);
  if (static_cast<std::int64_t>(series_.volume.voxels.size()) > archive::kMostVoxels) too_large(instance);
  return true;
}

CtSeries read_ct_series(const archive::Archive& archive, const std::string& study,
                        const std::string& series) {
  const std::vector<archive::InstanceFacts> all = archive.instances(study, series);
  if (all.size() > kMostSlices) too_large(series);
  CtSeriesBuilder read;
  for (const archive::InstanceFacts& facts : all)
    read.add(archive::read_frame(archive.bytes(facts.key.instance), 1), facts.key.instance);
  if (read.empty())
    throw Error(ErrorCode::not_found, "The series has no CT slice in Hounsfield units", series);
  return read.take();
}

}  // namespace meridian::engine
