// Series among the files of a folder, each opened as one input.
#pragma once
#include <filesystem>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "app/read/open.h"

namespace meridian::app {

struct OpenedSeries {
  std::string name;  // its Series Instance UID
  OpenedInput opened;
  std::set<std::filesystem::path> files;  // whose slices it holds
};

// The CT series among the DICOM files, their slices in the order of their instance numbers. What is no CT
// slice in Hounsfield units, or cannot be read, is in none.
std::vector<OpenedSeries> open_series(std::span<const std::filesystem::path> files);

}  // namespace meridian::app
