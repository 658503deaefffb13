#include "assistants/fundus_dr/vessels.h"

#include <algorithm>

#include "assistants/imaging/measurements.h"

namespace meridian::assistants::fundus_dr {
namespace {

constexpr float kDark = 16.0f / 255;  // of what is beside the field

double field_share(const vision::GreyImage& photograph) {
  const auto bright = std::ranges::count_if(photograph.pixels, [](float value) { return value > kDark; });
  return static_cast<double>(bright) / static_cast<double>(photograph.pixels.size());
}

}  // namespace

void measure_vessels(const engine::Input& input, engine::Reading& reading) {
  const engine::LabelMap* vessels = imaging::find_map(reading, "vessel");
  if (!vessels || reading.findings.empty()) return;
  const imaging::Coverage coverage = imaging::coverage_of(*vessels);
  auto& measurements = reading.findings.front().measurements;
  if (const double field = field_share(*input.image); field > 0)
    measurements.push_back(imaging::as_percentage(
        "vessel-density", {"share covered by vessels", "血管面积占比"}, coverage.share / field));
  const engine::LocalizedText calibre{"mean calibre of vessels", "血管平均管径"};
  if (const auto spacing = input.image->spacing)
    measurements.push_back(
        imaging::in_millimetres("vessel-calibre", calibre, coverage.mean_width * *spacing));
  else
    measurements.push_back(imaging::in_pixels("vessel-calibre-pixels", calibre, coverage.mean_width));
}

}  // namespace meridian::assistants::fundus_dr
