// Sets of labelled pictures: an archive with a labels.csv, as the data folder's README describes them.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "vision/split.h"

namespace meridian::app {

struct LabelledPicture {
  std::filesystem::path file;
  std::string label;
};

// Where a set's labels.csv says what; a column that is empty is not read.
struct PictureSet {
  std::string name;   // of the archive, without .tar
  std::string file;   // column of the picture's file
  std::string key;    // column that names the patient, or the finest group known
  std::string label;  // column of the label
};

// Those pictures of data/img/NAME.tar that belong to the test part by their key. Throws not_found without the
// archive, invalid_structure without a column.
std::vector<LabelledPicture> test_part(const std::filesystem::path& data, const PictureSet& set);

// The patient of a Shenzhen case: CHNCXR_0001_0 without its last part, which is its label.
std::string shenzhen_patient(const std::string& name);

}  // namespace meridian::app
