#include "archive/date_time.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <optional>

namespace meridian::archive {
namespace {

std::string only_digits(std::string_view text) {
  std::string digits;
  std::ranges::copy_if(text, std::back_inserter(digits), [](char c) { return c >= '0' && c <= '9'; });
  return digits;
}

int number(std::string_view digits, std::size_t at, std::size_t count) {
  return at + count <= digits.size() ? std::stoi(std::string(digits.substr(at, count))) : 0;
}

std::optional<std::chrono::year_month_day> parse_date(std::string_view date) {
  const std::string digits = only_digits(date);
  if (digits.size() != 8) return {};
  const std::chrono::year_month_day day{std::chrono::year(number(digits, 0, 4)),
                                        std::chrono::month(static_cast<unsigned>(number(digits, 4, 2))),
                                        std::chrono::day(static_cast<unsigned>(number(digits, 6, 2)))};
  return day.ok() ? std::optional(day) : std::nullopt;
}

// Minutes east of UTC.
int zone_offset(std::string_view zone, const std::chrono::year_month_day& day, int hour, int minute) {
  const std::string digits = only_digits(zone);
  if (digits.size() == 4)
    return (zone.front() == '-' ? -1 : 1) * (number(digits, 0, 2) * 60 + number(digits, 2, 2));
  std::tm local{};
  local.tm_year = int(day.year()) - 1900;
  local.tm_mon = int(unsigned(day.month())) - 1;
  local.tm_mday = int(unsigned(day.day()));
  local.tm_hour = hour;
  local.tm_min = minute;
  local.tm_isdst = -1;
  return std::mktime(&local) == -1 ? 0 : static_cast<int>(local.tm_gmtoff / 60);
}

}  // namespace

std::string fhir_datetime(std::string_view date, std::string_view time, std::string_view zone) {
  const auto day = parse_date(date);
  if (!day) return {};
  const std::string text =
      fmt::format("{:04}-{:02}-{:02}", int(day->year()), unsigned(day->month()), unsigned(day->day()));
  const std::string digits = only_digits(time.substr(0, time.find('.')));
  if (digits.size() < 4) return text;
  const int hour = number(digits, 0, 2), minute = number(digits, 2, 2),
            second = std::min(number(digits, 4, 2), 59);
  if (hour > 23 || minute > 59) return text;
  const int offset = zone_offset(zone, *day, hour, minute), size = std::abs(offset);
  return fmt::format("{}T{:02}:{:02}:{:02}{}{:02}:{:02}", text, hour, minute, second, offset < 0 ? '-' : '+',
                     size / 60, size % 60);
}

}  // namespace meridian::archive
