#include "assistants/fundus_dr/assistant.h"

#include <algorithm>

#include "assistants/imaging/follow_up.h"
#include "assistants/imaging/measurements.h"
#include "assistants/imaging/reader.h"

namespace meridian::assistants::fundus_dr {
namespace {

constexpr float kDark = 16.0f / 255;  // of what is beside the field

double field_share(const vision::GreyImage& photograph) {
  const auto bright = std::ranges::count_if(photograph.pixels, [](float value) { return value > kDark; });
  return static_cast<double>(bright) / static_cast<double>(photograph.pixels.size());
}

// The share of the field that vessels cover, and how wide they are on average: twice their area by the length
// of their border.
void complete(const engine::Input& input, engine::Reading& reading) {
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

}  // namespace

std::unique_ptr<engine::Assistant> make_assistant() {
  return imaging::make_reader("fundus_dr",
                              {.input = {"a colour photograph of the fundus", "眼底彩色照片"},
                               .modalities = {"OP", "XC", "OT", "SC"},
                               .body_parts = {"EYE", "RETINA", "FUNDUS"},
                               .youngest = 18,
                               .smallest_side = 300,
                               .most_white = 0.2},
                              imaging::both(complete, imaging::follow_up("fundus_dr")));
}

}  // namespace meridian::assistants::fundus_dr
