#include "archive/deidentify/profile.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/error.h"
#include "base/file.h"
#include "base/resource.h"

namespace meridian::archive {
namespace {

constexpr const char* kTable = "knowledge/dicom_confidentiality.csv";

// tag, basic, modified_dates, patient_characteristics, device, institution
using Cells = std::array<std::string_view, 6>;

[[noreturn]] void wrong(std::string_view line) {
  throw Error(ErrorCode::invalid_syntax, "This line of the table of attributes cannot be read",
              std::string(kTable) + ": " + std::string(line));
}

Cells split(std::string_view line) {
  Cells cells;
  std::string_view rest = line;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const auto comma = rest.find(',');
    if ((comma == std::string_view::npos) != (i + 1 == cells.size())) wrong(line);
    cells[i] = rest.substr(0, comma);
    rest.remove_prefix(comma == std::string_view::npos ? rest.size() : comma + 1);
  }
  return cells;
}

// Where several actions stand, an object's definition decides; a dummy suits all.
Action basic_action(std::string_view cell, std::string_view line) {
  if (cell == "U") return Action::replace_uid;
  if (cell.ends_with("U*")) return Action::replace_uids;
  if (cell.find('D') != std::string_view::npos) return Action::dummy;
  if (cell.find('Z') != std::string_view::npos) return Action::empty;
  if (cell == "X") return Action::remove;
  wrong(line);
}

Action action_of(const Cells& cells, const ProfileOptions& options, std::string_view line) {
  const std::array chosen{options.shift_dates, options.patient_characteristics, options.device,
                          options.institution};
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    if (!chosen[i]) continue;
    if (cells[i + 2] == "K") return Action::keep;
    if (cells[i + 2] == "C") return Action::clean;
  }
  return basic_action(cells[1], line);
}

std::uint32_t hexadecimal(const std::string& digits, std::string_view line) {
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
  if (error != std::errc() || end != digits.data() + 8) wrong(line);
  return value;
}

std::string replaced(std::string text, bool (*is_x)(char), char by, char otherwise) {
  std::ranges::transform(text, text.begin(), [&](char c) {
    return is_x(c) ? by : otherwise ? otherwise : c;
  });
  return text;
}

}  // namespace

Profile::Profile(const ProfileOptions& options) : options_(options) {
  const std::string table = read_file(resource(kTable));
  std::string_view rest = table;
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    if (line.empty() || line.front() == '#' || line.starts_with("tag,") || line.starts_with("PRIVATE"))
      continue;
    const Cells cells = split(line);
    const Action action = action_of(cells, options, line);
    const std::string tag(cells[0]);
    const auto is_x = [](char c) { return c == 'x'; };
    const std::uint32_t number = hexadecimal(replaced(tag, is_x, '0', '\0'), line);
    if (tag.find('x') == std::string::npos)
      exact_[number] = action;
    else
      repeating_.push_back({hexadecimal(replaced(tag, is_x, '0', 'F'), line), number, action});
  }
}

Action Profile::action(std::uint32_t tag) const {
  if (tag >> 16 & 1) return Action::remove;  // private attributes
  if (const auto found = exact_.find(tag); found != exact_.end()) return found->second;
  const auto row =
      std::ranges::find_if(repeating_, [&](const Row& row) { return (tag & row.mask) == row.tag; });
  return row == repeating_.end() ? Action::keep : row->action;
}

}  // namespace meridian::archive
