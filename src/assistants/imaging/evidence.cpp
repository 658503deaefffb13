#include "assistants/imaging/evidence.h"

#include <algorithm>
#include <cmath>

#include "base/encoding.h"
#include "engine/evidence.h"
#include "vision/heat_map.h"
#include "vision/operations.h"
#include "vision/region.h"

namespace meridian::assistants::imaging {
namespace {

constexpr int kHeatMapSide = 512;          // pixels of the longer side
constexpr double kSmallestShare = 0.0005;  // of the picture: less is not outlined
constexpr int kFewestPixels = 4;
constexpr int kOutlinedSide = 1024;        // outlines are drawn on a map of at most so many pixels a side
constexpr std::size_t kMostOutlines = 64;  // the largest ones; more are in the label map alone

// The probability of a class at a place, from all classes' log-odds there.
double probability_at(const engine::Tensor& places, std::size_t place, std::size_t index, std::size_t count,
                      bool exclusive) {
  const float* values = places.values.data() + place;
  if (!exclusive || places.shape[1] == 1) return 1 / (1 + std::exp(-values[index * count]));
  double largest = values[0], sum = 0;
  const auto classes = static_cast<std::size_t>(places.shape[1]);
  for (std::size_t k = 0; k < classes; ++k) largest = std::max<double>(largest, values[k * count]);
  for (std::size_t k = 0; k < classes; ++k) sum += std::exp(values[k * count] - largest);
  return std::exp(values[index * count] - largest) / sum;
}

// 0 where a place does not speak for the class, at most 1.
std::vector<float> heat_of(const engine::Tensor& places, std::size_t index, bool exclusive) {
  const auto count = static_cast<std::size_t>(places.shape[2] * places.shape[3]);
  std::vector<float> heat(count);
  for (std::size_t place = 0; place < count; ++place)
    heat[place] =
        static_cast<float>(std::max(0.0, 2 * probability_at(places, place, index, count, exclusive) - 1));
  return heat;
}

vision::Box scaled(const vision::Box& box, double scale, const Size& limit) {
  const int left = static_cast<int>(box.left * scale), top = static_cast<int>(box.top * scale);
  return {std::min(left, limit.width - 1), std::min(top, limit.height - 1),
          std::clamp(static_cast<int>(box.right * scale), left + 1, limit.width),
          std::clamp(static_cast<int>(box.bottom * scale), top + 1, limit.height)};
}

vision::GreyImage inside(const engine::LabelMap& map) {
  vision::GreyImage mask{map.width, map.height, std::vector<float>(map.labels.size()), {}};
  std::ranges::transform(map.labels, mask.pixels.begin(),
                         [](std::uint16_t label) { return label ? 1.0f : 0.0f; });
  return mask;
}

vision::GreyImage small_enough(const vision::GreyImage& mask) {
  const int longer = std::max(mask.width, mask.height);
  if (longer <= kOutlinedSide) return mask;
  const double scale = static_cast<double>(kOutlinedSide) / longer;
  return vision::resize(mask, std::max(1, static_cast<int>(mask.width * scale)),
                        std::max(1, static_cast<int>(mask.height * scale)));
}

Json polygon(const vision::Region& region, double fx, double fy) {
  Json points = Json::array();
  for (const vision::Point& point : region.outline)
    points.push_back(Json::array({std::round(point.x * fx), std::round(point.y * fy)}));
  return points;
}

// Within a region of a map that is fx and fy times smaller.
double mean_within(const vision::Region& region, int width, const vision::GreyImage& probabilities, double fx,
                   double fy) {
  double sum = 0;
  for (std::size_t i = 0; i < region.mask.size(); ++i) {
    if (!region.mask[i]) continue;
    const std::size_t row = i / width, column = i % width;
    const int x = std::min(probabilities.width - 1, static_cast<int>((double(column) + 0.5) * fx));
    const int y = std::min(probabilities.height - 1, static_cast<int>((double(row) + 0.5) * fy));
    sum += probabilities.pixels[static_cast<std::size_t>(y) * probabilities.width + x];
  }
  return region.area > 0 ? std::clamp(sum / region.area, 0.0, 1.0) : 0;
}

}  // namespace

Json heat_map(const engine::Tensor& places, std::size_t index, const Description& network,
              const vision::Prepared& prepared, const Size& whole) {
  const int side = static_cast<int>(places.shape[3]);
  const std::vector<float> heat = heat_of(places, index, network.exclusive);
  return heat_map(vision::without_padding(heat.data(), side, prepared), prepared.box, whole);
}

Json heat_map(const vision::GreyImage& heat, const vision::Box& box, const Size& whole) {
  const double scale = std::min(1.0, static_cast<double>(kHeatMapSide) / std::max(whole.width, whole.height));
  const Size size{std::max(1, static_cast<int>(whole.width * scale)),
                  std::max(1, static_cast<int>(whole.height * scale))};
  const std::string png = vision::heat_map_png(heat, scaled(box, scale, size), size.width, size.height);
  return Json::object({{"width", size.width}, {"height", size.height}, {"png", to_base64(png)}});
}

Json outlines(const engine::LabelMap& map, const engine::LocalizedText& text,
              const vision::GreyImage* probabilities) {
  const vision::GreyImage drawn = small_enough(inside(map));
  const double fx = static_cast<double>(map.width) / drawn.width;
  const double fy = static_cast<double>(map.height) / drawn.height;
  const int smallest = std::max(kFewestPixels, static_cast<int>(kSmallestShare * drawn.width * drawn.height));
  Json all = Json::array();
  for (const vision::Region& region : vision::regions_above(drawn, 0.5, smallest, kMostOutlines)) {
    all.push_back(engine::evidence_region(text, polygon(region, fx, fy)));
    if (probabilities)
      all.items().back()["probability"] = mean_within(region, drawn.width, *probabilities, fx, fy);
  }
  return all;
}

}  // namespace meridian::assistants::imaging
