#include "vision/phantom_frame.h"

#include <cmath>
#include <opencv2/imgproc.hpp>

#include "vision/mat.h"
#include "vision/phantom_canvas.h"

namespace meridian::vision {
namespace {

// All places and sizes are shares of the side; red, green and blue go from 0 to 1.
const cv::Scalar kWall(0.78, 0.44, 0.34), kLumen(0.16, 0.05, 0.04), kFold(0.90, 0.58, 0.46),
    kVessel(0.62, 0.22, 0.20), kPolyp(0.86, 0.42, 0.36), kLight(1.0, 0.97, 0.92);
constexpr double kLumenX = 0.33, kLumenY = 0.38, kPolypX = 0.66, kPolypY = 0.62, kPolypSize = 0.13;

class Frame : PhantomCanvas {
 public:
  explicit Frame(const PhantomFrame& phantom)
      : PhantomCanvas(phantom.side, phantom.seed), pixels_(side_, side_, CV_32FC3, kWall) {}

  ColourImage finish(bool polyp) {
    draw_vessels();
    draw_folds();
    draw_lumen();
    if (polyp) draw_polyp();
    shade_corners();
    cv::GaussianBlur(pixels_, pixels_, cv::Size(), 0.003 * side_);
    draw_highlights();
    return to_colour_image(pixels_);
  }

 private:
  // Lays a colour over the frame through a soft-edged shape.
  void blend(cv::Mat shape, const cv::Scalar& colour, double softness, double strength = 1) {
    cv::GaussianBlur(shape, shape, cv::Size(), softness * side_);
    shape *= strength;
    cv::Mat opacity;
    cv::merge(std::vector<cv::Mat>(3, shape), opacity);
    cv::Mat ink(side_, side_, CV_32FC3, colour);
    pixels_ = pixels_.mul(cv::Scalar::all(1) - opacity) + ink.mul(opacity);
  }

  void draw_vessels() {
    cv::Mat shape = blank();
    for (int i = 0; i < 9; ++i) {
      double x = between(0, 1), y = between(0, 1), angle = between(0, 6.28);
      for (int step = 0; step < 30; ++step) {
        angle += between(-0.35, 0.35);
        const double next_x = x + 0.015 * std::cos(angle), next_y = y + 0.015 * std::sin(angle);
        cv::line(shape, place(x, y), place(next_x, next_y), 1, std::max(1, side_ / 260), cv::LINE_AA);
        x = next_x, y = next_y;
      }
    }
    blend(shape, kVessel, 0.002, 0.45);
  }

  // Rings around the way ahead, each with a shadow behind it.
  void draw_folds() {
    for (int i = 4; i >= 1; --i) {
      const double reach = 0.10 + 0.13 * i;
      const double from = between(0, 360), to = from + between(200, 320);
      cv::Mat light = blank(), shadow = blank();
      cv::ellipse(shadow, place(kLumenX, kLumenY), size(reach * 1.06, reach * 0.96), 20, from, to, 1,
                  std::max(1, side_ / 22), cv::LINE_AA);
      blend(shadow, kLumen, 0.020, 0.30);
      cv::ellipse(light, place(kLumenX, kLumenY), size(reach * 1.14, reach * 1.02), 20, from, to, 1,
                  std::max(1, side_ / 40), cv::LINE_AA);
      blend(light, kFold, 0.012, 0.55);
    }
  }

  void draw_lumen() {
    cv::Mat shape = blank();
    cv::ellipse(shape, place(kLumenX, kLumenY), size(0.13, 0.11), 20, 0, 360, 1, cv::FILLED);
    blend(shape, kLumen, 0.05);
  }

  // A ball on the wall: its shadow, its body, and the light that it catches on one side.
  void draw_polyp() {
    const auto ball = [&](double dx, double dy, double share) {
      cv::Mat shape = blank();
      cv::ellipse(shape, place(kPolypX + dx, kPolypY + dy),
                  size(kPolypSize * share, kPolypSize * share * 0.88), 30, 0, 360, 1, cv::FILLED,
                  cv::LINE_AA);
      return shape;
    };
    blend(ball(0.025, 0.035, 1.10), kLumen, 0.020, 0.55);
    blend(ball(0, 0, 1), kPolyp, 0.004);
    blend(ball(0.020, 0.025, 0.85), kVessel, 0.030, 0.35);
    blend(ball(-0.035, -0.040, 0.50), kFold, 0.030, 0.80);
  }

  // The lamp is beside the lens: what is far from the middle is darker.
  void shade_corners() {
    for (int y = 0; y < side_; ++y)
      for (int x = 0; x < side_; ++x) {
        const double r = std::hypot(x - 0.5 * side_, y - 0.5 * side_) / side_;
        pixels_.at<cv::Vec3f>(y, x) *= static_cast<float>(1.08 - 0.75 * r * r);
      }
  }

  void draw_highlights() {
    cv::Mat shape = blank();
    cv::ellipse(shape, place(kPolypX - 0.045, kPolypY - 0.055), size(0.016, 0.010), 30, 0, 360, 1, cv::FILLED,
                cv::LINE_AA);
    for (int i = 0; i < 14; ++i)
      cv::ellipse(shape, place(between(0.05, 0.95), between(0.05, 0.95)),
                  size(between(0.003, 0.012), between(0.002, 0.006)), between(0, 180), 0, 360, 1, cv::FILLED,
                  cv::LINE_AA);
    blend(shape, kLight, 0.002, 0.9);
  }

  cv::Mat pixels_;
};

}  // namespace

ColourImage draw(const PhantomFrame& phantom) {
  return Frame(phantom).finish(phantom.polyp);
}

}  // namespace meridian::vision
