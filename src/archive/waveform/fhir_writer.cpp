#include "archive/waveform/fhir_writer.h"

#include <cmath>

#include "archive/waveform/ecg_lead_code.h"
#include "archive/waveform/quantization.h"
#include "base/error.h"

namespace meridian::archive {
namespace {

constexpr const char* kMdc = "urn:iso:std:iso:11073:10101";
constexpr int kPotential = 131328;  // of a lead: this and its number in ecg_lead_code.h

Json concept_of(int code, const std::string& display) {
  return Json::object(
      {{"coding", Json::array({Json::object(
                      {{"system", kMdc}, {"code", std::to_string(code)}, {"display", display}})})},
       {"text", display}});
}

Json component_of(const signal::Lead& lead, double frequency) {
  const double step = microvolts_per_unit(lead);
  std::string data;
  for (const float sample : lead.samples) {
    if (!data.empty()) data += ' ';
    data += std::isfinite(sample) ? std::to_string(stored_unit(sample, step)) : "E";
  }
  const int number = ecg_lead_number(lead.name);
  Json code = number == kUnspecifiedLead ? Json::object({{"text", lead.name}})
                                         : concept_of(kPotential + number, "Lead " + lead.name);
  return Json::object(
      {{"code", std::move(code)},
       {"valueSampledData", Json::object({{"origin", Json::object({{"value", 0},
                                                                   {"unit", "uV"},
                                                                   {"system", "http://unitsofmeasure.org"},
                                                                   {"code", "uV"}})},
                                          {"period", 1000 / frequency},
                                          {"factor", step},
                                          {"dimensions", 1},
                                          {"data", std::move(data)}})}});
}

}  // namespace

Json compose_ecg_observation(const signal::Recording& recording, Instant now) {
  if (recording.length() == 0 || !(recording.sampling_frequency > 0))
    throw Error(ErrorCode::invalid_value, "Cannot write a recording without samples as an Observation");
  const Instant start = recording.start.value_or(now);
  const Instant end = start + std::chrono::microseconds(std::llround(recording.seconds() * 1e6));
  Json components = Json::array();
  for (const signal::Lead& lead : recording.leads)
    components.push_back(component_of(lead, recording.sampling_frequency));
  Json observation = Json::object(
      {{"resourceType", "Observation"},
       {"status", "final"},
       {"category",
        Json::array({Json::object(
            {{"coding", Json::array({Json::object(
                            {{"system", "http://terminology.hl7.org/CodeSystem/observation-category"},
                             {"code", "procedure"},
                             {"display", "Procedure"}})})}})})},
       {"code", concept_of(kPotential, "MDC_ECG_ELEC_POTL")},
       {"effectivePeriod", Json::object({{"start", format_instant(start)}, {"end", format_instant(end)}})},
       {"component", std::move(components)}});
  if (!recording.subject.id.empty())
    observation["subject"] = Json::object({{"identifier", Json::object({{"value", recording.subject.id}})}});
  return observation;
}

}  // namespace meridian::archive
