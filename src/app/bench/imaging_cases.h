// The labelled pictures by which assistants of images are measured: docs/decisions/0007 says by which key
// each set is split.
#pragma once
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "vision/split.h"

namespace meridian::app {

struct ImagingCase {
  std::filesystem::path file;
  std::string key;  // of the patient, or the finest group known
  vision::Part part = vision::Part::train;
  std::map<std::string, bool> truth;          // by class of the card; a class that is missing is not known
  std::optional<std::filesystem::path> mask;  // of the class that a segmenter outlines
  std::map<std::string, std::string> about;   // sex, age, source: to measure by
};

struct ImagingTask {
  std::string assistant, set;
  std::string mask;  // the label map that is compared with the mask; empty: none
  std::vector<ImagingCase> (*cases)(const std::filesystem::path& data);
};

// All of them, in the order of the table that is printed.
const std::vector<ImagingTask>& imaging_tasks();

}  // namespace meridian::app
