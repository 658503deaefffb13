// Tables of facts in knowledge/: lines of fields between commas, of which none holds a comma; lines that
// begin with # tell about the table, and the first of the others is its head.
#pragma once
#include <string>
#include <vector>

namespace meridian {

// The rows below the head, each of that many fields. file: below knowledge/. Throws unavailable without the
// file, and corrupted for a row of another number of fields.
std::vector<std::vector<std::string>> read_fact_table(const std::string& file, std::size_t fields);

// Throws corrupted, naming the row that is wrong.
[[noreturn]] void refuse_fact_table(const std::string& file, const std::string& row);

}  // namespace meridian
