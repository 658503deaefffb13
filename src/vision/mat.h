// Between images and OpenCV's matrices; for the sources of this room alone.
#pragma once
#include <opencv2/core.hpp>

#include "vision/image.h"

namespace meridian::vision {

// Looks at the image's own pixels, which must outlive it and must not be written through it.
inline cv::Mat view(const GreyImage& image) {
  return {image.height, image.width, CV_32F, const_cast<float*>(image.pixels.data())};
}

inline GreyImage to_image(const cv::Mat& mat) {
  GreyImage image{mat.cols, mat.rows, std::vector<float>(mat.total()), std::nullopt};
  mat.copyTo(view(image));
  return image;
}

// Of red, green and blue from 0 to 1; what lies outside is clipped.
inline ColourImage to_colour_image(const cv::Mat& mat) {
  ColourImage image{mat.cols, mat.rows, std::vector<std::uint8_t>(mat.total() * 3), std::nullopt};
  mat.convertTo(cv::Mat(mat.rows, mat.cols, CV_8UC3, image.pixels.data()), CV_8U, 255);
  return image;
}

}  // namespace meridian::vision
