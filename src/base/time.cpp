#include "base/time.h"

#include <charconv>
#include <cstdio>

#include "base/error.h"

namespace meridian {
namespace {

using namespace std::chrono;

struct Fields {
  year_month_day date;
  hh_mm_ss<microseconds> time;
};

Fields fields(Instant instant) {
  const auto day = floor<days>(instant);
  return {year_month_day(day), hh_mm_ss<microseconds>(instant - day)};
}

class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text), rest_(text) {}

  int digits(std::size_t count) {
    int value = 0;
    if (rest_.size() < count) fail();
    for (const char c : rest_.substr(0, count)) {
      if (c < '0' || c > '9') fail();
      value = value * 10 + (c - '0');
    }
    rest_.remove_prefix(count);
    return value;
  }
  bool accept(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  void expect(char c) {
    if (!accept(c)) fail();
  }
  microseconds fraction() {
    std::int64_t value = 0, scale = 1'000'000;
    std::size_t count = 0;
    for (; !rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9'; rest_.remove_prefix(1), ++count) {
      if (scale == 1) continue;
      value = value * 10 + (rest_.front() - '0');
      scale /= 10;
    }
    if (count == 0) fail();
    return microseconds(value * scale);
  }
  minutes zone() {
    if (accept('Z')) return minutes(0);
    const bool west = accept('-');
    if (!west) expect('+');
    const int hour = digits(2);
    expect(':');
    const int offset = hour * 60 + digits(2);
    if (offset > 14 * 60) fail();
    return minutes(west ? -offset : offset);
  }
  void end() {
    if (!rest_.empty()) fail();
  }
  [[noreturn]] void fail() const {
    throw Error(ErrorCode::invalid_value,
                "\"" + std::string(text_) + "\" is not a date and time with its zone", {},
                "Write it like 2026-11-24T13:53:19+08:00");
  }

 private:
  std::string_view text_;
  std::string_view rest_;
};

}  // namespace

Instant now() {
  return floor<microseconds>(system_clock::now());
}

std::string format_instant(Instant time) {
  const auto [date, clock] = fields(time);
  char text[40];
  std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()),
                static_cast<int>(clock.subseconds().count() / 1000));
  return text;
}

Instant parse_instant(std::string_view text) {
  Scanner scan(text);
  const int year_number = scan.digits(4);
  scan.expect('-');
  const int month_number = scan.digits(2);
  scan.expect('-');
  const int day_number = scan.digits(2);
  const year_month_day date{year(year_number), month(static_cast<unsigned>(month_number)),
                            day(static_cast<unsigned>(day_number))};
  if (!date.ok()) scan.fail();
  scan.expect('T');
  const int hour = scan.digits(2);
  scan.expect(':');
  const int minute = scan.digits(2);
  scan.expect(':');
  const int second = scan.digits(2);
  if (hour > 23 || minute > 59 || second > 60) scan.fail();
  const microseconds fraction = scan.accept('.') ? scan.fraction() : microseconds(0);
  const minutes zone = scan.zone();
  scan.end();
  return Instant(sys_days(date)) + hours(hour) + minutes(minute) + seconds(second) + fraction - zone;
}

std::string format_dicom_datetime(Instant time) {
  const auto [date, clock] = fields(time);
  char text[40];
  std::snprintf(text, sizeof text, "%04d%02u%02u%02d%02d%02d.%06d+0000", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()), static_cast<int>(clock.subseconds().count()));
  return text;
}

}  // namespace meridian
