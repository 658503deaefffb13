// JPEG streams as slides keep them: abbreviated in a TIFF, and without the markers by which decoders know
// their colours.
#pragma once
#include <string>
#include <string_view>

namespace meridian::archive {

struct JpegFrame {
  bool baseline = false;  // SOF0: sequential, 8 bits, Huffman
  int width = 0, height = 0, components = 0;
  bool tells_colours = false;  // a JFIF or Adobe marker says whether it is RGB or YCbCr
};

// Of the marker segments (ITU-T T.81, B) before the first scan. Throws corrupted when they lead to no frame
// header.
JpegFrame read_jpeg_frame(std::string_view jpeg);

// The stream with the tables of another before its own segments (TIFF Technical Note 2). Throws corrupted
// when either does not begin as JPEG does.
std::string with_jpeg_tables(std::string_view jpeg, std::string_view tables);

// The stream with an Adobe marker that says its colours are RGB.
std::string marked_as_rgb(std::string_view jpeg);

}  // namespace meridian::archive
