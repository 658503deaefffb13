#include "archive/waveform/scp_subject.h"

#include <cstdio>

#include "archive/character_set.h"
#include "archive/waveform/scp_file.h"
#include "archive/waveform/subject.h"

namespace meridian::archive {
namespace {

enum Tag : std::uint8_t {
  kLastName = 0,
  kFirstName = 1,
  kPatientId = 2,
  kAge = 4,
  kBirthDate = 5,
  kSex = 8,
  kDate = 25,
  kTime = 26,
  kEnd = 255
};

std::string text_of(std::string_view field) {
  field = field.substr(0, field.find('\0'));
  bool is_utf8 = false;
  std::string text = clean_utf8(field, &is_utf8);
  return is_utf8 ? text : to_utf8(field, "ISO_IR 100", {});
}

// Year, month and day; empty when the field says none.
std::string date_of(ScpFields field) {
  if (field.left() < 4) return {};
  const unsigned year = field.u16(), month = field.u8(), day = field.u8();
  char text[40];
  std::snprintf(text, sizeof text, "%04u%02u%02u", year, month, day);
  return birth_date_of(text);
}

std::optional<double> age_in_years(ScpFields field) {
  if (field.left() < 3) return std::nullopt;
  const double value = field.u16();
  const int unit = field.u8();
  constexpr double kPerYear[] = {0, 1, 12, 52.1775, 365.2425, 8765.82};  // years, months, weeks, days, hours
  if (unit < 1 || unit > 5) return std::nullopt;
  return age_of(std::to_string(value / kPerYear[unit]));
}

std::optional<Instant> instant_of(const std::string& date, ScpFields time) {
  if (date.empty() || time.left() < 3) return std::nullopt;
  const unsigned hour = time.u8(), minute = time.u8(), second = time.u8();
  if (hour > 23 || minute > 59 || second > 59) return std::nullopt;
  return parse_instant(date + "T00:00:00Z") + std::chrono::hours(hour) + std::chrono::minutes(minute) +
         std::chrono::seconds(second);
}

}  // namespace

void read_scp_subject(std::string_view section, signal::Recording& recording) {
  ScpFields fields(section, 1);
  signal::RecordedSubject& subject = recording.subject;
  std::string last_name, first_name, date;
  std::string_view time;
  while (fields.left() > 0) {
    const std::uint8_t tag = fields.u8();
    if (tag == kEnd) break;
    const std::string_view value = fields.bytes(fields.u16());
    const ScpFields field(value, 1);
    if (tag == kLastName) last_name = text_of(value);
    if (tag == kFirstName) first_name = text_of(value);
    if (tag == kPatientId) subject.id = text_of(value);
    if (tag == kAge) subject.age_years = age_in_years(field);
    if (tag == kBirthDate) subject.birth_date = date_of(field);
    if (tag == kSex && !value.empty()) subject.sex = value[0] == 1 ? "male" : value[0] == 2 ? "female" : "";
    if (tag == kDate) date = date_of(field);
    if (tag == kTime) time = value;
  }
  subject.name = person_name_of(last_name, first_name);
  recording.start = instant_of(date, ScpFields(time, 1));
}

}  // namespace meridian::archive
