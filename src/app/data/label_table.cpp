#include "app/data/label_table.h"

#include <algorithm>
#include <sstream>

#include "app/data/unpack.h"
#include "base/error.h"
#include "base/file.h"

namespace meridian::app {
namespace {

constexpr std::size_t kLargestTable = 64u << 20;

// The columns that are read have neither quotes nor commas in a cell.
std::vector<std::string> cells(std::string line) {
  while (!line.empty() && (line.back() == '\r' || line.back() == '\n')) line.pop_back();
  std::vector<std::string> cells;
  std::istringstream stream(line);
  for (std::string cell; std::getline(stream, cell, ',');) cells.push_back(cell);
  return cells;
}

void require(const std::vector<std::string>& header, const std::vector<std::string>& columns,
             const std::filesystem::path& table) {
  for (const std::string& column : columns)
    if (std::ranges::find(header, column) == header.end())
      throw Error(ErrorCode::invalid_structure, "The table has no column \"" + column + "\"", table.string());
}

}  // namespace

LabelTable LabelTable::of_set(const std::filesystem::path& data, const std::string& name,
                              const std::vector<std::string>& columns) {
  LabelTable table{unpacked(data / "img" / (name + ".tar")) / name, {}};
  const std::filesystem::path file = table.folder / "labels.csv";
  std::istringstream lines(read_file(file, kLargestTable));
  std::string line;
  std::getline(lines, line);
  const std::vector<std::string> header = cells(line);
  require(header, columns, file);
  while (std::getline(lines, line)) {
    std::vector<std::string> row = cells(line);
    if (row.empty()) continue;
    row.resize(header.size());  // an empty last cell is not seen
    auto& named = table.rows.emplace_back();
    for (std::size_t i = 0; i < header.size(); ++i) named[header[i]] = row[i];
  }
  return table;
}

}  // namespace meridian::app
