#include "archive/waveform/muse_reader.h"

#include <cmath>
#include <limits>

#include "archive/bytes.h"
#include "archive/waveform/lead_name.h"
#include "archive/waveform/limb_leads.h"
#include "archive/waveform/pieces.h"
#include "archive/waveform/subject.h"
#include "archive/waveform/xml.h"
#include "base/error.h"
#include "signal/remark.h"

namespace meridian::archive {
namespace {

[[noreturn]] void fail(ErrorCode code, const std::string& what, const XmlElement& element) {
  throw Error(code, what, element.place(), "Export the ECG from MUSE again, as XML with its waveforms");
}

double require_number(const XmlElement& parent, const char* name) {
  const auto value = parent.find(name).number();
  if (!value) fail(ErrorCode::invalid_structure, std::string("It gives no ") + name, parent);
  return *value;
}

// "05-08-2009" and "14:23:05" as MUSE writes date and time, without a zone; taken as UTC.
std::optional<Instant> start_of(const XmlElement& test) {
  const std::string date = birth_date_of(test.find("AcquisitionDate").text());
  const std::string time = test.find("AcquisitionTime").text();
  if (date.empty() || time.size() != 8) return std::nullopt;
  try {
    return parse_instant(date + "T" + time + "Z");
  } catch (const Error&) {
    return std::nullopt;
  }
}

signal::RecordedSubject subject_of(const XmlElement& patient) {
  signal::RecordedSubject subject;
  subject.id = patient.find("PatientID").text();
  subject.name =
      person_name_of(patient.find("PatientLastName").text(), patient.find("PatientFirstName").text());
  subject.sex = gender_of(patient.find("Gender").text());
  subject.birth_date = birth_date_of(patient.find("DateofBirth").text());
  if (patient.find("AgeUnits").text() == "YEARS")
    subject.age_years = age_of(patient.find("PatientAge").text());
  return subject;
}

// SampleBase times ten to the SampleExponent.
double frequency_of(const XmlElement& waveform) {
  const double exponent = waveform.find("SampleExponent").number().value_or(0);
  const double frequency = require_number(waveform, "SampleBase") * std::pow(10, exponent);
  if (!(frequency > 0) || !(frequency < 1e6))
    fail(ErrorCode::invalid_structure, "Its sampling rate is not possible", waveform);
  return frequency;
}

double millivolts_per_bit(const XmlElement& lead) {
  if (lead.find("LeadAmplitudeUnits").text() != "MICROVOLTS")
    fail(ErrorCode::not_supported, "A lead is not in microvolts", lead);
  const double step = require_number(lead, "LeadAmplitudeUnitsPerBit") / 1000;
  if (!(step > 0)) fail(ErrorCode::invalid_structure, "A lead's step is not possible", lead);
  return step;
}

Piece read_lead(const XmlElement& lead, signal::Recording& recording) {
  if (lead.find("LeadSampleSize").number().value_or(2) != 2)
    fail(ErrorCode::not_supported, "Samples that are not of 2 bytes are not read", lead);
  Piece piece{standard_lead_name(lead.find("LeadID").text()), 0, {}};
  const double step = millivolts_per_bit(lead);
  const double baseline = lead.find("FirstSampleBaseline").number().value_or(0);
  const double offset = lead.find("LeadOffsetFirstSample").number().value_or(0);
  if (!(std::fabs(offset) < static_cast<double>(kMaxSamples)))
    fail(ErrorCode::invalid_structure, "A lead begins outside the recording", lead);
  piece.first = static_cast<std::int64_t>(offset);
  const std::string bytes = bytes_of_base64(lead.find("WaveFormData"));
  for (std::size_t at = 0; at + 1 < bytes.size(); at += 2) {
    const auto stored = static_cast<std::int16_t>(read_u16(bytes, at, false));
    piece.samples.push_back(static_cast<float>((stored - baseline) * step));
  }
  const auto announced = lead.find("LeadSampleCountTotal").number();
  if (announced && *announced != static_cast<double>(piece.samples.size()))
    recording.doubts.push_back(signal::remark(
        "count-differs", {{"lead", piece.lead}, {"held", std::to_string(piece.samples.size())}}));
  if (lead.find("LeadOff").text() == "TRUE")
    recording.doubts.push_back(signal::remark("electrode-off", {{"lead", piece.lead}}));
  return piece;
}

}  // namespace

signal::Recording read_muse(std::string_view bytes) {
  const XmlDocument document(bytes);
  const XmlElement root = document.root();
  signal::Recording recording;
  recording.source = "MUSE";
  recording.subject = subject_of(root.find("PatientDemographics"));
  recording.start = start_of(root.find("TestDemographics"));
  std::vector<Piece> pieces;
  for (const XmlElement& waveform : root.children("Waveform")) {
    const std::string type = waveform.find("WaveformType").text();
    if (type != "Rhythm" || !pieces.empty()) {
      recording.unread.push_back(signal::remark("waveform", {{"type", type}}));
      continue;
    }
    recording.sampling_frequency = frequency_of(waveform);
    for (const XmlElement& lead : waveform.children("LeadData")) pieces.push_back(read_lead(lead, recording));
  }
  if (pieces.empty()) fail(ErrorCode::invalid_structure, "It holds no rhythm waveform", root);
  for (const char* part : {"RestingECGMeasurements", "Diagnosis", "PharmaData"})
    if (root.find(part)) recording.unread.push_back(part);
  join_pieces(std::move(pieces), recording);
  add_derived_limb_leads(recording);
  return recording;
}

}  // namespace meridian::archive
