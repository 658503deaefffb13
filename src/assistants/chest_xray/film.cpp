#include "assistants/chest_xray/film.h"

#include <algorithm>
#include <cmath>

namespace meridian::assistants::chest_xray {
namespace {

// Shares of the grey values that become black and white.
constexpr double kLow = 0.01, kHigh = 0.99;

}  // namespace

vision::Box letterbox(int width, int height, int size) {
  const double scale = static_cast<double>(size) / std::max(width, height);
  const int inner_width = std::max(1, static_cast<int>(std::lrint(width * scale)));
  const int inner_height = std::max(1, static_cast<int>(std::lrint(height * scale)));
  const int left = (size - inner_width) / 2, top = (size - inner_height) / 2;
  return {left, top, left + inner_width, top + inner_height};
}

vision::GreyImage gate_input(const vision::GreyImage& film) {
  const vision::Box box = letterbox(film.width, film.height, kGateSize);
  const vision::GreyImage small =
      vision::stretch(vision::resize(film, box.width(), box.height()), kLow, kHigh);
  vision::GreyImage square{kGateSize, kGateSize, std::vector<float>(kGateSize * kGateSize, 0.0f), {}};
  for (int y = 0; y < small.height; ++y)
    std::copy_n(&small.pixels[static_cast<std::size_t>(y) * small.width], small.width,
                &square.pixels[static_cast<std::size_t>(y + box.top) * kGateSize + box.left]);
  return square;
}

vision::GreyImage reader_input(const vision::GreyImage& film, const vision::Box& box) {
  const vision::GreyImage lungs = vision::resize(vision::crop(film, box), kReaderSize, kReaderSize);
  return vision::equalise(vision::stretch(lungs, kLow, kHigh));
}

}  // namespace meridian::assistants::chest_xray
