#include "archive/waveform/plausibility.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <span>

#include "signal/delineation.h"
#include "signal/qrs_detector.h"
#include "signal/remark.h"

namespace meridian::archive {
namespace {

constexpr double kLargest = 20, kSmallest = 0.02;    // mV, of the middle 99 %
constexpr std::size_t kValuesLookedAt = 20'000;      // of a lead
constexpr double kShortest = 5, kLookedAt = 30;      // s
constexpr double kSlowest = 50, kFastest = 100'000;  // Hz
constexpr std::size_t kFewestBeats = 4;
constexpr double kNarrow = 0.070, kShortQt = 0.320;                // s
constexpr double kWide = 0.120, kLongQt = 0.550, kSlowRr = 1.200;  // s

// The middle value; those around it are moved.
double median(std::vector<double>& values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

// From the lowest to the highest value without the outermost 0.5 % at either end; nothing without values.
std::optional<double> deflection_of(const signal::Lead& lead) {
  std::vector<float> values;
  const std::size_t step = lead.samples.size() / kValuesLookedAt + 1;
  for (std::size_t i = 0; i < lead.samples.size(); i += step)
    if (std::isfinite(lead.samples[i])) values.push_back(lead.samples[i]);
  if (values.empty()) return std::nullopt;
  std::sort(values.begin(), values.end());
  const std::size_t outermost = values.size() / 200;
  return static_cast<double>(values[values.size() - 1 - outermost]) - static_cast<double>(values[outermost]);
}

std::string millivolts(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3g", value);
  return text;
}

// A DICOM brings along what was said when it was made.
void add_doubt(signal::Recording& recording, const std::string& doubt) {
  if (std::find(recording.doubts.begin(), recording.doubts.end(), doubt) == recording.doubts.end())
    recording.doubts.push_back(doubt);
}

void note_amplitudes(signal::Recording& recording) {
  double largest = 0;
  for (const signal::Lead& lead : recording.leads) {
    const auto deflection = deflection_of(lead);
    if (!deflection) {
      add_doubt(recording, signal::remark("no-value", {{"lead", lead.name}}));
      continue;
    }
    largest = std::max(largest, *deflection);
    if (*deflection > kLargest)
      add_doubt(recording,
                signal::remark("too-high", {{"lead", lead.name}, {"value", millivolts(*deflection)}}));
  }
  if (largest > 0 && largest < kSmallest)
    add_doubt(recording, signal::remark("too-low", {{"value", millivolts(largest)}}));
}

signal::Recording beginning_of(const signal::Recording& recording) {
  const auto length = static_cast<std::size_t>(
      std::min(static_cast<double>(recording.length()), kLookedAt * recording.sampling_frequency));
  signal::Recording part;
  part.sampling_frequency = recording.sampling_frequency;
  for (const signal::Lead& lead : recording.leads)
    part.leads.push_back(
        {lead.name, {lead.samples.begin(), lead.samples.begin() + static_cast<std::ptrdiff_t>(length)}});
  return part;
}

struct Pace {
  double rr = 0, qrs = 0, qt = 0;  // medians, s
};

std::optional<Pace> pace_of(const signal::Recording& recording) {
  const std::vector<std::int64_t> beats = signal::detect_qrs(recording);
  if (beats.size() < kFewestBeats) return std::nullopt;
  std::vector<double> rr, qrs, qt;
  for (std::size_t i = 1; i < beats.size(); ++i) rr.push_back(static_cast<double>(beats[i] - beats[i - 1]));
  for (const signal::BeatWaves& beat : signal::delineate(recording, beats).global.beats) {
    qrs.push_back(static_cast<double>(beat.qrs.offset - beat.qrs.onset));
    if (beat.t) qt.push_back(static_cast<double>(beat.t->offset - beat.qrs.onset));
  }
  if (qrs.size() < kFewestBeats || qt.size() < kFewestBeats) return std::nullopt;
  const double frequency = recording.sampling_frequency;
  return Pace{median(rr) / frequency, median(qrs) / frequency, median(qt) / frequency};
}

void note_rate(signal::Recording& recording) {
  const double frequency = recording.sampling_frequency;
  if (!(frequency >= kSlowest && frequency <= kFastest) || recording.seconds() < kShortest) return;
  const auto pace = pace_of(beginning_of(recording));
  if (!pace) return;
  const double qtc = pace->qt / std::cbrt(pace->rr);
  const bool too_fast = pace->qrs < kNarrow && qtc < kShortQt;
  const bool too_slow = pace->qrs > kWide && qtc > kLongQt && pace->rr > kSlowRr;
  if (!too_fast && !too_slow) return;
  const auto shown = [](const char* format, double value) {
    char text[32];
    std::snprintf(text, sizeof text, format, value);
    return std::string(text);
  };
  add_doubt(recording, signal::remark("rate", {{"frequency", shown("%.6g", frequency)},
                                               {"qrs", shown("%.0f", pace->qrs * 1000)},
                                               {"qt", shown("%.0f", pace->qt * 1000)},
                                               {"rr", shown("%.0f", pace->rr * 1000)}}));
}

}  // namespace

void note_implausible(signal::Recording& recording) {
  note_amplitudes(recording);
  note_rate(recording);
}

}  // namespace meridian::archive
