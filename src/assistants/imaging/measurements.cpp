#include "assistants/imaging/measurements.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "assistants/imaging/evidence.h"
#include "vision/region.h"

namespace meridian::assistants::imaging {
namespace {

constexpr const char* kOwn = "urn:meridian:imaging";
constexpr double kCubicMillimetresAMillilitre = 1000;

engine::Measurement measurement(const char* code, const engine::LocalizedText& name, double value,
                                const char* unit, const char* shown, int decimals) {
  char display[64];
  std::snprintf(display, sizeof display, "%.*f%s%s", decimals, value, *shown ? " " : "", shown);
  return {{kOwn, code, name.en}, name.zh, value, unit, display};
}

}  // namespace

engine::Measurement in_millilitres(double value) {
  return measurement("volume", {"volume", "体积"}, value, "mL", "mL", 2);
}

engine::Measurement in_square_millimetres(double value) {
  return measurement("area", {"area", "面积"}, value, "mm2", "mm²", 0);
}

engine::Measurement in_millimetres(const char* code, const engine::LocalizedText& name, double value) {
  return measurement(code, name, value, "mm", "mm", 1);
}

engine::Measurement as_percentage(const char* code, const engine::LocalizedText& name, double share) {
  return measurement(code, name, 100 * share, "%", "%", 1);
}

engine::Measurement as_ratio(const char* code, const engine::LocalizedText& name, double ratio) {
  return measurement(code, name, ratio, "1", "", 2);
}

engine::Measurement in_pixels(const char* code, const engine::LocalizedText& name, double value) {
  return measurement(code, name, value, "{pixels}", "px", 0);
}

engine::Measurement as_count(const char* code, const engine::LocalizedText& name, int count) {
  return measurement(code, name, count, "1", "", 0);
}

engine::Measurement per_square_millimetre(double nuclei) {
  return measurement("density", {"nuclei per square millimetre", "每平方毫米细胞核数"}, nuclei,
                     "{nuclei}/mm2", "/mm²", 0);
}

engine::Measurement in_square_micrometres(double value) {
  return measurement("nuclear-area", {"median area of nuclei", "细胞核面积中位数"}, value, "um2", "µm²", 0);
}

engine::Measurement tissue_area(double square_millimetres) {
  return measurement("tissue-area", {"area of tissue", "组织面积"}, square_millimetres, "mm2", "mm²", 1);
}

double voxel_millilitres(const vision::Volume& volume) {
  return volume.spacing[0] * volume.spacing[1] * volume.spacing[2] / kCubicMillimetresAMillilitre;
}

const engine::LabelMap* find_map(const engine::Reading& reading, std::string_view name) {
  const auto found = std::ranges::find(reading.maps, name, &engine::LabelMap::name);
  return found == reading.maps.end() ? nullptr : &*found;
}

std::optional<double> probability_of(const engine::Reading& reading, std::string_view name) {
  const auto found = std::ranges::find(reading.classes, name, &engine::ClassProbability::name);
  if (found == reading.classes.end()) return {};
  return found->probability;
}

std::vector<std::uint8_t> inside(const engine::LabelMap& map) {
  std::vector<std::uint8_t> mask(map.labels.size());
  std::ranges::transform(map.labels, mask.begin(), [](std::uint16_t label) { return label != 0; });
  return mask;
}

std::vector<double> areas_of_objects(const engine::LabelMap& map) {
  std::vector<double> areas;
  for (const std::uint16_t label : map.labels) {
    if (label == 0) continue;
    if (label > areas.size()) areas.resize(label, 0);
    ++areas[label - 1u];
  }
  return areas;
}

Coverage coverage_of(const engine::LabelMap& map) {
  std::size_t inside = 0, border = 0;  // border: sides between a pixel inside and one outside
  const auto width = static_cast<std::size_t>(map.width);
  for (std::size_t i = 0; i < map.labels.size(); ++i) {
    const bool is_in = map.labels[i] != 0;
    inside += is_in;
    if (i % width + 1 < width) border += is_in != (map.labels[i + 1] != 0);
    if (i + width < map.labels.size()) border += is_in != (map.labels[i + width] != 0);
  }
  if (border == 0) return {};
  return {static_cast<double>(inside) / static_cast<double>(map.labels.size()),
          2 * static_cast<double>(inside) / static_cast<double>(border)};
}

void show_outline(engine::Reading& reading, std::string_view name, const engine::LocalizedText& text,
                  std::optional<double> spacing) {
  const engine::LabelMap* map = find_map(reading, name);
  if (!map || reading.findings.empty() || !reading.findings.front().positive) return;
  engine::Finding& finding = reading.findings.front();
  finding.evidence["regions"] = outlines(*map, text);
  add_size(finding, *map, spacing);
}

void add_size(engine::Finding& finding, const engine::LabelMap& map, std::optional<double> spacing) {
  const auto shape = vision::largest_shape(inside(map), map.width, map.height);
  if (!shape) return;
  const double whole = static_cast<double>(map.width) * map.height;
  const engine::LocalizedText longest{"longest diameter", "最长径"}, shortest{"shortest diameter", "最短径"};
  if (!spacing) {
    finding.measurements.push_back(in_pixels("longest-diameter-pixels", longest, shape->longest));
    finding.measurements.push_back(in_pixels("shortest-diameter-pixels", shortest, shape->shortest));
    finding.measurements.push_back(
        as_percentage("share-of-picture", {"share of the picture", "占图像比例"}, shape->area / whole));
    return;
  }
  finding.measurements.push_back(in_millimetres("longest-diameter", longest, shape->longest * *spacing));
  finding.measurements.push_back(in_millimetres("shortest-diameter", shortest, shape->shortest * *spacing));
  finding.measurements.push_back(in_square_millimetres(shape->area * *spacing * *spacing));
}

}  // namespace meridian::assistants::imaging
