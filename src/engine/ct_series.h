// A series of CT slices as one volume.
#pragma once
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "archive/archive.h"
#include "archive/pixels.h"
#include "vision/image.h"

namespace meridian::engine {

inline constexpr std::size_t kMostSlices = 1000;

struct CtSeries {
  vision::Volume volume;               // Hounsfield units, the first slice first
  std::vector<std::string> instances;  // SOP Instance UIDs of its slices
};

// Puts slices together as they come, the first slice first.
class CtSeriesBuilder {
 public:
  // False when it is left out: of another size than the first, or no CT in Hounsfield units. Throws
  // too_large, naming the limit, over kMostSlices or archive::kMostVoxels; what was added before stays.
  bool add(const archive::FrameImage& frame, const std::string& instance);
  bool empty() const { return series_.instances.empty(); }
  CtSeries take() { return std::move(series_); }

 private:
  CtSeries series_;
};

// The slices in the order of their instance numbers; those of another size than the first, and images of the
// series that are no CT in Hounsfield units, are left out. Throws not_found without any slice, too_large over
// kMostSlices or archive::kMostVoxels, and what reading a frame throws.
CtSeries read_ct_series(const archive::Archive& archive, const std::string& study, const std::string& series);

}  // namespace meridian::engine
