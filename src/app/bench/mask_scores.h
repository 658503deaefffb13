// How well what is outlined meets what people have outlined.
#pragma once
#include <filesystem>
#include <map>
#include <string>

#include "engine/finding.h"

namespace meridian::app {

// By name of the figure, of one input: "Dice NAME" for each meaning of the map and, of several, "Dice", their
// mean; for a map that counts
// objects "Dice" of all and "F1 of objects" (those that overlap by half of their union). Where there is
// nothing of a meaning, "false outline NAME" instead: 1 when something was outlined, else 0. truth: a picture
// or volume of labels of the same size. Throws invalid_structure for another size.
std::map<std::string, double> score_map(const engine::LabelMap& map, const std::filesystem::path& truth);

}  // namespace meridian::app
