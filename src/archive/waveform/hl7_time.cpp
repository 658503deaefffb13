#include "archive/waveform/hl7_time.h"

#include <charconv>
#include <cmath>

namespace meridian::archive {
namespace {

// The next digits as a number, taken away; nothing when there are not so many.
std::optional<int> take(std::string_view& text, std::size_t digits) {
  if (text.size() < digits) return std::nullopt;
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + digits, value);
  if (error != std::errc() || end != text.data() + digits || value < 0) return std::nullopt;
  text.remove_prefix(digits);
  return value;
}

std::optional<std::chrono::minutes> zone_of(std::string_view text) {
  if (text.empty()) return std::chrono::minutes(0);
  const bool west = text.front() == '-';
  text.remove_prefix(1);
  const auto hours = take(text, 2), minutes = take(text, 2);
  if (!hours || !minutes || !text.empty()) return std::nullopt;
  const std::chrono::minutes offset = std::chrono::hours(*hours) + std::chrono::minutes(*minutes);
  return west ? -offset : offset;
}

}  // namespace

std::optional<Instant> parse_hl7_time(std::string_view text) {
  const auto sign = std::min(text.find_first_of("+-"), text.size());
  const auto zone = zone_of(text.substr(sign));
  text = text.substr(0, sign);
  const auto year = take(text, 4), month = take(text, 2), day = take(text, 2);
  if (!zone || !year || !month || !day) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(*year),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return std::nullopt;
  const int hour = take(text, 2).value_or(0), minute = take(text, 2).value_or(0);
  double second = take(text, 2).value_or(0);
  if (text.starts_with('.')) {
    double part = 0;
    std::from_chars(text.data(), text.data() + text.size(), part);
    second += part;
  }
  if (hour > 23 || minute > 59 || second >= 61) return std::nullopt;
  return std::chrono::sys_days(date) + std::chrono::hours(hour) + std::chrono::minutes(minute) - *zone +
         std::chrono::microseconds(std::llround(second * 1e6));
}

std::string format_hl7_time(Instant time) {
  const std::string dicom = format_dicom_datetime(time);  // 20261124135319.123000+0000
  return dicom.substr(0, 18) + dicom.substr(21);
}

}  // namespace meridian::archive
