// A picture as a GIF. Of this room only: it includes OpenCV.
#pragma once
#include <opencv2/core.hpp>

#include <string>

namespace meridian::archive {

// Greys as they are; of colours the 256 that come nearest to all of them. picture: CV_8UC1, or CV_8UC3 in
// OpenCV's order. Throws too_large for a side of more than 65,535 pixels, which a GIF cannot have.
std::string encode_gif(const cv::Mat& picture);

}  // namespace meridian::archive
