// Series among the files of a folder, each opened as one input.
#pragma once
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "app/read/open.h"

namespace meridian::app {

// The files of one series, and nothing of their pixels.
struct SeriesFiles {
  std::string name;                          // its Series Instance UID
  std::vector<std::filesystem::path> files;  // in the order of their instance numbers
};

struct OpenedSeries {
  OpenedInput opened;                           // whose input is a volume
  std::vector<std::filesystem::path> left_out;  // no slices of it: to be read by themselves
};

// The CT series among the DICOM files. What is no CT, or cannot be read, is in none.
std::vector<SeriesFiles> find_series(std::span<const std::filesystem::path> files);
// Left out is what is no CT slice in Hounsfield units, or of another size than the first of them; of a series
// that has none all is, and its input is null. Throws too_large as engine::CtSeriesBuilder does, and what
// reading a slice throws.
OpenedSeries open_series(const SeriesFiles& series);

}  // namespace meridian::app
