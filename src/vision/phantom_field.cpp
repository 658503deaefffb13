#include "vision/phantom_field.h"

#include <cmath>
#include <numbers>
#include <opencv2/imgproc.hpp>

#include "vision/mat.h"
#include "vision/phantom_canvas.h"

namespace meridian::vision {
namespace {

// Red, green and blue from 0 to 1.
const cv::Vec3f kEosin(0.90f, 0.66f, 0.80f), kGap(0.96f, 0.93f, 0.95f), kHaematoxylin(0.42f, 0.27f, 0.58f);
constexpr double kSmallest = 7, kLargest = 11;  // pixels: half axes of a nucleus at some 0.4 µm a pixel

class Field : PhantomCanvas {
 public:
  explicit Field(const PhantomField& phantom)
      : PhantomCanvas(phantom.side, phantom.seed), pixels_(side_, side_, CV_32FC3) {}

  ColourImage finish(int nuclei) {
    draw_ground();
    for (int i = 0; i < nuclei; ++i) try_nucleus();
    cv::GaussianBlur(pixels_, pixels_, cv::Size(), 0.8);
    pixels_ += noise(3, 0) * 0.012;
    return to_colour_image(pixels_);
  }

 private:
  // Of mean 0 and deviation 1, softened over so many pixels.
  cv::Mat noise(int channels, double softness) {
    std::normal_distribution<float> normal(0, 1);
    cv::Mat grain(side_, side_, CV_32FC(channels));
    for (float* at = grain.ptr<float>(); at != grain.ptr<float>() + grain.total() * grain.channels(); ++at)
      *at = normal(random_);
    if (softness == 0) return grain;
    cv::GaussianBlur(grain, grain, cv::Size(), softness);
    return grain * (2 * softness * std::sqrt(std::numbers::pi));
  }

  // Lays a colour over the field as strongly as the shape says, 0 to 1.
  void blend(const cv::Mat& shape, const cv::Vec3f& colour) {
    for (int y = 0; y < side_; ++y)
      for (int x = 0; x < side_; ++x) {
        cv::Vec3f& pixel = pixels_.at<cv::Vec3f>(y, x);
        const float strength = shape.at<float>(y, x);
        pixel = pixel * (1 - strength) + colour * strength;
      }
  }

  void draw_ground() {
    pixels_.setTo(cv::Scalar(kEosin[0], kEosin[1], kEosin[2]));
    cv::Mat fibres = noise(1, 3), gaps = noise(1, 18);
    cv::Mat shade;
    cv::merge(std::vector<cv::Mat>(3, fibres * 0.03), shade);
    pixels_ += shade;
    cv::Mat pale = (gaps - 0.9) * 1.5;
    cv::max(pale, 0.0, pale);
    cv::min(pale, 1.0, pale);
    blend(pale, kGap);
  }

  void try_nucleus() {
    const cv::Point2d centre(between(0, side_), between(0, side_));
    const double a = between(kSmallest, kLargest), b = a * between(0.65, 1);
    for (const cv::Point2d& other : centres_)
      if (cv::norm(centre - other) < 2.3 * kLargest) return;
    centres_.push_back(centre);
    cv::Mat shape = blank();
    const cv::Size axes(cvRound(a), cvRound(b));
    const double angle = between(0, 180);
    cv::ellipse(shape, centre, axes, angle, 0, 360, 0.8, cv::FILLED, cv::LINE_AA);
    cv::ellipse(shape, centre, axes, angle, 0, 360, 1.0, 2, cv::LINE_AA);  // the membrane is darker
    for (int i = 0; i < 5; ++i)                                            // and so is the chromatin
      cv::circle(shape, centre + cv::Point2d(between(-b, b), between(-b, b)) * 0.5, 1, 1.0, cv::FILLED,
                 cv::LINE_AA);
    blend(shape, kHaematoxylin * static_cast<float>(between(0.85, 1.15)));
  }

  cv::Mat pixels_;
  std::vector<cv::Point2d> centres_;
};

}  // namespace

ColourImage draw(const PhantomField& phantom) {
  if (phantom.nuclei < 0 || phantom.nuclei > 10'000)
    throw Error(ErrorCode::invalid_value, "A phantom field has at most 10,000 nuclei");
  return Field(phantom).finish(phantom.nuclei);
}

}  // namespace meridian::vision
