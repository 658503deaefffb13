// What is measured in a delineated ECG: intervals, axes, and the waves of each lead.
#pragma once
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "signal/delineation.h"
#include "signal/qrs_deflections.h"
#include "signal/recording.h"

namespace meridian::signal {

// Medians over the beats measured, of what all leads show together, in seconds; nothing where too few beats
// have the waves.
struct EcgIntervals {
  std::optional<double> p, pr, qrs, qt;
  std::optional<double> q_to_t_onset, q_to_t_peak, st, t;  // from the QRS onset; J point to T onset; T wave
};

// Corrected for the heart rate, in seconds: Bazett 1920, Fridericia 1920, Framingham (Sagie 1992), Hodges
// 1983.
struct CorrectedQt {
  double bazett = 0, fridericia = 0, framingham = 0, hodges = 0;
};
// Both in seconds; rr > 0.
CorrectedQt correct_qt(double qt, double rr);

// Medians over the beats measured; millivolts over the level just before the QRS complex, seconds.
struct LeadMeasurements {
  std::string lead;
  QrsParts qrs;
  double p = 0, t = 0;  // highest deviation, signed; 0 without the wave
  double u = 0;         // highest in the 200 ms after the T wave, before the next P wave; 0: none
  double j = 0, st60 = 0, st80 = 0;  // at the J point and 60 and 80 ms after it
  double st_slope = 0;               // millivolts a second, from 20 to 80 ms after the J point
  double qrs_net() const { return qrs.q + qrs.r + qrs.s + qrs.r_prime; }
};

struct EcgMeasurements {
  EcgIntervals intervals;
  std::vector<LeadMeasurements> leads;  // of those that are not silent
  // In the frontal plane, degrees from -180 to 180, 0 to the patient's left, 90 downwards; nothing without
  // leads I and aVF (or II), or where the wave is too small to have one.
  std::optional<double> qrs_axis, p_axis, t_axis;
  std::size_t beats = 0;  // that were measured

  const LeadMeasurements* lead(std::string_view name) const;  // null without it
};

// beats: which of the delineated beats are measured (those of the dominant kind).
EcgMeasurements measure_ecg(const Recording& recording, const Delineation& delineation,
                            std::span<const std::size_t> beats);

}  // namespace meridian::signal
