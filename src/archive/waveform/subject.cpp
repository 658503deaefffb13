#include "archive/waveform/subject.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <chrono>
#include <cstdio>

namespace meridian::archive {
namespace {

constexpr double kOldest = 130;  // years

std::string_view trimmed(std::string_view text) {
  const auto from = text.find_first_not_of(" \t\r\n");
  if (from == std::string_view::npos) return {};
  return text.substr(from, text.find_last_not_of(" \t\r\n") - from + 1);
}

std::string upper_case(std::string_view text) {
  std::string upper(text);
  std::transform(upper.begin(), upper.end(), upper.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return upper;
}

// The whole text as a number; -1 when it is none.
int number_of(std::string_view text) {
  int value = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() ? value : -1;
}

int month_of(std::string_view name) {
  constexpr std::array<std::string_view, 12> kMonths{"JAN", "FEB", "MAR", "APR", "MAY", "JUN",
                                                     "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"};
  const auto found = std::find(kMonths.begin(), kMonths.end(), upper_case(name));
  return found == kMonths.end() ? -1 : static_cast<int>(found - kMonths.begin()) + 1;
}

std::string date_text(int year, int month, int day) {
  if (year < 1850 || year > 2200 || month < 1 || day < 1) return {};
  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok()) return {};
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02d-%02d", year, month, day);
  return text.data();
}

std::string name_part(std::string_view text) {
  std::string part(trimmed(text));
  std::replace_if(
      part.begin(), part.end(),
      [](char c) { return c == '^' || c == '=' || c == '\\' || static_cast<unsigned char>(c) < 32; }, ' ');
  return part;
}

}  // namespace

std::string gender_of(std::string_view text) {
  const std::string word = upper_case(trimmed(text));
  if (word == "M" || word == "MALE") return "male";
  if (word == "F" || word == "FEMALE") return "female";
  return word == "O" || word == "OTHER" ? "other" : "";
}

std::optional<double> age_of(std::string_view text) {
  const std::string_view digits = trimmed(text);
  double value = -1;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  const bool whole = error == std::errc() && end == digits.data() + digits.size();
  if (!whole || !(value >= 0 && value <= kOldest)) return std::nullopt;
  return value;
}

std::string birth_date_of(std::string_view text) {
  const std::string_view date = trimmed(text);
  if (date.size() == 8)
    return date_text(number_of(date.substr(0, 4)), number_of(date.substr(4, 2)),
                     number_of(date.substr(6, 2)));
  if (date.size() == 11 && date[2] == '-' && date[6] == '-')
    return date_text(number_of(date.substr(7)), month_of(date.substr(3, 3)), number_of(date.substr(0, 2)));
  if (date.size() != 10) return {};
  if (date[4] == '-')
    return date_text(number_of(date.substr(0, 4)), number_of(date.substr(5, 2)), number_of(date.substr(8)));
  return date_text(number_of(date.substr(6)), number_of(date.substr(0, 2)), number_of(date.substr(3, 2)));
}

std::string person_name_of(std::string_view family, std::string_view given) {
  const std::string first = name_part(given);
  return name_part(family) + (first.empty() ? "" : "^" + first);
}

}  // namespace meridian::archive
