#include "archive/waveform/aecg_reader.h"

#include <charconv>
#include <cmath>
#include <limits>

#include "archive/waveform/hl7_time.h"
#include "archive/waveform/lead_name.h"
#include "archive/waveform/pieces.h"
#include "archive/waveform/subject.h"
#include "archive/waveform/voltage.h"
#include "archive/waveform/xml.h"
#include "base/error.h"
#include "signal/remark.h"

namespace meridian::archive {
namespace {

constexpr std::string_view kLeadPrefix = "MDC_ECG_LEAD_";

[[noreturn]] void fail(const std::string& what, const XmlElement& element) {
  throw Error(ErrorCode::invalid_structure, what, element.place(),
              "Check the aECG against HL7's implementation guide");
}

std::optional<double> number_at(const XmlElement& element, const char* attribute) {
  const std::string text = element.attribute(attribute);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

std::optional<double> seconds_per(std::string_view unit) {
  if (unit == "s") return 1.0;
  if (unit == "ms") return 1e-3;
  return unit == "us" ? std::optional(1e-6) : std::nullopt;
}

// When a sequence set begins and how fast it is.
struct TimeBase {
  double frequency = 0;          // Hz; 0: the set says nothing of time
  std::optional<Instant> start;  // of TIME_ABSOLUTE
  double offset = 0;             // s, of TIME_RELATIVE
};

TimeBase time_base_of(const XmlElement& set) {
  TimeBase base;
  for (const XmlElement& component : set.children("component")) {
    const XmlElement sequence = component.find("sequence");
    const std::string code = sequence.find("code").attribute("code");
    if (code != "TIME_ABSOLUTE" && code != "TIME_RELATIVE") continue;
    const XmlElement head = sequence.find("value/head"), increment = sequence.find("value/increment");
    const auto step = number_at(increment, "value"), unit = seconds_per(increment.attribute("unit"));
    if (!step || !unit || !(*step > 0)) fail("The sampling interval cannot be read", sequence);
    base.frequency = 1 / (*step * *unit);
    // 500 Hz, not 499.99999999999994
    if (std::fabs(base.frequency - std::round(base.frequency)) < 1e-6)
      base.frequency = std::round(base.frequency);
    if (code == "TIME_ABSOLUTE")
      base.start = parse_hl7_time(head.attribute("value"));
    else
      base.offset = number_at(head, "value").value_or(0) * seconds_per(head.attribute("unit")).value_or(1);
    return base;
  }
  return base;
}

std::vector<float> read_digits(const std::string& text, double origin, double scale,
                               const XmlElement& element) {
  std::vector<float> samples;
  const char* at = text.data();
  const char* const end = at + text.size();
  while (true) {
    while (at != end && (*at == ' ' || *at == '\n' || *at == '\r' || *at == '\t')) ++at;
    if (at == end) return samples;
    double value = 0;
    const auto [next, error] = std::from_chars(at, end, value);
    if (error != std::errc())
      fail("Sample " + std::to_string(samples.size() + 1) + " is not a number", element);
    samples.push_back(static_cast<float>(origin + value * scale));
    at = next;
  }
}

class Reader {
 public:
  explicit Reader(const XmlElement& root) : root_(root) {}

  signal::Recording read() {
    recording_.source = "aECG";
    read_subject();
    for (const XmlElement& component : root_.children("component")) read_series(component.find("series"));
    if (recording_.sampling_frequency == 0) fail("The document holds no rhythm with a sampling rate", root_);
    recording_.start = start_;
    join_pieces(std::move(pieces_), recording_);
    return std::move(recording_);
  }

 private:
  void read_subject() {
    const XmlElement trial =
        root_.find("componentOf/timepointEvent/componentOf/subjectAssignment/subject/trialSubject");
    const XmlElement person = trial.find("subjectDemographicPerson");
    recording_.subject.id = trial.find("id").attribute("extension");
    recording_.subject.name = person_name_of(person.find("name").text(), {});
    recording_.subject.sex = gender_of(person.find("administrativeGenderCode").attribute("code"));
    recording_.subject.birth_date = birth_date_of(person.find("birthTime").attribute("value").substr(0, 8));
  }

  void read_series(const XmlElement& series) {
    if (!series) return;
    const std::string code = series.find("code").attribute("code");
    if (code != "RHYTHM") {
      recording_.unread.push_back(signal::remark("no-rhythm", {{"code", code}}));
      return;
    }
    for (const char* kind : {"subjectOf", "derivation"}) {
      const std::size_t count = series.children(kind).size();
      const char* what = kind == std::string_view("subjectOf") ? "annotation-sets" : "derived-series";
      if (count > 0) recording_.unread.push_back(signal::remark(what, {{"count", std::to_string(count)}}));
    }
    for (const XmlElement& component : series.children("component"))
      if (const XmlElement set = component.find("sequenceSet")) read_set(set, series);
  }

  void read_set(const XmlElement& set, const XmlElement& series) {
    TimeBase base = time_base_of(set);
    if (base.frequency == 0) fail("A sequence set gives no time", set);
    if (!base.start) base.start = parse_hl7_time(series.find("effectiveTime/low").attribute("value"));
    if (recording_.sampling_frequency == 0) {
      recording_.sampling_frequency = base.frequency;
      start_ = base.start;
    }
    if (base.frequency != recording_.sampling_frequency) {
      recording_.unread.push_back(signal::remark("other-rate"));
      return;
    }
    double seconds = base.offset;
    if (start_ && base.start) seconds += std::chrono::duration<double>(*base.start - *start_).count();
    const double first = seconds * base.frequency;
    if (!(std::fabs(first) < static_cast<double>(kMaxSamples)))
      fail("A sequence set lies more than days from the first", set);
    for (const XmlElement& component : set.children("component"))
      read_sequence(component.find("sequence"), std::llround(first));
  }

  void read_sequence(const XmlElement& sequence, std::int64_t first) {
    const std::string code = sequence.find("code").attribute("code");
    if (code.starts_with("TIME_")) return;
    const XmlElement value = sequence.find("value");
    const XmlElement origin = value.find("origin"), scale = value.find("scale");
    const std::string unit = scale.attribute("unit");
    const bool lead = code.starts_with(kLeadPrefix);
    if (!lead || !millivolts_per(unit)) {
      recording_.unread.push_back(
          signal::remark(lead ? "not-in-volts" : "not-an-ecg-lead", {{"lead", code}}));
      return;
    }
    const auto step = number_at(scale, "value");
    if (!step || *step == 0) fail("A lead gives no scale", sequence);
    const double zero = number_at(origin, "value").value_or(0) *
                        millivolts_per(origin.attribute("unit")).value_or(*millivolts_per(unit));
    pieces_.push_back({standard_lead_name(std::string_view(code).substr(kLeadPrefix.size())), first,
                       read_digits(value.find("digits").text(), zero, *step * *millivolts_per(unit), value)});
  }

  XmlElement root_;
  signal::Recording recording_;
  std::optional<Instant> start_;
  std::vector<Piece> pieces_;
};

}  // namespace

signal::Recording read_aecg(std::string_view bytes) {
  const XmlDocument document(bytes);
  return Reader(document.root()).read();
}

}  // namespace meridian::archive
