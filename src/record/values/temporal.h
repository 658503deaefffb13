// Dates, dateTimes and times with the precision that they are written with.
#pragma once
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace meridian::record {

struct Temporal {
  enum class Kind : std::uint8_t { date, date_time, time };
  // Seconds and their fraction are one precision: 10:00:00 equals 10:00:00.0.
  enum class Precision : std::uint8_t { year, month, day, hour, minute, second, fraction };

  Kind kind = Kind::date;
  Precision precision = Precision::year;
  bool has_zone = false;
  std::uint8_t month = 1, day = 1, hour = 0, minute = 0, second = 0;
  std::uint8_t fraction_digits = 0;
  std::int16_t year = 1;
  std::int16_t offset_minutes = 0;  // east of UTC
  std::int32_t microsecond = 0;

  // FHIRPath's text without the @ (and without the T of a time): 2015, 2015-02T,
  // 2015-02-04T14:34:28.123+10:00, 14:34. Nothing for a day that no month has or an hour of 25.
  static std::optional<Temporal> parse_date(std::string_view text);
  static std::optional<Temporal> parse_date_time(std::string_view text);
  static std::optional<Temporal> parse_time(std::string_view text);

  std::string text() const;
  // As date or as dateTime, cut to a precision; time of day and zone are dropped for a date.
  Temporal as_date() const;
  Temporal as_date_time() const;
  // Microseconds since 1970 UTC (a time: since midnight) of its first and last microsecond; local time
  // without a zone is taken as UTC.
  std::int64_t first_microsecond() const;
  std::int64_t last_microsecond() const;
};

// Nothing when the two are of different precision and equal as far as both go, or when only one has a zone
// and the difference might matter.
std::optional<std::strong_ordering> compare(const Temporal& a, const Temporal& b);
// Whether both are of the same precision and instant.
bool equivalent(const Temporal& a, const Temporal& b);

enum class CalendarUnit : std::uint8_t { year, month, week, day, hour, minute, second, millisecond };
// Adds whole units; a smaller unit than the precision is counted in the precision's units (FHIRPath, date
// arithmetic). Nothing when the result is outside the years 1 to 9999.
std::optional<Temporal> add(const Temporal& value, std::int64_t amount, CalendarUnit unit);

}  // namespace meridian::record
