#include "app/data/labelled_pictures.h"

#include <algorithm>
#include <map>
#include <sstream>

#include "app/data/unpack.h"
#include "base/error.h"
#include "base/file.h"

namespace meridian::app {
namespace {

constexpr std::size_t kLargestTable = 64u << 20;

// The tables have neither quotes nor commas in a cell.
std::vector<std::string> cells(const std::string& line) {
  std::vector<std::string> cells;
  std::istringstream stream(line);
  for (std::string cell; std::getline(stream, cell, ',');) cells.push_back(cell);
  return cells;
}

std::size_t column_of(const std::vector<std::string>& header, const std::string& name,
                      const std::filesystem::path& table) {
  const auto place = std::find(header.begin(), header.end(), name);
  if (place == header.end())
    throw Error(ErrorCode::invalid_structure, "The table has no column \"" + name + "\"", table.string());
  return static_cast<std::size_t>(place - header.begin());
}

std::string without_ending(std::string line) {
  while (!line.empty() && (line.back() == '\r' || line.back() == '\n')) line.pop_back();
  return line;
}

}  // namespace

std::string shenzhen_patient(const std::string& name) {
  return name.substr(0, name.rfind('_'));
}

std::vector<LabelledPicture> test_part(const std::filesystem::path& data, const PictureSet& set) {
  const std::filesystem::path folder = unpacked(data / "img" / (set.name + ".tar")) / set.name;
  const std::filesystem::path table = folder / "labels.csv";
  std::istringstream lines(read_file(table, kLargestTable));
  std::string line;
  std::getline(lines, line);
  const std::vector<std::string> header = cells(without_ending(line));
  const std::size_t file = column_of(header, set.file, table), key = column_of(header, set.key, table);
  const std::size_t label = set.label.empty() ? file : column_of(header, set.label, table);
  std::vector<LabelledPicture> pictures;
  while (std::getline(lines, line)) {
    const std::vector<std::string> row = cells(without_ending(line));
    if (row.size() <= std::max({file, key, label})) continue;
    const std::string patient = set.name == "shenzhen_tb" ? shenzhen_patient(row[key]) : row[key];
    if (vision::part_of(set.name, patient) == vision::Part::test)
      pictures.push_back({folder / row[file], row[label]});
  }
  return pictures;
}

}  // namespace meridian::app
