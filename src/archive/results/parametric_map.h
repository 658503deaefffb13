// A number at each place of an image, as an algorithm found it, as a DICOM object.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "archive/results/result.h"
#include "vision/image.h"

namespace meridian::archive {

struct MappedQuantity {
  Code what;  // what the numbers tell
  Code unit;  // UCUM
  std::string label;
};

// Parametric Map Storage (PS3.3, A.75), one frame of 32-bit floats that lies over the whole of the image's
// first frame, or over the whole of the slide to which the image belongs; in the image's study. Of an image
// in space it lies where the image lies. map.spacing: mm a pixel of the map, where it is known and the image
// does not say it. image_file: the DICOM file. Throws invalid_value for an empty map or one over 65,535 a
// side, and what parse_instance throws.
std::string compose_parametric_map(std::string_view image_file, const vision::GreyImage& map,
                                   const MappedQuantity& quantity, const Algorithm& algorithm,
                                   const ResultIdentity& identity);

}  // namespace meridian::archive
