#include "engine/ct_series.h"

#include "archive/nifti.h"
#include "base/error.h"

namespace meridian::engine {
namespace {

[[noreturn]] void too_many(std::int64_t most, const char* parts, const std::string& where) {
  throw Error(ErrorCode::too_large,
              "The series has more than " + std::to_string(most) + " " + parts + ", and is not read as one",
              where, "Send a series of fewer or thicker slices");
}

void check_slices(std::size_t slices, const std::string& where) {
  if (slices > kMostSlices) too_many(kMostSlices, "slices", where);
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
  check_slices(series_.instances.size() + 1, instance);
  const std::size_t voxels = series_.volume.voxels.size() + frame.hounsfield->pixels.size();
  if (static_cast<std::int64_t>(voxels) > archive::kMostVoxels)
    too_many(archive::kMostVoxels, "voxels", instance);
  append(series_, *frame.hounsfield, instance);
  return true;
}

CtSeries read_ct_series(const archive::Archive& archive, const std::string& study,
                        const std::string& series) {
  const std::vector<archive::InstanceFacts> all = archive.instances(study, series);
  check_slices(all.size(), series);  // before any is read
  CtSeriesBuilder read;
  for (const archive::InstanceFacts& facts : all)
    read.add(archive::read_frame(archive.bytes(facts.key.instance), 1), facts.key.instance);
  if (read.empty())
    throw Error(ErrorCode::not_found, "The series has no CT slice in Hounsfield units", series);
  return read.take();
}

}  // namespace meridian::engine
