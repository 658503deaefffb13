// What a JPEG decoder must find before the first scan. Of this room only.
#pragma once
#include <string_view>

namespace meridian::archive {

// Walks the marker segments (ITU-T T.81, B.1.1) from the start of the image to its frame header. Throws
// corrupted when they do not lead to one: DCMTK's own walk never ends at some of what may stand there.
void require_jpeg_frame_header(std::string_view jpeg);

}  // namespace meridian::archive
