// A frame as a picture file.
#pragma once
#include <string>

#include "archive/pixels.h"
#include "archive/stored_image.h"

namespace meridian::archive {

struct Presentation;

// PNG or JPEG; as a presentation wants it, if there is one. Throws as StoredImage::decoded_frame does;
// not_acceptable for another media type, invalid_request for options out of their range.
std::string render_frame(const StoredImage& image, const RenderOptions& options,
                         const Presentation* presentation = nullptr);

FrameImage read_frame(const StoredImage& image, int frame);

}  // namespace meridian::archive
