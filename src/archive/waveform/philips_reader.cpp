#include "archive/waveform/philips_reader.h"

#include <algorithm>
#include <cmath>
#include <sstream>

#include "archive/bytes.h"
#include "archive/waveform/ecg_lead_code.h"
#include "archive/waveform/lead_name.h"
#include "archive/waveform/pieces.h"
#include "archive/waveform/subject.h"
#include "archive/waveform/xli.h"
#include "archive/waveform/xml.h"
#include "base/error.h"
#include "signal/remark.h"

namespace meridian::archive {
namespace {

constexpr std::size_t kLimbLeads = 6, kMostLeads = 64;
constexpr double kShortestPulse = 0.05;  // s

[[noreturn]] void fail(ErrorCode code, const std::string& what, const XmlElement& element) {
  throw Error(code, what, element.place(), "Export the ECG again, with its parsed waveforms");
}

// What versions 1.03 (elements) and 1.04 (attributes as well) call alike or by two names.
struct Layout {
  double frequency = 0, microvolts = 0;  // Hz; microvolts per unit
  std::size_t samples = 0;               // a lead
  std::vector<std::string> leads;
  bool packed = false;
};

std::optional<double> first_number(std::initializer_list<XmlElement> elements) {
  for (const XmlElement& element : elements)
    if (const auto value = element.number()) return value;
  return std::nullopt;
}

std::vector<std::string> lead_names(const XmlElement& waveforms) {
  std::vector<std::string> names;
  std::istringstream labels(waveforms.attribute("leadlabels"));
  for (std::string label; labels >> label;) names.push_back(standard_lead_name(label));
  if (names.empty()) names.assign(twelve_leads().begin(), twelve_leads().end());
  return names;
}

Layout layout_of(const XmlElement& root, const XmlElement& waveforms) {
  const XmlElement signal = root.find("dataacquisition/signalcharacteristics");
  Layout layout;
  layout.frequency = signal.find("samplingrate").number().value_or(0);
  layout.microvolts = first_number({signal.find("resolution"), signal.find("signalresolution")}).value_or(0);
  if (!(layout.frequency > 0) || !(layout.frequency < 1e5) || !(layout.microvolts > 0))
    fail(ErrorCode::invalid_structure, "It gives no sampling rate or no resolution", root);
  if (signal.find("bitspersample").number().value_or(16) != 16)
    fail(ErrorCode::not_supported, "Samples that are not of 16 bits are not read", signal);
  double milliseconds = 0;
  std::istringstream(waveforms.attribute("durationperchannel")) >> milliseconds;
  const double samples = layout.frequency * milliseconds / 1000;
  if (!(samples >= 1) || !(samples < static_cast<double>(kMaxSamples)))
    fail(ErrorCode::invalid_structure, "It gives no duration of its leads", waveforms);
  layout.samples = static_cast<std::size_t>(std::lround(samples));
  layout.leads = lead_names(waveforms);
  require_readable_size(layout.samples, layout.leads.size(), waveforms.place());
  const std::string method = waveforms.attribute("compressmethod") + waveforms.attribute("compression");
  layout.packed = method == "XLI" && waveforms.attribute("compressflag") != "False";
  if (!layout.packed && !method.empty() && method != "Uncompressed" && method != "XLI")
    fail(ErrorCode::not_supported, "The packing \"" + method + "\" is not read", waveforms);
  if (waveforms.attribute("dataencoding") != "Base64")
    fail(ErrorCode::not_supported, "Samples that are not in Base64 are not read", waveforms);
  return layout;
}

// One lead after the other, as they are where they are not packed.
std::vector<std::vector<std::int32_t>> plain_leads(const std::string& bytes, const Layout& layout,
                                                   const XmlElement& waveforms) {
  if (bytes.size() / 2 / layout.samples > kMostLeads)
    fail(ErrorCode::corrupted, "Its leads are far longer than announced", waveforms);
  std::vector<std::vector<std::int32_t>> leads;
  for (std::size_t at = 0; at + 2 * layout.samples <= bytes.size(); at += 2 * layout.samples) {
    std::vector<std::int32_t>& lead = leads.emplace_back();
    for (std::size_t i = 0; i < layout.samples; ++i)
      lead.push_back(static_cast<std::int16_t>(read_u16(bytes, at + 2 * i, false)));
  }
  return leads;
}

std::vector<std::vector<std::int32_t>> stored_leads(const XmlElement& waveforms, const Layout& layout) {
  const std::string bytes = bytes_of_base64(waveforms);
  if (!layout.packed) return plain_leads(bytes, layout, waveforms);
  auto leads = unpack_xli(bytes, layout.samples);
  for (const auto& lead : leads)
    if (lead.size() != layout.samples)
      fail(ErrorCode::corrupted, "A packed lead is not as long as announced", waveforms);
  const auto limbs = twelve_leads().first(kLimbLeads);
  if (leads.size() >= kLimbLeads && layout.leads.size() >= kLimbLeads &&
      std::equal(limbs.begin(), limbs.end(), layout.leads.begin()))
    restore_limb_leads(leads);
  return leads;
}

// Whether all leads have the same value there, which heart signals cannot: aVR is against I and II.
bool are_equal(const std::vector<std::vector<std::int32_t>>& leads, std::size_t sample) {
  return std::all_of(leads.begin(), leads.end(),
                     [&](const auto& lead) { return lead[sample] == leads[0][sample]; });
}

// The samples before the calibration pulse with which the leads end: silence, the same height in all leads,
// silence. All where there is none.
std::size_t length_without_calibration(const std::vector<std::vector<std::int32_t>>& leads,
                                       double frequency) {
  const std::size_t all = leads[0].size();
  std::size_t end = all, pulse = 0;
  for (; end > 0 && are_equal(leads, end - 1); --end) pulse += leads[0][end - 1] != 0;
  const bool calibrated =
      static_cast<double>(pulse) >= kShortestPulse * frequency && leads.size() >= kLimbLeads;
  return calibrated ? end : all;
}

signal::RecordedSubject subject_of(const XmlElement& patient) {
  signal::RecordedSubject subject;
  subject.id = patient.find("patientid").text();
  subject.name = person_name_of(patient.find("name/lastname").text(), patient.find("name/firstname").text());
  subject.sex = gender_of(patient.find("sex").text());
  subject.birth_date = birth_date_of(patient.find("age/dateofbirth").text());
  subject.age_years = age_of(patient.find("age/years").text());
  return subject;
}

std::optional<Instant> start_of(const XmlElement& acquisition) {
  try {
    return parse_instant(acquisition.attribute("date") + "T" + acquisition.attribute("time") + "Z");
  } catch (const Error&) {
    return std::nullopt;
  }
}

}  // namespace

signal::Recording read_philips(std::string_view bytes) {
  const XmlDocument document(bytes);
  const XmlElement root = document.root();
  XmlElement waveforms = root.find("waveforms/parsedwaveforms");
  if (!waveforms) fail(ErrorCode::invalid_structure, "It holds no parsed waveforms", root);
  const Layout layout = layout_of(root, waveforms);
  auto stored = stored_leads(waveforms, layout);
  if (stored.size() < layout.leads.size())
    fail(ErrorCode::corrupted, "It holds fewer leads than it names", waveforms);
  const std::size_t unnamed = stored.size() - layout.leads.size();
  stored.resize(layout.leads.size());
  const std::size_t length = length_without_calibration(stored, layout.frequency);
  signal::Recording recording;
  recording.source = "Philips";
  recording.sampling_frequency = layout.frequency;
  recording.subject = subject_of(root.find("patient/generalpatientdata"));
  recording.start = start_of(root.find("dataacquisition"));
  const auto step = static_cast<float>(layout.microvolts / 1000);
  for (std::size_t c = 0; c < layout.leads.size(); ++c) {
    signal::Lead lead{layout.leads[c], std::vector<float>(length)};
    for (std::size_t i = 0; i < length; ++i) lead.samples[i] = static_cast<float>(stored[c][i]) * step;
    recording.leads.push_back(std::move(lead));
  }
  if (unnamed > 0)
    recording.unread.push_back(signal::remark("unnamed-leads", {{"count", std::to_string(unnamed)}}));
  if (length < layout.samples) recording.unread.push_back(signal::remark("calibration"));
  for (const char* part : {"internalmeasurements", "measurements", "interpretations"})
    if (root.find(part)) recording.unread.push_back(part);
  if (root.find("waveforms/repbeats")) recording.unread.push_back(signal::remark("representative-beats"));
  return recording;
}

}  // namespace meridian::archive
