#include "care/recordings.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "archive/waveform/reader.h"
#include "base/error.h"
#include "care/results.h"
#include "engine/input_loader.h"
#include "trust/access.h"

namespace meridian::care {
namespace {

constexpr std::size_t kMostSamples = 2'000'000;  // of all leads in one answer
constexpr double kRounding = 1e-6;  // samples: 0.55 s at 100 Hz is sample 55, not 55.000000000000007

[[noreturn]] void no_recording(const std::string& instance) {
  throw Error(ErrorCode::not_found, "There is no such recording, or none that you may see", instance);
}

Json microvolts(float millivolts) {
  if (!std::isfinite(millivolts)) return {};
  return static_cast<std::int64_t>(std::lround(static_cast<double>(millivolts) * 1000));
}

// The value farthest from the span's mean; NaN when none is a number.
float extreme(const float* begin, const float* end) {
  double sum = 0;
  std::size_t finite = 0;
  for (const float* value = begin; value != end; ++value)
    if (std::isfinite(*value)) sum += static_cast<double>(*value), ++finite;
  if (finite == 0) return std::nanf("");
  const double mean = sum / static_cast<double>(finite);
  float found = std::nanf("");
  for (const float* value = begin; value != end; ++value) {
    if (!std::isfinite(*value)) continue;
    const bool farther =
        std::fabs(static_cast<double>(*value) - mean) > std::fabs(static_cast<double>(found) - mean);
    if (std::isnan(found) || farther) found = *value;
  }
  return found;
}

struct Span {
  std::size_t begin, end, step;
};

Span span_of(const signal::Recording& recording, const Recordings::Window& window) {
  if (!(window.from >= 0) || !(window.seconds > 0) || !(window.rate >= 0))
    throw Error(ErrorCode::invalid_value, "from and rate are 0 or more, seconds is more than 0",
                "from, seconds, rate");
  const double length = static_cast<double>(recording.length());
  const double begin = std::min(length, std::floor(window.from * recording.sampling_frequency + kRounding));
  const double end =
      std::min(length, std::ceil((window.from + window.seconds) * recording.sampling_frequency - kRounding));
  const bool fewer = window.rate > 0 && window.rate < recording.sampling_frequency;
  const double step = fewer ? std::floor(recording.sampling_frequency / window.rate) : 1;
  return {static_cast<std::size_t>(begin), static_cast<std::size_t>(end),
          static_cast<std::size_t>(std::min(step, length + 1))};
}

Json lead_json(const signal::Lead& lead, const Span& span) {
  Json samples = Json::array();
  for (std::size_t i = span.begin; i < span.end; i += span.step) {
    const float* first = lead.samples.data() + i;
    const float* last = lead.samples.data() + std::min(i + span.step, span.end);
    samples.push_back(microvolts(span.step == 1 ? *first : extreme(first, last)));
  }
  return Json::object({{"name", lead.name}, {"unit", "uV"}, {"samples", std::move(samples)}});
}

}  // namespace

Json samples_json(const signal::Recording& recording, const Recordings::Window& window) {
  const Span span = span_of(recording, window);
  if ((span.end - span.begin) / span.step * recording.leads.size() > kMostSamples)
    throw Error(ErrorCode::too_large, "More than 2 million samples in one answer", "seconds",
                "Ask for a shorter window or a lower rate");
  Json leads = Json::array();
  for (const signal::Lead& lead : recording.leads) leads.push_back(lead_json(lead, span));
  const double frequency = recording.sampling_frequency;
  return Json::object({{"samplingFrequency", frequency / static_cast<double>(span.step)},
                       {"from", static_cast<double>(span.begin) / frequency},
                       {"seconds", static_cast<double>(span.end - span.begin) / frequency},
                       {"total", recording.seconds()},
                       {"leads", std::move(leads)}});
}

std::string visible_patient(storage::Connection& connection, const trust::Principal& principal,
                            const std::string& instance) {
  std::string patient;
  connection.query_first("SELECT patient FROM care_recording WHERE instance = ?", {instance},
                         [&](const storage::Row& row) { patient = row.text(0); });
  if (patient.empty()) patient = patient_of_result(connection, principal, instance);
  if (patient.empty() || !trust::may_see(connection, principal, patient)) no_recording(instance);
  return patient;
}

signal::Recording Recordings::read(const trust::Principal& principal, const std::string& instance) const {
  context_.database.read(
      [&](storage::Connection& connection) { visible_patient(connection, principal, instance); });
  const auto facts = context_.archive.find(instance);
  if (!facts) no_recording(instance);
  if (!engine::is_waveform(*facts))
    throw Error(ErrorCode::not_acceptable, "This is a film and has no samples", instance,
                "Ask DICOMweb for its picture");
  const std::array<archive::NamedBytes, 1> file{{{instance + ".dcm", context_.archive.bytes(instance)}}};
  return archive::read_recording(file);
}

std::optional<Instant> Recordings::arrived(const std::string& instance) const {
  return context_.database.read([&](storage::Connection& connection) {
    std::optional<Instant> at;
    connection.query_first("SELECT stored_at FROM archive_instance WHERE instance_uid = ?", {instance},
                           [&](const storage::Row& row) { at = parse_instant(std::string(row.text(0))); });
    return at;
  });
}

Json Recordings::samples(const trust::Principal& principal, const std::string& instance,
                         const Window& window) const {
  return samples_json(read(principal, instance), window);
}

}  // namespace meridian::care
