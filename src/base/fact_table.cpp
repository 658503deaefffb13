#include "base/fact_table.h"

#include <utility>

#include "base/error.h"
#include "base/file.h"
#include "base/resource.h"
#include "base/text.h"

namespace meridian {

void refuse_fact_table(const std::string& file, const std::string& row) {
  throw Error(ErrorCode::corrupted, "A row of a table of facts is wrong", row, "Restore knowledge/" + file);
}

std::vector<std::vector<std::string>> read_fact_table(const std::string& file, std::size_t fields) {
  std::vector<std::vector<std::string>> rows;
  bool below_head = false;
  for (const std::string& line : split(read_file(resource("knowledge/" + file)), '\n')) {
    if (line.empty() || line.starts_with('#')) continue;
    if (!std::exchange(below_head, true)) continue;
    rows.push_back(split(line, ','));
    if (rows.back().size() != fields) refuse_fact_table(file, line);
  }
  return rows;
}

}  // namespace meridian
