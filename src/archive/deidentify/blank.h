// Areas of an image made black, in all of its frames.
#pragma once
#include <span>
#include <string>

#include "vision/operations.h"

namespace meridian::archive {

// The DICOM file in a native transfer syntax, the boxes of every frame 0; parts of a box outside the image
// are cut off. Throws what decoding throws, and not_supported for pixels that cannot be changed (single bits,
// real numbers, subsampled colours).
std::string blank(const std::string& file, std::span<const vision::Box> boxes);

}  // namespace meridian::archive
