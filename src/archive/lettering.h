// Text on pictures. Of this room only: it includes OpenCV.
#pragma once
#include <opencv2/core.hpp>

#include <string>
#include <vector>

namespace meridian::archive {

// White letters on what is made darker beneath them, from there on as far as they fit; nothing where no
// letter does.
void write_at(cv::Mat& picture, const std::vector<std::string>& lines, int left, int top);

// The same in the upper left corner, or the lower left one.
void write_in_corner(cv::Mat& picture, const std::vector<std::string>& lines, bool at_bottom);

}  // namespace meridian::archive
