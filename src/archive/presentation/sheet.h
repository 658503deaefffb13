// A picture while it is cut, turned and made smaller, which knows where the image's points have come to lie.
// Of this room only: it includes OpenCV.
#pragma once
#include <opencv2/core.hpp>

#include "archive/presentation/presentation.h"

namespace meridian::archive {

class Sheet {
 public:
  explicit Sheet(cv::Mat picture) : picture_(std::move(picture)) {}

  const cv::Mat& picture() const { return picture_; }
  cv::Mat& picture() { return picture_; }

  void cut(const cv::Rect& part);  // not empty, within the picture
  void mirror();                   // left and right
  void turn_over();                // up and down
  void turn(int quarters);         // clockwise
  void resize(const cv::Size& size);

  // Where a point of the image is; coordinates begin at the corner of the first pixel.
  PlanePoint place_of(const PlanePoint& in_image) const;

 private:
  void move(const cv::Matx23d& by);

  cv::Mat picture_;
  cv::Matx23d placement_{1, 0, 0, 0, 1, 0};
};

}  // namespace meridian::archive
