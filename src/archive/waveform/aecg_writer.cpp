#include "archive/waveform/aecg_writer.h"

#include <cctype>
#include <charconv>
#include <cmath>

#include "archive/waveform/ecg_lead_code.h"
#include "archive/waveform/hl7_time.h"
#include "archive/waveform/quantization.h"
#include "base/error.h"
#include "base/id.h"
#include "base/markup.h"

namespace meridian::archive {
namespace {

constexpr std::size_t kMostStretches = 10'000;
constexpr std::string_view kMdc = "2.16.840.1.113883.6.24", kActCode = "2.16.840.1.113883.5.4";

[[noreturn]] void fail(const std::string& what) {
  throw Error(ErrorCode::invalid_value, "Cannot write this recording as aECG: " + what, {},
              "Write it as DICOM, or give its leads their standard names");
}

std::string number(double value) {
  char text[32];
  const auto [end, error] = std::to_chars(text, text + sizeof text, value);
  return {text, error == std::errc() ? end : text};
}

std::string upper_case(std::string text) {
  for (char& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return text;
}

// A part of the recording in which the same leads have values.
struct Stretch {
  std::size_t begin, end;
  std::vector<const signal::Lead*> leads;
};

std::vector<const signal::Lead*> leads_at(const signal::Recording& recording, std::size_t sample) {
  std::vector<const signal::Lead*> leads;
  for (const signal::Lead& lead : recording.leads)
    if (std::isfinite(lead.samples[sample])) leads.push_back(&lead);
  return leads;
}

std::vector<Stretch> stretches_of(const signal::Recording& recording) {
  std::vector<Stretch> stretches;
  for (std::size_t i = 0; i < recording.length(); ++i) {
    auto leads = leads_at(recording, i);
    const bool goes_on = !stretches.empty() && stretches.back().end == i && stretches.back().leads == leads;
    if (goes_on)
      ++stretches.back().end;
    else if (!leads.empty())
      stretches.push_back({i, i + 1, std::move(leads)});
    if (stretches.size() > kMostStretches) fail("its leads come and go too often");
  }
  return stretches;
}

std::string code(std::string_view value, std::string_view system, std::string_view system_name) {
  return "<code code=\"" + std::string(value) + "\" codeSystem=\"" + std::string(system) +
         "\" codeSystemName=\"" + std::string(system_name) + "\"/>";
}

class Writer {
 public:
  Writer(const signal::Recording& recording, Instant now)
      : recording_(recording), start_(recording.start.value_or(now)) {
    for (const signal::Lead& lead : recording.leads) {
      if (lead.samples.size() != recording.length()) fail("its leads differ in length");
      if (ecg_lead_number(lead.name) == kUnspecifiedLead)
        fail("aECG has no code for lead \"" + lead.name + "\"");
    }
    if (recording.length() == 0 || !(recording.sampling_frequency > 0)) fail("it has no samples");
  }

  std::string document() const {
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
           "<AnnotatedECG xmlns=\"urn:hl7-org:v3\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" "
           "type=\"Observation\">\n<id root=\"" +
           new_id() + "\"/>\n" + code("93000", "2.16.840.1.113883.6.12", "CPT-4") + "\n" + time_span() +
           "\n" + subject() + series() + "</AnnotatedECG>\n";
  }

 private:
  std::string time_span() const {
    const Instant end = start_ + std::chrono::microseconds(std::llround(recording_.seconds() * 1e6));
    return "<effectiveTime><low value=\"" + format_hl7_time(start_) + "\"/><high value=\"" +
           format_hl7_time(end) + "\"/></effectiveTime>";
  }

  std::string subject() const {
    const signal::RecordedSubject& said = recording_.subject;
    std::string person;
    if (!said.name.empty()) person += "<name>" + escaped(said.name) + "</name>";
    if (said.sex == "male" || said.sex == "female")
      person += "<administrativeGenderCode code=\"" + std::string(said.sex == "male" ? "M" : "F") +
                "\" codeSystem=\"2.16.840.1.113883.5.1\"/>";
    if (said.birth_date.size() == 10)
      person += "<birthTime value=\"" + said.birth_date.substr(0, 4) + said.birth_date.substr(5, 2) +
                said.birth_date.substr(8) + "\"/>";
    return "<componentOf><timepointEvent><componentOf><subjectAssignment><subject><trialSubject>"
           "<id root=\"" +
           dicom_uid_of("aECG subject") + "\" extension=\"" + escaped(said.id) +
           "\"/><subjectDemographicPerson>" + person +
           "</subjectDemographicPerson></trialSubject></subject><componentOf><clinicalTrial><id "
           "nullFlavor=\"NA\"/>"
           "</clinicalTrial></componentOf></subjectAssignment></componentOf></timepointEvent></"
           "componentOf>\n";
  }

  std::string series() const {
    std::string text = "<component><series>" + code("RHYTHM", kActCode, "ActCode") + time_span() + "\n";
    for (const Stretch& stretch : stretches_of(recording_)) text += set(stretch);
    return text + "</series></component>\n";
  }

  std::string set(const Stretch& stretch) const {
    const double seconds = static_cast<double>(stretch.begin) / recording_.sampling_frequency;
    const Instant head = start_ + std::chrono::microseconds(std::llround(seconds * 1e6));
    std::string text =
        "<component><sequenceSet>\n<component><sequence>" + code("TIME_ABSOLUTE", kActCode, "ActCode") +
        "<value xsi:type=\"GLIST_TS\"><head value=\"" + format_hl7_time(head) + "\"/><increment value=\"" +
        number(1 / recording_.sampling_frequency) + "\" unit=\"s\"/></value></sequence></component>\n";
    for (const signal::Lead* lead : stretch.leads) text += sequence(*lead, stretch);
    return text + "</sequenceSet></component>\n";
  }

  static std::string sequence(const signal::Lead& lead, const Stretch& stretch) {
    const double step = microvolts_per_unit(lead);
    std::string digits;
    for (std::size_t i = stretch.begin; i < stretch.end; ++i)
      digits += (i == stretch.begin ? "" : " ") + std::to_string(stored_unit(lead.samples[i], step));
    return "<component><sequence>" + code("MDC_ECG_LEAD_" + upper_case(lead.name), kMdc, "MDC") +
           "<value xsi:type=\"SLIST_PQ\"><origin value=\"0\" unit=\"uV\"/><scale value=\"" + number(step) +
           "\" unit=\"uV\"/><digits>" + digits + "</digits></value></sequence></component>\n";
  }

  const signal::Recording& recording_;
  Instant start_;
};

}  // namespace

std::string compose_aecg(const signal::Recording& recording, Instant now) {
  return Writer(recording, now).document();
}

}  // namespace meridian::archive
