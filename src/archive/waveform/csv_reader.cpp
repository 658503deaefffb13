#include "archive/waveform/csv_reader.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include "archive/waveform/lead_name.h"
#include "archive/waveform/pieces.h"
#include "archive/waveform/subject.h"
#include "archive/waveform/voltage.h"
#include "base/error.h"
#include "base/json.h"
#include "base/text.h"
#include "signal/remark.h"

namespace meridian::archive {
namespace {

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
constexpr std::size_t kMostLeads = 256;

[[noreturn]] void fail_layout(const std::string& what) {
  throw Error(
      ErrorCode::invalid_structure, "CSV: " + what, "layout",
      "Declare sampling_frequency and unit in comments at the beginning, or in a JSON file of the same "
      "name");
}

std::string_view trimmed(std::string_view text) {
  const auto from = text.find_first_not_of(" \t\r\"");
  if (from == std::string_view::npos) return {};
  return text.substr(from, text.find_last_not_of(" \t\r\"") - from + 1);
}

std::string_view take_line(std::string_view& text) {
  const auto end = std::min(text.find('\n'), text.size());
  std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

struct Layout {
  double frequency = 0;
  std::string unit, start, sex;
  std::optional<double> age;
  std::vector<std::string> leads;
  std::size_t skip_lines = 0;
};

std::optional<double> number_of(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// "# unit: mV"; what is not known is a remark.
void take_comment(std::string_view comment, Layout& layout) {
  const auto colon = comment.find(':');
  if (colon == std::string_view::npos) return;
  const std::string_view key = trimmed(comment.substr(0, colon)), value = trimmed(comment.substr(colon + 1));
  if (key == "sampling_frequency") layout.frequency = number_of(value).value_or(0);
  if (key == "unit") layout.unit = value;
  if (key == "start") layout.start = value;
  if (key == "sex") layout.sex = value;
  if (key == "age_years") layout.age = age_of(value);
}

Layout layout_of_json(std::string_view text) {
  const Json json = Json::parse(text);
  Layout layout;
  if (const Json* frequency = json.find("sampling_frequency")) layout.frequency = frequency->as_double();
  layout.unit = json.text("unit");
  layout.start = json.text("start");
  layout.sex = json.text("sex");
  if (const Json* age = json.find("age_years")) layout.age = age_of(age->number_text());
  if (const Json* leads = json.find("leads"))
    for (const Json& lead : leads->items()) layout.leads.push_back(lead.as_string());
  if (const Json* skip = json.find("skip_lines"))
    layout.skip_lines = static_cast<std::size_t>(std::clamp<std::int64_t>(skip->as_int(), 0, 1000));
  return layout;
}

std::vector<std::string_view> split(std::string_view line, char separator) {
  std::vector<std::string_view> fields;
  while (true) {
    const auto end = std::min(line.find(separator), line.size());
    fields.push_back(trimmed(line.substr(0, end)));
    if (end == line.size()) return fields;
    line.remove_prefix(end + 1);
  }
}

char separator_of(std::string_view line) {
  for (const char candidate : {'\t', ';', ','})
    if (line.find(candidate) != std::string_view::npos) return candidate;
  return ',';
}

bool is_no_lead(const std::string& name) {
  const std::string lower = lower_case(name);
  return lower.starts_with("time") || lower == "t" || lower == "sample";
}

class Reader {
 public:
  Reader(std::string_view bytes, std::string_view sidecar) : rest_(bytes) {
    if (rest_.starts_with("\xef\xbb\xbf")) rest_.remove_prefix(3);
    if (!sidecar.empty()) layout_ = layout_of_json(sidecar);
    for (std::size_t i = 0; i < layout_.skip_lines; ++i) next_line();
    while (rest_.starts_with('#')) take_comment(next_line().substr(1), layout_);
  }

  signal::Recording read() {
    recording_.source = "CSV";
    recording_.sampling_frequency = layout_.frequency;
    const auto unit = millivolts_per(layout_.unit);
    if (!(layout_.frequency > 0) || !std::isfinite(layout_.frequency))
      fail_layout("it gives no sampling_frequency");
    if (!unit) fail_layout("it gives no unit that is one of voltage");
    scale_ = *unit;
    recording_.subject.sex = gender_of(layout_.sex);
    recording_.subject.age_years = layout_.age;
    if (!layout_.start.empty()) recording_.start = parse_instant(layout_.start);
    separator_ = separator_of(rest_.substr(0, rest_.find('\n')));
    name_columns();
    while (!rest_.empty()) read_row(next_line());
    if (recording_.length() == 0) fail_layout("it holds no row of numbers");
    return std::move(recording_);
  }

 private:
  std::string_view next_line() {
    ++line_;
    return take_line(rest_);
  }

  void name_columns() {
    if (layout_.leads.empty())
      for (const std::string_view name : split(next_line(), separator_)) layout_.leads.emplace_back(name);
    if (layout_.leads.size() > kMostLeads) fail_layout("it has more than 256 columns");
    for (const std::string& name : layout_.leads) {
      const bool lead = !is_no_lead(name) && may_be_ecg_lead(name);
      if (name.empty() || number_of(name)) fail_layout("its columns have no names");
      column_of_lead_.push_back(lead ? static_cast<int>(recording_.leads.size()) : -1);
      if (lead)
        recording_.leads.push_back({standard_lead_name(name), {}});
      else if (!is_no_lead(name))
        recording_.unread.push_back(signal::remark("not-an-ecg-lead", {{"lead", name}}));
    }
    if (recording_.leads.empty()) fail_layout("none of its columns is an ECG lead");
  }

  void read_row(std::string_view line) {
    if (trimmed(line).empty() || line.front() == '#') return;
    const std::vector<std::string_view> fields = split(line, separator_);
    if (fields.size() != column_of_lead_.size())
      fail("It has " + std::to_string(fields.size()) + " columns instead of " +
           std::to_string(column_of_lead_.size()));
    for (std::size_t c = 0; c < fields.size(); ++c) {
      if (column_of_lead_[c] < 0) continue;
      recording_.leads[static_cast<std::size_t>(column_of_lead_[c])].samples.push_back(value_of(fields[c]));
    }
    require_readable_size(recording_.length(), recording_.leads.size(), "line " + std::to_string(line_));
  }

  float value_of(std::string_view field) const {
    if (field.empty()) return kNaN;
    if (field.front() == '+') field.remove_prefix(1);
    const auto value = number_of(field);
    if (!value) fail("\"" + std::string(field.substr(0, 20)) + "\" is not a number");
    return std::isfinite(*value) ? static_cast<float>(*value * scale_) : kNaN;
  }

  [[noreturn]] void fail(const std::string& what) const {
    throw Error(ErrorCode::invalid_syntax, "CSV: " + what, "line " + std::to_string(line_),
                "Give each line as many numbers as there are leads, with points as decimal marks");
  }

  std::string_view rest_;
  std::size_t line_ = 0;
  Layout layout_;
  char separator_ = ',';
  double scale_ = 1;
  std::vector<int> column_of_lead_;  // -1: left out
  signal::Recording recording_;
};

}  // namespace

signal::Recording read_csv_ecg(std::string_view bytes, std::string_view sidecar) {
  return Reader(bytes, sidecar).read();
}

bool is_csv_with_layout(std::string_view bytes) {
  if (bytes.starts_with("\xef\xbb\xbf")) bytes.remove_prefix(3);
  Layout layout;
  while (bytes.starts_with('#')) take_comment(take_line(bytes).substr(1), layout);
  return layout.frequency > 0 || !layout.unit.empty();
}

}  // namespace meridian::archive
