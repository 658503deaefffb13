// What assistants of images measure, as measurements of a finding; and where they are measured: on label
// maps at the input's size.
#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "engine/finding.h"
#include "vision/image.h"

namespace meridian::assistants::imaging {

engine::Measurement in_millilitres(double value);
engine::Measurement in_square_millimetres(double value);
// The name is said of a length: "longest diameter".
engine::Measurement in_millimetres(const char* code, const engine::LocalizedText& name, double value);
// A share of the picture's pixels, as a percentage.
engine::Measurement as_percentage(const char* code, const engine::LocalizedText& name, double share);
engine::Measurement as_ratio(const char* code, const engine::LocalizedText& name, double ratio);
engine::Measurement in_pixels(const char* code, const engine::LocalizedText& name, double value);
engine::Measurement as_count(const char* code, const engine::LocalizedText& name, int count);

engine::Measurement per_square_millimetre(double nuclei);
engine::Measurement in_square_micrometres(double value);
engine::Measurement tissue_area(double square_millimetres);

double voxel_millilitres(const vision::Volume& volume);

// The map of that name, or nothing.
const engine::LabelMap* find_map(const engine::Reading& reading, std::string_view name);
// The probability of the class, or nothing.
std::optional<double> probability_of(const engine::Reading& reading, std::string_view name);

// Row by row, 1 where the map has a label.
std::vector<std::uint8_t> inside(const engine::LabelMap& map);
// Pixels of each object of a map that counts them.
std::vector<double> areas_of_objects(const engine::LabelMap& map);

// What thin things (vessels) cover.
struct Coverage {
  double share = 0;       // of the map
  double mean_width = 0;  // pixels: twice the area by the length of the border
};
Coverage coverage_of(const engine::LabelMap& map);

// Adds the outlines of the map of that name, and their size, to the first finding when it is positive.
void show_outline(engine::Reading& reading, std::string_view name, const engine::LocalizedText& text,
                  std::optional<double> spacing);
// Adds area and Feret diameters of the map's largest part to the finding, in millimetres where the spacing
// (mm a pixel) is known, else in pixels the diameters, and the share of the picture that it covers.
void add_size(engine::Finding& finding, const engine::LabelMap& map, std::optional<double> spacing);

}  // namespace meridian::assistants::imaging
