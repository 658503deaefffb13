#include "vision/phantom_film.h"

#include <cmath>
#include <numbers>
#include <opencv2/imgproc.hpp>

#include "vision/mat.h"
#include "vision/phantom_canvas.h"

namespace meridian::vision {
namespace {

// All places and sizes are shares of the side; light is grey from 0 to 1.
class Drawing : PhantomCanvas {
 public:
  explicit Drawing(const PhantomFilm& phantom)
      : PhantomCanvas(phantom.side, phantom.seed), film_(side_, side_, CV_32F, cv::Scalar(0.04)) {}

  GreyImage finish(bool opacity) {
    draw_body();
    draw_lungs();
    draw_spine_and_heart();
    draw_ribs();
    if (opacity) draw_opacities();
    soften(0.003);
    add_grain();
    write_name();
    return to_image(film_);
  }

 private:
  double vary(double value, double share = 0.04) { return value * (1 + share * between(-1, 1)); }

  void soften(double share) { cv::GaussianBlur(film_, film_, cv::Size(), share * side_); }

  // Lays light of some strength over the film through a soft-edged shape.
  void blend(const cv::Mat& shape, double light, double softness, double strength = 1) {
    cv::Mat edge;
    cv::GaussianBlur(shape, edge, cv::Size(), softness * side_);
    edge *= strength;
    film_ = film_.mul(1 - edge) + light * edge;
  }

  void draw_body() {
    cv::Mat shape = blank();
    cv::ellipse(shape, place(0.5, 0.78), size(vary(0.46), 0.62), 0, 0, 360, 1, cv::FILLED);
    cv::ellipse(shape, place(0.5, 0.30), size(0.52, 0.17), 0, 0, 360, 1, cv::FILLED);
    cv::rectangle(shape, place(0.40, 0), place(0.60, 0.3), 1, cv::FILLED);
    cv::rectangle(shape, place(0, 0.32), place(1, 1), 1, cv::FILLED);
    blend(shape, 0.66, 0.02);
    cv::Mat flanks = blank();
    cv::rectangle(flanks, place(0, 0.45), place(0.04, 1), 1, cv::FILLED);
    cv::rectangle(flanks, place(0.96, 0.45), place(1, 1), 1, cv::FILLED);
    blend(flanks, 0.25, 0.02);
  }

  void draw_lungs() {
    for (const int sign : {-1, 1}) {
      const double x = 0.5 + sign * vary(0.205, 0.02), width = vary(sign < 0 ? 0.145 : 0.135);
      std::vector<cv::Point> outline;
      for (int degree = 0; degree < 360; degree += 3) {
        const double angle = degree * std::numbers::pi / 180, up = -std::sin(angle);
        const double narrow = up < 0 ? 0.70 + 0.30 * std::cos(up * 1.4) : 1.08;  // narrow at the apex
        const double reach = up < 0 ? 0.36 : 0.27;
        outline.push_back(place(x + width * narrow * std::cos(angle) - sign * 0.02 * (up < 0 ? -up : 0),
                                0.50 + reach * up - 0.05 * sign * std::cos(angle) * (up > 0 ? -1 : 0)));
      }
      cv::Mat shape = blank();
      cv::fillPoly(shape, std::vector<std::vector<cv::Point>>{outline}, 1);
      blend(shape, 0.20, 0.010);
      draw_vessels(x - sign * 0.085, sign);
    }
  }

  void draw_vessels(double hilum, int sign) {
    cv::Mat shape = blank();
    for (int i = 0; i < 14; ++i) {
      const double angle = vary((i - 6.5) * 0.19, 0.2), reach = vary(0.16, 0.3);
      cv::line(shape, place(hilum, 0.47),
               place(hilum + sign * reach * std::cos(angle), 0.47 + 1.4 * reach * std::sin(angle)), 1,
               std::max(1, side_ / 170), cv::LINE_AA);
    }
    cv::ellipse(shape, place(hilum, 0.47), size(0.030, 0.055), 0, 0, 360, 1, cv::FILLED);
    blend(shape, 0.55, 0.006, 0.5);
  }

  void draw_spine_and_heart() {
    cv::Mat heart = blank();
    cv::ellipse(heart, place(0.545, 0.64), size(vary(0.145), 0.135), 25, 0, 360, 1, cv::FILLED);
    cv::rectangle(heart, place(0.455, 0.30), place(0.545, 0.66), 1, cv::FILLED);
    cv::ellipse(heart, place(0.56, 0.37), size(0.045, 0.045), 0, 0, 360, 1, cv::FILLED);
    blend(heart, 0.78, 0.012);
    cv::Mat diaphragm = blank();
    cv::ellipse(diaphragm, place(0.28, 0.95), size(0.24, 0.215), 0, 180, 360, 1, cv::FILLED);
    cv::ellipse(diaphragm, place(0.73, 0.97), size(0.24, 0.215), 0, 180, 360, 1, cv::FILLED);
    cv::rectangle(diaphragm, place(0.06, 0.95), place(0.94, 1), 1, cv::FILLED);
    blend(diaphragm, 0.84, 0.010);
    cv::Mat spine = blank();
    for (int i = 0; i < 14; ++i)
      cv::rectangle(spine, place(0.472, 0.04 + i * 0.065), place(0.528, 0.085 + i * 0.065), 1, cv::FILLED);
    blend(spine, 0.92, 0.008, 0.45);
    cv::Mat windpipe = blank();
    cv::rectangle(windpipe, place(0.484, 0.05), place(0.516, 0.38), 1, cv::FILLED);
    blend(windpipe, 0.35, 0.008, 0.6);
  }

  void draw_ribs() {
    cv::Mat shape = blank();
    const int thickness = std::max(1, side_ / 45);
    for (int i = 0; i < 9; ++i) {
      const double y = 0.20 + i * 0.068, reach = 0.30 + 0.012 * i;
      for (const int sign : {-1, 1}) {
        std::vector<cv::Point> arc;
        for (int step = 0; step <= 20; ++step) {
          const double t = step / 20.0;
          arc.push_back(
              place(0.5 + sign * (0.04 + reach * std::sin(t * 1.65)), y - 0.035 * t + 0.15 * t * t));
        }
        cv::polylines(shape, arc, false, 1, thickness, cv::LINE_AA);
      }
    }
    blend(shape, 0.80, 0.003, 0.22);
    cv::Mat clavicles = blank();
    for (const int sign : {-1, 1})
      cv::line(clavicles, place(0.5 + sign * 0.05, 0.255), place(0.5 + sign * 0.36, 0.165), 1, side_ / 32,
               cv::LINE_AA);
    blend(clavicles, 0.88, 0.004, 0.5);
  }

  void draw_opacities() {
    for (int i = 0; i < 26; ++i) {
      cv::Mat shape = blank();
      const double radius = vary(0.016, 0.6);
      cv::circle(shape, place(vary(0.285, 0.22), vary(0.31, 0.28)), cvRound(radius * side_), 1, cv::FILLED);
      blend(shape, 0.85, 0.008, 0.5);
    }
  }

  void add_grain() {
    std::normal_distribution<float> grain(0, 0.012f);
    for (float& pixel : cv::Mat_<float>(film_)) pixel = std::clamp(pixel + grain(random_), 0.0f, 1.0f);
  }

  void write_name() {
    cv::putText(film_, "PHANTOM", place(0.02, 0.985), cv::FONT_HERSHEY_SIMPLEX, side_ / 900.0, 1,
                std::max(1, side_ / 500), cv::LINE_AA);
  }

  cv::Mat film_;
};

}  // namespace

GreyImage draw(const PhantomFilm& phantom) {
  return Drawing(phantom).finish(phantom.opacity);
}

}  // namespace meridian::vision
