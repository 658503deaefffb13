#include "archive/waveform/dicom_ecg_writer.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "archive/dataset.h"
#include "archive/put_attributes.h"
#include "archive/waveform/dicom_remark.h"
#include "archive/waveform/ecg_lead_code.h"
#include "archive/waveform/quantization.h"
#include "base/error.h"
#include "base/id.h"
#include "signal/resample.h"

namespace meridian::archive {
namespace {

// Limits of PS3.3 A.34.3 to A.34.5.
constexpr double kTwelveLeadSeconds = 10, kGeneralSeconds = 60;
constexpr double kMinGeneralFrequency = 200, kMinAmbulatoryFrequency = 50, kMaxFrequency = 1000;
constexpr std::size_t kMaxGeneralLeads = 24, kMaxAmbulatoryLeads = 12, kMaxTwelveLeadChannels = 13;
constexpr std::size_t kMaxTwelveLeadSamples = 16384;

constexpr std::int16_t kPadding = -32768;

[[noreturn]] void fail(const std::string& what) {
  throw Error(ErrorCode::invalid_value, "Cannot write this recording as a DICOM ECG: " + what, "",
              "Give leads of one length, sampled at 50 Hz or more");
}

// A decimal string of at most 16 characters.
std::string decimal(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.9g", value);
  return text;
}

bool has_twelve_leads(const signal::Recording& recording) {
  const auto leads = twelve_leads();
  return std::all_of(leads.begin(), leads.end(), [&](std::string_view name) {
    return std::any_of(recording.leads.begin(), recording.leads.end(),
                       [&](const signal::Lead& lead) { return lead.name == name; });
  });
}

const char* sop_class_for(const signal::Recording& recording) {
  const std::size_t leads = recording.leads.size();
  const bool fast = recording.sampling_frequency >= kMinGeneralFrequency;
  const bool short_enough =
      recording.seconds() <= kTwelveLeadSeconds && recording.length() <= kMaxTwelveLeadSamples;
  if (fast && short_enough && leads <= kMaxTwelveLeadChannels && has_twelve_leads(recording))
    return UID_TwelveLeadECGWaveformStorage;
  if (fast && leads <= kMaxGeneralLeads &&
      (recording.seconds() <= kGeneralSeconds || leads > kMaxAmbulatoryLeads))
    return UID_GeneralECGWaveformStorage;
  if (leads > kMaxAmbulatoryLeads) fail("more leads than an ambulatory ECG holds");
  return UID_AmbulatoryECGWaveformStorage;
}

void require_sound(const signal::Recording& recording) {
  if (recording.length() == 0) fail("it has no samples");
  for (const signal::Lead& lead : recording.leads)
    if (lead.samples.size() != recording.length()) fail("its leads differ in length");
  if (!(recording.sampling_frequency >= kMinAmbulatoryFrequency)) fail("it is sampled too slowly");
}

signal::Recording within_frequency_limit(const signal::Recording& recording) {
  if (recording.sampling_frequency <= kMaxFrequency) return recording;
  const auto factor = static_cast<std::size_t>(std::ceil(recording.sampling_frequency / kMaxFrequency));
  return signal::decimate(recording, factor);
}

void put_channel(DcmItem& group, const signal::Lead& lead, double step) {
  DcmItem& channel = new_item(group, DCM_ChannelDefinitionSequence);
  const int number = ecg_lead_number(lead.name);
  if (!lead.name.empty()) put(channel, DCM_ChannelLabel, lead.name.substr(0, 16));
  put_code(channel, DCM_ChannelSourceSequence, "2:" + std::to_string(number), "MDC",
           ecg_lead_meaning(number));
  put(channel, DCM_ChannelSensitivity, decimal(step));
  put_code(channel, DCM_ChannelSensitivityUnitsSequence, "uV", "UCUM", "microvolt");
  put(channel, DCM_ChannelSensitivityCorrectionFactor, "1");
  put(channel, DCM_ChannelBaseline, "0");
  put(channel, DCM_ChannelSampleSkew, "0");
  check_put(channel.putAndInsertUint16(DCM_WaveformBitsStored, 16));
}

void store_lead(const signal::Lead& lead, double step, std::size_t channel, std::size_t channels,
                std::vector<Uint16>& words) {
  for (std::size_t i = 0; i < lead.samples.size(); ++i) {
    const std::int16_t stored = std::isfinite(lead.samples[i])
                                    ? static_cast<std::int16_t>(stored_unit(lead.samples[i], step))
                                    : kPadding;
    words[i * channels + channel] = static_cast<Uint16>(stored);
  }
}

void put_waveform(DcmItem& dataset, const signal::Recording& recording) {
  DcmItem& group = new_item(dataset, DCM_WaveformSequence);
  const std::size_t channels = recording.leads.size();
  put(group, DCM_MultiplexGroupLabel, "RHYTHM");
  put(group, DCM_WaveformOriginality, "ORIGINAL");
  check_put(group.putAndInsertUint16(DCM_NumberOfWaveformChannels, static_cast<Uint16>(channels)));
  check_put(group.putAndInsertUint32(DCM_NumberOfWaveformSamples, static_cast<Uint32>(recording.length())));
  put(group, DCM_SamplingFrequency, decimal(recording.sampling_frequency));
  std::vector<Uint16> words(recording.length() * channels);
  for (std::size_t c = 0; c < channels; ++c) {
    const double step = microvolts_per_unit(recording.leads[c]);
    put_channel(group, recording.leads[c], step);
    store_lead(recording.leads[c], step, c, channels, words);
  }
  check_put(group.putAndInsertUint16(DCM_WaveformBitsAllocated, 16));
  put(group, DCM_WaveformSampleInterpretation, "SS");
  const Uint16 padding = static_cast<Uint16>(kPadding);
  check_put(group.putAndInsertUint16Array(DCM_WaveformPaddingValue, &padding, 1));
  check_put(group.putAndInsertUint16Array(DCM_WaveformData, words.data(), words.size()));
}

// The beginning of a text of UTF-8, of whole characters.
std::string beginning_of(std::string text, std::size_t bytes) {
  if (text.size() <= bytes) return text;
  while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xC0) == 0x80) --bytes;
  return text.substr(0, bytes);
}

// A text about all channels of the one multiplex group.
void put_remark(DcmItem& dataset, std::string_view mark, const std::string& text, std::size_t channels) {
  constexpr std::size_t kLongest = 1024;  // of VR ST
  DcmItem& remark = new_item(dataset, DCM_WaveformAnnotationSequence);
  check_put(remark.putAndInsertString(DCM_UnformattedTextValue,
                                      beginning_of(std::string(mark) + text, kLongest).c_str()));
  std::vector<Uint16> referenced;
  for (std::size_t channel = 1; channel <= channels; ++channel)
    referenced.insert(referenced.end(), {1, static_cast<Uint16>(channel)});
  check_put(
      remark.putAndInsertUint16Array(DCM_ReferencedWaveformChannels, referenced.data(), referenced.size()));
}

void put_remarks(DcmItem& dataset, const signal::Recording& recording) {
  for (const std::string& doubt : recording.doubts)
    put_remark(dataset, kDoubtMark, doubt, recording.leads.size());
  for (const std::string& part : recording.unread)
    put_remark(dataset, kUnreadMark, part, recording.leads.size());
}

std::string or_new_uid(const std::string& uid) {
  return uid.empty() ? new_dicom_uid() : uid;
}

void put_identity(DcmItem& dataset, const EcgFacts& facts, const char* sop_class, Instant start) {
  const std::string time = format_dicom_datetime(start);
  const std::string date = time.substr(0, 8), clock = time.substr(8, 13);
  put(dataset, DCM_SpecificCharacterSet, "ISO_IR 192");
  put(dataset, DCM_SOPClassUID, sop_class);
  put(dataset, DCM_SOPInstanceUID, or_new_uid(facts.sop_instance_uid));
  put(dataset, DCM_StudyInstanceUID, or_new_uid(facts.study_instance_uid));
  put(dataset, DCM_SeriesInstanceUID, or_new_uid(facts.series_instance_uid));
  put(dataset, DCM_StudyDate, date);
  put(dataset, DCM_StudyTime, clock);
  put(dataset, DCM_ContentDate, date);
  put(dataset, DCM_ContentTime, clock);
  put(dataset, DCM_AcquisitionDateTime, time);
  put(dataset, DCM_TimezoneOffsetFromUTC, "+0000");
  put(dataset, DCM_AccessionNumber, facts.accession_number);
  put(dataset, DCM_Modality, "ECG");
  put(dataset, DCM_Manufacturer, "Meridian");
  put(dataset, DCM_ReferringPhysicianName, "");
  put(dataset, DCM_StudyDescription, facts.study_description);
  if (!facts.institution_name.empty()) put(dataset, DCM_InstitutionName, facts.institution_name);
  put(dataset, DCM_PatientName, facts.patient_name);
  put(dataset, DCM_PatientID, facts.patient_id);
  if (!facts.issuer_of_patient_id.empty()) put(dataset, DCM_IssuerOfPatientID, facts.issuer_of_patient_id);
  put(dataset, DCM_PatientBirthDate, facts.patient_birth_date);
  put(dataset, DCM_PatientSex, facts.patient_sex);
  if (!facts.patient_age.empty()) put(dataset, DCM_PatientAge, facts.patient_age);
  put(dataset, DCM_StudyID, "1");
  put(dataset, DCM_SeriesNumber, "1");
  put(dataset, DCM_InstanceNumber, "1");
  check_put(dataset.insertEmptyElement(DCM_AcquisitionContextSequence));
}

}  // namespace

std::string dicom_age(double years) {
  const bool infant = years < 2;  // in months, as the age of small children is given
  const long number = std::clamp(std::lround(std::floor(infant ? 12 * years : years)), 0L, 999L);
  char text[8];
  std::snprintf(text, sizeof text, "%03ld%c", number, infant ? 'M' : 'Y');
  return text;
}

std::string compose_ecg(const signal::Recording& recording, const EcgFacts& facts) {
  require_sound(recording);
  const signal::Recording stored = within_frequency_limit(recording);
  use_dcmtk();
  DcmDataset dataset;
  put_identity(dataset, facts, sop_class_for(stored), stored.start.value_or(facts.recorded));
  put_waveform(dataset, stored);
  put_remarks(dataset, recording);
  return write_part10(dataset);
}

}  // namespace meridian::archive
