// The labels.csv of a set of pictures.
#pragma once
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace meridian::app {

struct LabelTable {
  std::filesystem::path folder;                          // of the set; files are named below it
  std::vector<std::map<std::string, std::string>> rows;  // by column

  // Of data/img/NAME.tar. Throws not_found without the archive, invalid_structure when it lacks a column.
  static LabelTable of_set(const std::filesystem::path& data, const std::string& name,
                           const std::vector<std::string>& columns);
};

}  // namespace meridian::app
