#include "archive/waveform/edf_header.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>

#include "archive/waveform/subject.h"
#include "base/error.h"

namespace meridian::archive {
namespace {

constexpr std::size_t kFixedHeader = 256, kSignalHeader = 256;
constexpr std::size_t kMostSignals = 1024;
constexpr std::size_t kLargestRecord = std::size_t(1) << 28;  // bytes; EDF+ asks for 61,440 at most

[[noreturn]] void fail(const std::string& what, std::size_t at) {
  throw Error(ErrorCode::invalid_syntax, "EDF header: " + what, "byte " + std::to_string(at),
              "Check the file against the EDF specification");
}

// Fields of fixed width, one behind the other.
class Fields {
 public:
  explicit Fields(std::string_view bytes) : bytes_(bytes) {}
  std::size_t at() const { return at_; }

  std::string text(std::size_t width) {
    if (bytes_.size() - at_ < width) fail("it is cut short", at_);
    std::string_view field = bytes_.substr(at_, width);
    at_ += width;
    while (!field.empty() && (field.back() == ' ' || field.back() == '\0')) field.remove_suffix(1);
    while (!field.empty() && field.front() == ' ') field.remove_prefix(1);
    return std::string(field);
  }
  double number(std::size_t width, const char* what) {
    const std::size_t place = at_;
    const std::string digits = text(width);
    const char* first = digits.data() + (digits.starts_with('+') ? 1 : 0);
    double value = 0;
    const auto [end, error] = std::from_chars(first, digits.data() + digits.size(), value);
    if (error != std::errc() || end != digits.data() + digits.size() || !std::isfinite(value))
      fail(std::string("cannot read the ") + what, place);
    return value;
  }
  std::uint64_t count(std::size_t width, const char* what, double most) {
    const std::size_t place = at_;
    const double value = number(width, what);
    if (value < 0 || value > most || value != std::floor(value))
      fail(std::string("this cannot be the ") + what, place);
    return static_cast<std::uint64_t>(value);
  }

 private:
  std::string_view bytes_;
  std::size_t at_ = 0;
};

// "16.11.20" and "21.44.39"; years from 85 are of the last century. Taken as UTC.
std::optional<Instant> parse_start(const std::string& date, const std::string& time) {
  int day = 0, month = 0, year = 0, hour = 0, minute = 0, second = 0;
  if (std::sscanf(date.c_str(), "%2d.%2d.%2d", &day, &month, &year) != 3 ||
      std::sscanf(time.c_str(), "%2d.%2d.%2d", &hour, &minute, &second) != 3)
    return std::nullopt;
  const std::chrono::year_month_day ymd{std::chrono::year(year + (year < 85 ? 2000 : 1900)),
                                        std::chrono::month(static_cast<unsigned>(month)),
                                        std::chrono::day(static_cast<unsigned>(day))};
  if (!ymd.ok() || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59)
    return std::nullopt;
  return std::chrono::sys_days(ymd) + std::chrono::hours(hour) + std::chrono::minutes(minute) +
         std::chrono::seconds(second);
}

// EDF+'s "MCH-0234567 F 02-MAY-1951 Haagse_Harry"; X where it is not known.
signal::RecordedSubject subject_of(const std::string& patient) {
  std::vector<std::string> words(1);
  for (const char c : patient) {
    if (c == ' ')
      words.emplace_back();
    else
      words.back() += c == '_' ? ' ' : c;
  }
  words.resize(std::max<std::size_t>(words.size(), 4));
  const auto known = [](const std::string& word) { return word == "X" ? std::string() : word; };
  signal::RecordedSubject subject;
  subject.sex = gender_of(words[1]);
  subject.id = known(words[0]);
  subject.birth_date = birth_date_of(words[2]);
  subject.name = person_name_of(known(words[3]), {});
  return subject;
}

void read_signals(Fields& fields, EdfHeader& header) {
  std::vector<EdfSignal>& signals = header.signals;
  for (EdfSignal& signal : signals) signal.label = fields.text(16);
  for (std::size_t i = 0; i < signals.size(); ++i) fields.text(80);  // transducer
  for (EdfSignal& signal : signals) signal.unit = fields.text(8);
  for (EdfSignal& signal : signals) signal.physical_minimum = fields.number(8, "physical minimum");
  for (EdfSignal& signal : signals) signal.physical_maximum = fields.number(8, "physical maximum");
  for (EdfSignal& signal : signals) signal.digital_minimum = fields.number(8, "digital minimum");
  for (EdfSignal& signal : signals) signal.digital_maximum = fields.number(8, "digital maximum");
  for (std::size_t i = 0; i < signals.size(); ++i) fields.text(80);  // filters
  for (EdfSignal& signal : signals) {
    signal.samples = fields.count(8, "number of samples", kLargestRecord);
    signal.offset = header.record_bytes;
    header.record_bytes += signal.samples * header.sample_bytes;
    if (header.record_bytes > kLargestRecord) fail("its records are too large", fields.at());
  }
}

}  // namespace

bool is_edf_annotation(const EdfSignal& signal) {
  return signal.label == "EDF Annotations" || signal.label == "BDF Annotations";
}

EdfHeader parse_edf_header(std::string_view bytes) {
  Fields fields(bytes);
  EdfHeader header;
  if (fields.text(8) ==
      "\xff"
      "BIOSEMI")
    header.sample_bytes = 3;
  const std::string patient = fields.text(80);
  fields.text(80);  // recording
  const std::string date = fields.text(8), time = fields.text(8);
  header.start = parse_start(date, time);
  header.bytes = fields.count(8, "size of the header", 1e9);
  const std::string kind = fields.text(44);
  header.annotated = kind.starts_with("EDF+") || kind.starts_with("BDF+");
  header.discontinuous = kind.starts_with("EDF+D") || kind.starts_with("BDF+D");
  if (header.annotated) header.subject = subject_of(patient);
  const double records = fields.number(8, "number of records");
  if (records >= 0 && records < 1e15) header.records = static_cast<std::uint64_t>(records);
  header.record_seconds = fields.number(8, "duration of a record");
  header.signals.resize(fields.count(4, "number of signals", static_cast<double>(kMostSignals)));
  if (header.bytes != kFixedHeader + header.signals.size() * kSignalHeader)
    fail("its size does not fit its number of signals", 184);
  read_signals(fields, header);
  return header;
}

}  // namespace meridian::archive
