#include "record/values/temporal.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>

namespace meridian::record {
namespace {

using Precision = Temporal::Precision;
constexpr std::int64_t kMicrosecondsPerDay = 86'400'000'000;

std::chrono::sys_days days_of(const Temporal& t) {
  return std::chrono::sys_days(std::chrono::year(t.year) / t.month / t.day);
}

// Reads numbers of fixed width from the front of a text.
class Cursor {
 public:
  explicit Cursor(std::string_view text) : text_(text) {}
  bool at_end() const { return text_.empty(); }
  bool next_is(char c) const { return !text_.empty() && text_.front() == c; }
  bool skip(char c) {
    if (!next_is(c)) return false;
    text_.remove_prefix(1);
    return true;
  }
  bool number(std::size_t width, int low, int high, int& value) {
    if (text_.size() < width) return false;
    value = 0;
    for (const char c : text_.substr(0, width)) {
      if (c < '0' || c > '9') return false;
      value = value * 10 + (c - '0');
    }
    text_.remove_prefix(width);
    return value >= low && value <= high;
  }
  std::string_view digits() {
    const std::size_t end = std::min(text_.find_first_not_of("0123456789"), text_.size());
    const std::string_view found = text_.substr(0, end);
    text_.remove_prefix(end);
    return found;
  }

 private:
  std::string_view text_;
};

bool read_date(Cursor& in, Temporal& t) {
  int value = 0;
  if (!in.number(4, 1, 9999, value)) return false;
  t.year = static_cast<std::int16_t>(value);
  t.precision = Precision::year;
  if (!in.skip('-')) return true;
  if (!in.number(2, 1, 12, value)) return false;
  t.month = static_cast<std::uint8_t>(value);
  t.precision = Precision::month;
  if (!in.skip('-')) return true;
  if (!in.number(2, 1, 31, value)) return false;
  t.day = static_cast<std::uint8_t>(value);
  t.precision = Precision::day;
  return (std::chrono::year(t.year) / t.month / t.day).ok();
}

bool read_fraction(Cursor& in, Temporal& t) {
  const std::string_view digits = in.digits();
  if (digits.empty() || digits.size() > 18) return false;
  t.precision = Precision::fraction;
  t.fraction_digits = static_cast<std::uint8_t>(std::min<std::size_t>(digits.size(), 6));
  for (std::size_t i = 0; i < 6; ++i)
    t.microsecond = t.microsecond * 10 + (i < digits.size() ? digits[i] - '0' : 0);
  return true;
}

bool read_time(Cursor& in, Temporal& t) {
  int value = 0;
  if (!in.number(2, 0, 23, value)) return false;
  t.hour = static_cast<std::uint8_t>(value);
  t.precision = Precision::hour;
  if (!in.skip(':')) return true;
  if (!in.number(2, 0, 59, value)) return false;
  t.minute = static_cast<std::uint8_t>(value);
  t.precision = Precision::minute;
  if (!in.skip(':')) return true;
  if (!in.number(2, 0, 60, value)) return false;
  t.second = static_cast<std::uint8_t>(value);
  t.precision = Precision::second;
  return !in.skip('.') || read_fraction(in, t);
}

bool read_zone(Cursor& in, Temporal& t) {
  if (in.at_end()) return true;
  t.has_zone = true;
  if (in.skip('Z')) return true;
  const bool west = in.next_is('-');
  int hours = 0, minutes = 0;
  if (!in.skip('-') && !in.skip('+')) return false;
  if (!in.number(2, 0, 14, hours) || !in.skip(':') || !in.number(2, 0, 59, minutes)) return false;
  t.offset_minutes = static_cast<std::int16_t>((west ? -1 : 1) * (hours * 60 + minutes));
  return true;
}

void append_number(std::string& out, int value, std::size_t width) {
  const std::string digits = std::to_string(value);
  out.append(width > digits.size() ? width - digits.size() : 0, '0').append(digits);
}

std::string zone_text(const Temporal& t) {
  if (!t.has_zone) return {};
  if (t.offset_minutes == 0) return "Z";
  const int minutes = std::abs(t.offset_minutes);
  std::string out = t.offset_minutes < 0 ? "-" : "+";
  append_number(out, minutes / 60, 2);
  append_number(out += ':', minutes % 60, 2);
  return out;
}

std::string time_text(const Temporal& t) {
  std::string out;
  append_number(out, t.hour, 2);
  if (t.precision >= Precision::minute) append_number(out += ':', t.minute, 2);
  if (t.precision >= Precision::second) append_number(out += ':', t.second, 2);
  if (t.precision == Precision::fraction) {
    append_number(out += '.', t.microsecond, 6);
    out.resize(out.size() - 6 + t.fraction_digits);
  }
  return out;
}

std::string date_text(const Temporal& t) {
  std::string out;
  append_number(out, t.year, 4);
  if (t.precision >= Precision::month) append_number(out += '-', t.month, 2);
  if (t.precision >= Precision::day) append_number(out += '-', t.day, 2);
  return out;
}

std::int64_t time_of_day(const Temporal& t) {
  return ((t.hour * 60 + t.minute) * 60 + t.second) * std::int64_t{1'000'000} + t.microsecond;
}

// The parts from year to fraction as they are counted when two are compared, moved to UTC when asked.
std::array<std::int64_t, 6> parts(const Temporal& t, bool to_utc) {
  std::int64_t day_count = t.kind == Temporal::Kind::time ? 0 : days_of(t).time_since_epoch().count();
  std::int64_t in_day = time_of_day(t);
  if (to_utc && t.precision >= Precision::hour) {
    in_day -= t.offset_minutes * std::int64_t{60'000'000};
    const std::int64_t carry = in_day < 0 ? -1 : in_day >= kMicrosecondsPerDay ? 1 : 0;
    in_day -= carry * kMicrosecondsPerDay;
    day_count += carry;
  }
  const std::chrono::year_month_day date{std::chrono::sys_days(std::chrono::days(day_count))};
  const std::int64_t seconds = in_day / 1'000'000;
  return {int(date.year()), unsigned(date.month()), unsigned(date.day()),
          seconds / 3600,   seconds / 60 % 60,      in_day % 60'000'000};
}

Precision whole_precision(const Temporal& t) {
  return std::min(t.precision, Precision::second);
}

Temporal shifted_days(Temporal t, std::int64_t microseconds) {
  const std::int64_t sum = time_of_day(t) + microseconds;
  std::int64_t carry = sum / kMicrosecondsPerDay, in_day = sum % kMicrosecondsPerDay;
  if (in_day < 0) {
    in_day += kMicrosecondsPerDay;
    --carry;
  }
  if (t.kind != Temporal::Kind::time) {
    const std::chrono::year_month_day date{days_of(t) + std::chrono::days(carry)};
    t.year = static_cast<std::int16_t>(int(date.year()));
    t.month = static_cast<std::uint8_t>(unsigned(date.month()));
    t.day = static_cast<std::uint8_t>(unsigned(date.day()));
  }
  const std::int64_t seconds = in_day / 1'000'000;
  t.hour = static_cast<std::uint8_t>(seconds / 3600);
  t.minute = static_cast<std::uint8_t>(seconds / 60 % 60);
  t.second = static_cast<std::uint8_t>(seconds % 60);
  t.microsecond = static_cast<std::int32_t>(in_day % 1'000'000);
  return t;
}

std::optional<Temporal> shifted_months(Temporal t, std::int64_t months) {
  const std::int64_t total = t.year * std::int64_t{12} + (t.month - 1) + months;
  if (total < 12 || total >= 120'000) return std::nullopt;
  t.year = static_cast<std::int16_t>(total / 12);
  t.month = static_cast<std::uint8_t>(total % 12 + 1);
  const auto last = std::chrono::year(t.year) / std::chrono::month(t.month) / std::chrono::last;
  t.day = std::min<std::uint8_t>(t.day, static_cast<std::uint8_t>(unsigned(last.day())));
  return t;
}

std::int64_t microseconds_of(CalendarUnit unit) {
  switch (unit) {
    case CalendarUnit::week:
      return 7 * kMicrosecondsPerDay;
    case CalendarUnit::hour:
      return 3'600'000'000;
    case CalendarUnit::minute:
      return 60'000'000;
    case CalendarUnit::second:
      return 1'000'000;
    case CalendarUnit::millisecond:
      return 1'000;
    default:
      return kMicrosecondsPerDay;
  }
}

// A unit smaller than the precision is counted in the precision's unit: 24 months make 2 years.
void coarsen(const Temporal& value, std::int64_t& amount, CalendarUnit& unit) {
  if (value.kind == Temporal::Kind::time || value.precision >= Precision::hour || unit == CalendarUnit::year)
    return;
  if (value.precision == Precision::day) {
    if (unit == CalendarUnit::month) return;
    amount = amount * (microseconds_of(unit) / 1000) / (kMicrosecondsPerDay / 1000);
    unit = CalendarUnit::day;
    return;
  }
  std::int64_t months = amount;
  if (unit != CalendarUnit::month)
    months = amount * (microseconds_of(unit) / 1000) / (kMicrosecondsPerDay / 1000) / 30;
  amount = value.precision == Precision::year ? months / 12 : months;
  unit = value.precision == Precision::year ? CalendarUnit::year : CalendarUnit::month;
}

}  // namespace

std::optional<Temporal> Temporal::parse_date(std::string_view text) {
  Temporal t;
  Cursor in(text);
  return read_date(in, t) && in.at_end() ? std::optional(t) : std::nullopt;
}

std::optional<Temporal> Temporal::parse_date_time(std::string_view text) {
  Temporal t;
  t.kind = Kind::date_time;
  Cursor in(text);
  if (!read_date(in, t)) return std::nullopt;
  if (!in.skip('T')) return in.at_end() ? std::optional(t) : std::nullopt;
  if (in.at_end()) return t;
  return t.precision == Precision::day && read_time(in, t) && read_zone(in, t) && in.at_end()
             ? std::optional(t)
             : std::nullopt;
}

std::optional<Temporal> Temporal::parse_time(std::string_view text) {
  Temporal t;
  t.kind = Kind::time;
  Cursor in(text);
  return read_time(in, t) && in.at_end() ? std::optional(t) : std::nullopt;
}

std::string Temporal::text() const {
  if (kind == Kind::time) return time_text(*this);
  if (precision < Precision::hour) return date_text(*this);
  return date_text(*this) + "T" + time_text(*this) + zone_text(*this);
}

Temporal Temporal::as_date() const {
  Temporal date;
  date.year = year;
  date.month = month;
  date.day = day;
  date.precision = std::min(precision, Precision::day);
  return date;
}

Temporal Temporal::as_date_time() const {
  Temporal converted = *this;
  converted.kind = Kind::date_time;
  return converted;
}

std::int64_t Temporal::first_microsecond() const {
  const std::int64_t day_count = kind == Kind::time ? 0 : days_of(*this).time_since_epoch().count();
  return day_count * kMicrosecondsPerDay + time_of_day(*this) - offset_minutes * std::int64_t{60'000'000};
}

std::int64_t Temporal::last_microsecond() const {
  const std::int64_t first = first_microsecond();
  switch (precision) {
    case Precision::year:
      return shifted_months(*this, 12).value_or(*this).first_microsecond() - 1;
    case Precision::month:
      return shifted_months(*this, 1).value_or(*this).first_microsecond() - 1;
    case Precision::day:
      return first + kMicrosecondsPerDay - 1;
    case Precision::hour:
      return first + 3'600'000'000 - 1;
    case Precision::minute:
      return first + 60'000'000 - 1;
    case Precision::second:
      return first + 1'000'000 - 1;
    case Precision::fraction:
      break;
  }
  std::int64_t step = 1;
  for (int digits = fraction_digits; digits < 6; ++digits) step *= 10;
  return first + step - 1;
}

std::optional<std::strong_ordering> compare(const Temporal& a, const Temporal& b) {
  if ((a.kind == Temporal::Kind::time) != (b.kind == Temporal::Kind::time)) return std::nullopt;
  const bool both_have_time = a.precision >= Precision::hour && b.precision >= Precision::hour;
  if (both_have_time && a.has_zone != b.has_zone) {
    // The unknown zone lies between 14 hours east and 12 hours west of UTC.
    const std::int64_t difference = a.first_microsecond() - b.first_microsecond();
    if (std::abs(difference) <= 14 * std::int64_t{3'600'000'000}) return std::nullopt;
    return difference <=> 0;
  }
  const bool to_utc = both_have_time && a.has_zone;
  const auto left = parts(a, to_utc), right = parts(b, to_utc);
  const auto shared = static_cast<std::size_t>(std::min(whole_precision(a), whole_precision(b)));
  for (std::size_t i = 0; i <= shared; ++i)
    if (left[i] != right[i]) return left[i] <=> right[i];
  if (whole_precision(a) != whole_precision(b)) return std::nullopt;
  return std::strong_ordering::equal;
}

bool equivalent(const Temporal& a, const Temporal& b) {
  const auto order = compare(a, b);
  return order && *order == 0;
}

std::optional<Temporal> add(const Temporal& value, std::int64_t amount, CalendarUnit unit) {
  constexpr std::int64_t kLargest =
      400'000'000;  // in any unit this is beyond the years 1 to 9999, or close to it
  if (std::abs(amount) > (unit >= CalendarUnit::hour ? kLargest * 1000 : kLargest)) return std::nullopt;
  coarsen(value, amount, unit);
  if (unit == CalendarUnit::year) return shifted_months(value, amount * 12);
  if (unit == CalendarUnit::month) return shifted_months(value, amount);
  const std::int64_t step = microseconds_of(unit);
  if (std::abs(amount) > (std::int64_t{1} << 62) / step) return std::nullopt;
  const std::int64_t days = amount * (step / 1000) / (kMicrosecondsPerDay / 1000);
  if (value.kind != Temporal::Kind::time) {
    const auto target = (days_of(value) + std::chrono::days(days)).time_since_epoch().count();
    if (target < -719'162 + 1 || target > 2'932'895) return std::nullopt;  // 0001-01-02 to 9999-12-30
  }
  return shifted_days(value, amount * step);
}

}  // namespace meridian::record
