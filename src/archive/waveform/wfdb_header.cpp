#include "archive/waveform/wfdb_header.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "archive/waveform/wfdb_subject.h"
#include "base/error.h"

namespace meridian::archive {
namespace {

constexpr std::size_t kMaxSignals = 1024;
constexpr std::size_t kLargestHeader = std::size_t(32) << 20;  // bytes
constexpr std::size_t kMaxSegments = 1'000'000;
constexpr double kMaxFrequency = 1e6;  // Hz

struct Line {
  std::size_t number;
  std::vector<std::string_view> fields;
  std::string_view text;
};

[[noreturn]] void fail(const Line& line, const std::string& what) {
  throw Error(ErrorCode::invalid_syntax, "WFDB header: " + what, "line " + std::to_string(line.number),
              "Check the .hea file against header(5) of the WFDB guide");
}

std::vector<std::string_view> split_fields(std::string_view text) {
  std::vector<std::string_view> fields;
  for (std::size_t at = 0; at < text.size();) {
    const auto from = text.find_first_not_of(" \t\r", at);
    if (from == std::string_view::npos) break;
    const auto to = std::min(text.find_first_of(" \t\r", from), text.size());
    fields.push_back(text.substr(from, to - from));
    at = to;
  }
  return fields;
}

struct Lines {
  std::vector<Line> content;
  std::vector<std::string_view> comments;  // without the mark
};

Lines split_lines(std::string_view text) {
  Lines lines;
  std::size_t number = 0;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    ++number;
    auto fields = split_fields(line);
    if (fields.empty()) continue;
    if (fields.front().front() == '#')
      lines.comments.push_back(line.substr(line.find('#') + 1));
    else
      lines.content.push_back({number, std::move(fields), line});
  }
  return lines;
}

// Reads a number from the front of the text and takes it away; nothing when there is none.
template <typename Number>
std::optional<Number> take(std::string_view& text) {
  if (!text.empty() && text.front() == '+') text.remove_prefix(1);
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc()) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return value;
}

template <typename Number>
Number require(std::string_view& text, const Line& line, const char* what) {
  const auto value = take<Number>(text);
  if (!value) fail(line, std::string("cannot read the ") + what);
  return *value;
}

bool take_mark(std::string_view& text, char mark) {
  if (text.empty() || text.front() != mark) return false;
  text.remove_prefix(1);
  return true;
}

std::optional<Instant> parse_start(std::string_view time, std::string_view date, const Line& line) {
  int part[3] = {0, 0, 0};
  for (int i = 0; i < 3; ++i) {
    part[i] = require<int>(time, line, "time");
    if (i < 2 && !take_mark(time, ':')) fail(line, "the time must be hours:minutes:seconds");
  }
  const int day = require<int>(date, line, "date");
  take_mark(date, '/');
  const int month = require<int>(date, line, "date");
  take_mark(date, '/');
  const int year = require<int>(date, line, "date");
  const std::chrono::year_month_day ymd{std::chrono::year(year),
                                        std::chrono::month(static_cast<unsigned>(month)),
                                        std::chrono::day(static_cast<unsigned>(day))};
  if (!ymd.ok() || part[0] < 0 || part[0] > 23 || part[1] < 0 || part[1] > 59 || part[2] < 0 || part[2] > 60)
    return std::nullopt;  // some archives blank out dates with impossible ones
  return std::chrono::sys_days(ymd) + std::chrono::hours(part[0]) + std::chrono::minutes(part[1]) +
         std::chrono::seconds(part[2]);
}

std::size_t parse_record_line(const Line& line, WfdbHeader& header, bool& segmented) {
  const auto& fields = line.fields;
  if (fields.size() < 2) fail(line, "the record line needs a name and the number of signals");
  const auto slash = fields[0].find('/');
  header.record_name = fields[0].substr(0, slash);
  std::size_t count = 0;
  segmented = slash != std::string_view::npos;
  std::string_view text = segmented ? fields[0].substr(slash + 1) : fields[1];
  count = require<std::size_t>(text, line, segmented ? "number of segments" : "number of signals");
  if (count > (segmented ? kMaxSegments : kMaxSignals)) fail(line, "too many signals or segments");
  if (fields.size() > 2) {
    std::string_view frequency = fields[2];
    header.frame_frequency = require<double>(frequency, line, "sampling frequency");
  }
  if (!(header.frame_frequency > 0) || header.frame_frequency > kMaxFrequency)
    fail(line, "the sampling frequency must be above 0 and at most 1 MHz");
  if (fields.size() > 3) {
    std::string_view frames = fields[3];
    const auto value = require<std::uint64_t>(frames, line, "number of samples");
    if (value > 0) header.frames = value;
  }
  if (fields.size() > 5) header.start = parse_start(fields[4], fields[5], line);
  return count;
}

// format[xSAMPLES][:SKEW][+OFFSET]
void parse_format(std::string_view text, const Line& line, WfdbSignal& signal) {
  signal.format = require<int>(text, line, "storage format");
  if (take_mark(text, 'x')) signal.samples_per_frame = require<int>(text, line, "samples per frame");
  if (take_mark(text, ':')) signal.skew = require<int>(text, line, "skew");
  if (!text.empty() && text.front() == '+')
    signal.byte_offset = require<std::uint64_t>(text, line, "byte offset");
  if (!text.empty()) fail(line, "unexpected text after the storage format");
  if (signal.samples_per_frame < 1 || signal.samples_per_frame > 1000 || signal.skew < 0)
    fail(line, "samples per frame must be 1 to 1000 and the skew not negative");
}

// gain[(baseline)][/units]; true when a baseline is given.
bool parse_gain(std::string_view text, const Line& line, WfdbSignal& signal) {
  const double gain = require<double>(text, line, "gain");
  if (!std::isfinite(gain) || gain < 0) fail(line, "the gain must be a positive number");
  signal.calibrated = gain != 0;
  if (signal.calibrated) signal.gain = gain;
  bool baseline_given = false;
  if (take_mark(text, '(')) {
    signal.baseline = require<double>(text, line, "baseline");
    baseline_given = true;
    if (!take_mark(text, ')')) fail(line, "the baseline's bracket is not closed");
  }
  if (take_mark(text, '/')) signal.units = text;
  return baseline_given;
}

std::string_view rest_of_line(const Line& line, std::size_t field) {
  if (field >= line.fields.size()) return {};
  const auto offset = static_cast<std::size_t>(line.fields[field].data() - line.text.data());
  std::string_view rest = line.text.substr(offset);
  while (!rest.empty() && (rest.back() == '\r' || rest.back() == ' ' || rest.back() == '\t'))
    rest.remove_suffix(1);
  return rest;
}

WfdbSignal parse_signal_line(const Line& line) {
  const auto& fields = line.fields;
  if (fields.size() < 2) fail(line, "a signal line needs a file name and a storage format");
  WfdbSignal signal;
  signal.file_name = fields[0];
  parse_format(fields[1], line, signal);
  const bool baseline_given = fields.size() > 2 && parse_gain(fields[2], line, signal);
  if (fields.size() <= 2) signal.calibrated = false;
  const auto number = [&](std::size_t field, const char* what) {
    std::string_view text = fields[field];
    return require<std::int64_t>(text, line, what);
  };
  if (fields.size() > 3) number(3, "ADC resolution");
  const auto zero = fields.size() > 4 ? number(4, "ADC zero") : 0;
  if (!baseline_given) signal.baseline = static_cast<double>(zero);
  if (fields.size() > 5) signal.initial_value = number(5, "initial value");
  if (fields.size() > 6) signal.checksum = number(6, "checksum");
  if (fields.size() > 7) number(7, "block size");
  signal.description = rest_of_line(line, 8);
  return signal;
}

WfdbSegment parse_segment_line(const Line& line) {
  if (line.fields.size() < 2) fail(line, "a segment line needs a record name and a number of samples");
  std::string_view frames = line.fields[1];
  return {std::string(line.fields[0]), require<std::uint64_t>(frames, line, "number of samples")};
}

}  // namespace

WfdbHeader parse_wfdb_header(std::string_view text) {
  if (text.size() > kLargestHeader)
    throw Error(ErrorCode::too_large, "WFDB header: the file has more than 32 MiB", {},
                "Send the record's .hea file");
  const Lines all = split_lines(text);
  const std::vector<Line>& lines = all.content;
  if (lines.empty())
    throw Error(ErrorCode::invalid_syntax, "WFDB header: the file is empty", "line 1",
                "Send the record's .hea file");
  WfdbHeader header;
  bool segmented = false;
  const std::size_t count = parse_record_line(lines.front(), header, segmented);
  if (lines.size() - 1 < count)
    fail(lines.back(), "announces " + std::to_string(count) + " signals or segments and describes " +
                           std::to_string(lines.size() - 1));
  for (std::size_t i = 1; i <= count; ++i) {
    if (segmented)
      header.segments.push_back(parse_segment_line(lines[i]));
    else
      header.signals.push_back(parse_signal_line(lines[i]));
  }
  header.subject = subject_of_comments(all.comments);
  return header;
}

}  // namespace meridian::archive
