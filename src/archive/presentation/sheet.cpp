#include "archive/presentation/sheet.h"

#include <opencv2/imgproc.hpp>

namespace meridian::archive {

void Sheet::cut(const cv::Rect& part) {
  picture_ = picture_(part).clone();
  move({1, 0, -double(part.x), 0, 1, -double(part.y)});
}

void Sheet::mirror() {
  cv::flip(picture_, picture_, 1);
  move({-1, 0, double(picture_.cols), 0, 1, 0});
}

void Sheet::turn_over() {
  cv::flip(picture_, picture_, 0);
  move({1, 0, 0, 0, -1, double(picture_.rows)});
}

void Sheet::turn(int quarters) {
  for (int i = 0; i < quarters; ++i) {
    cv::Mat turned;
    cv::rotate(picture_, turned, cv::ROTATE_90_CLOCKWISE);
    picture_ = turned;
    move({0, -1, double(picture_.cols), 1, 0, 0});
  }
}

void Sheet::resize(const cv::Size& size) {
  const double across = double(size.width) / picture_.cols, down = double(size.height) / picture_.rows;
  cv::Mat resized;
  cv::resize(picture_, resized, size, 0, 0, cv::INTER_AREA);
  picture_ = resized;
  move({across, 0, 0, 0, down, 0});
}

PlanePoint Sheet::place_of(const PlanePoint& in_image) const {
  const cv::Matx21d at = placement_ * cv::Matx31d{in_image.x, in_image.y, 1};
  return {at(0), at(1)};
}

void Sheet::move(const cv::Matx23d& by) {
  const cv::Matx33d before{placement_(0, 0),
                           placement_(0, 1),
                           placement_(0, 2),
                           placement_(1, 0),
                           placement_(1, 1),
                           placement_(1, 2),
                           0,
                           0,
                           1};
  placement_ = by * before;
}

}  // namespace meridian::archive
