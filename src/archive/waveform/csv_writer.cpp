#include "archive/waveform/csv_writer.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/error.h"

namespace meridian::archive {
namespace {

constexpr int kDigits = 6;

std::string number(double value, int digits) {
  char text[48];
  const auto [end, error] =
      std::to_chars(text, text + sizeof text, value, std::chars_format::general, digits);
  return {text, error == std::errc() ? end : text};
}

std::string comment(const char* key, const std::string& value) {
  return value.empty() ? std::string() : "# " + std::string(key) + ": " + value + "\n";
}

std::string column_name(std::string name) {
  std::replace_if(
      name.begin(), name.end(),
      [](char c) { return c == ',' || c == '"' || static_cast<unsigned char>(c) < 32; }, ' ');
  return name;
}

}  // namespace

std::string compose_csv_ecg(const signal::Recording& recording) {
  const bool even =
      std::all_of(recording.leads.begin(), recording.leads.end(),
                  [&](const signal::Lead& lead) { return lead.samples.size() == recording.length(); });
  if (recording.length() == 0 || !even)
    throw Error(ErrorCode::invalid_value,
                "Cannot write a recording without samples, or with leads of different "
                "lengths, as CSV");
  const signal::RecordedSubject& subject = recording.subject;
  std::string text = comment("sampling_frequency", number(recording.sampling_frequency, 15)) +
                     comment("unit", "mV") +
                     comment("start", recording.start ? format_instant(*recording.start) : "") +
                     comment("sex", subject.sex) +
                     comment("age_years", subject.age_years ? number(*subject.age_years, kDigits) : "");
  for (std::size_t c = 0; c < recording.leads.size(); ++c)
    text += (c ? "," : "") + column_name(recording.leads[c].name);
  text += '\n';
  for (std::size_t i = 0; i < recording.length(); ++i) {
    for (std::size_t c = 0; c < recording.leads.size(); ++c) {
      const float sample = recording.leads[c].samples[i];
      if (c) text += ',';
      if (std::isfinite(sample)) text += number(static_cast<double>(sample), kDigits);
    }
    text += '\n';
  }
  return text;
}

}  // namespace meridian::archive
