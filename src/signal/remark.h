// What readers say of a recording: that something is damaged, assumed, implausible, or was not read. Each
// remark is a code with values, kept as its English text, from which code and values are told again: so
// remarks travel within DICOM, and those that were stored before a code was made stay readable.
#pragma once
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace meridian::signal {

using RemarkValues = std::vector<std::pair<std::string, std::string>>;  // name, value

// The English text of a remark. Throws internal for a code or a name that the table of remarks has not.
std::string remark(std::string_view code, const RemarkValues& values = {});

struct Remark {
  std::string code;     // "electrode-off"; empty: not in the table
  RemarkValues values;  // by the table's names: {"lead", "V1"}
  std::string en, zh;   // zh is the English where the table has none
};

// Also of "not read: PART", whose PART is a remark, and of "SEGMENT REMARK" of a record of several segments.
Remark remark_of(std::string_view text);

}  // namespace meridian::signal
