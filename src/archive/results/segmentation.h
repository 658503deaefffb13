// Regions that an algorithm found on an image, as a DICOM segmentation.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "archive/results/result.h"

namespace meridian::archive {

struct Segment {
  std::string label;
  Code category, type;             // what it is of (PS3.16, CID 7150 and 7151 and theirs)
  std::vector<std::uint8_t> mask;  // of the image's rows and columns, row by row; not 0 inside
};

// Segmentation Storage (PS3.3, A.51), binary, one frame a segment of the image's first frame, in the image's
// study; segments are numbered from 1 and may overlap. image_file: the DICOM file. Throws invalid_value for
// no segment or a mask of another size than the image, and what parse_instance throws.
std::string compose_segmentation(std::string_view image_file, std::span<const Segment> segments,
                                 const Algorithm& algorithm, const ResultIdentity& identity);

}  // namespace meridian::archive
