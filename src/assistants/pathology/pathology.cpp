#include "assistants/pathology/assistant.h"

#include "assistants/imaging/measurements.h"
#include "assistants/imaging/reader.h"
#include "signal/statistics.h"

namespace meridian::assistants::pathology {
namespace {

constexpr double kMicrometresAMillimetre = 1000;
constexpr double kMostGlass = 0.98;  // plain white: a field may hold a few cells and empty glass
// Haematoxylin makes nuclei blue to violet, eosin all else pink, so that nearly all that has a colour has one
// of theirs; the rest is left for blood, pigment and a yellow lamp.
constexpr double kLeastStain = 0.6;

// Nuclei a square millimetre and their median area, where the size of a pixel is known.
void complete(const engine::Input& input, engine::Reading& reading) {
  const engine::LabelMap* nuclei = imaging::find_map(reading, "nucleus");
  const std::optional<double> spacing = input.image->spacing;
  if (!nuclei || reading.findings.empty()) return;
  std::vector<double> areas = imaging::areas_of_objects(*nuclei);
  if (areas.empty() || !spacing) return;
  const double field = static_cast<double>(nuclei->width) * nuclei->height * *spacing * *spacing;
  const double scale = *spacing * kMicrometresAMillimetre;
  auto& measurements = reading.findings.front().measurements;
  measurements.push_back(imaging::per_square_millimetre(static_cast<double>(areas.size()) / field));
  measurements.push_back(imaging::in_square_micrometres(signal::median(std::move(areas)) * scale * scale));
}

}  // namespace

std::unique_ptr<engine::Assistant> make_assistant() {
  return imaging::make_reader(
      "pathology",
      {.input = {"a field of a slide stained with haematoxylin and eosin", "苏木精-伊红染色切片视野"},
       .modalities = {"SM", "GM", "XC", "OT", "SC"},
       .smallest_side = 64,
       .most_white = kMostGlass,
       .least_stain = kLeastStain},
      complete);
}

}  // namespace meridian::assistants::pathology
