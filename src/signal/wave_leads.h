// The leads of a recording, prepared for the search for waves.
#pragma once
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "signal/recording.h"

namespace meridian::signal {

struct WaveLead {
  std::vector<float> clean;  // millivolts, 0.5 to 40 Hz
  std::vector<float> slope;  // its absolute slope, smoothed, millivolts a second
  std::vector<float> waves;  // millivolts over the level before QRS complexes, these bridged, below 15 Hz
  float weight = 0;          // by which its slope counts among all leads, so that all are alike; 0: silent
};

class WaveLeads {
 public:
  // beats: samples of the recording, which is thinned by a whole factor to about 250 Hz; all positions here
  // are in thinned samples.
  WaveLeads(const Recording& recording, std::span<const std::int64_t> beats);

  std::int64_t samples_of(double seconds) const;
  double seconds(std::int64_t samples) const { return static_cast<double>(samples) / frequency_; }
  std::int64_t length() const { return length_; }
  std::int64_t factor() const { return factor_; }
  const std::vector<WaveLead>& leads() const { return leads_; }
  const std::vector<std::int64_t>& beats() const { return beats_; }
  // Root mean square of all leads' weighted slopes, about 1 at QRS complexes.
  const std::vector<float>& slope() const { return slope_; }

  // qrs: onset and offset of each beat. Makes the leads' waves.
  void bridge_qrs(std::span<const std::pair<std::int64_t, std::int64_t>> qrs);
  // Root mean square of all leads' waves, each scaled by the root of its usual height, so that no lead is
  // silent and none drowns the others. Needs bridge_qrs.
  std::vector<float> fused_waves(std::span<const std::pair<std::int64_t, std::int64_t>> qrs) const;

 private:
  void add_lead(std::vector<float> samples);

  double frequency_ = 0;
  std::int64_t factor_ = 1, length_ = 0;
  std::vector<std::int64_t> beats_;
  std::vector<WaveLead> leads_;
  std::vector<float> slope_;
};

// The sample there; beyond an end the first or last one. The signal must not be empty.
inline float sample_at(std::span<const float> samples, std::int64_t place) {
  const auto last = static_cast<std::int64_t>(samples.size()) - 1;
  return samples[static_cast<std::size_t>(place < 0 ? 0 : place > last ? last : place)];
}

}  // namespace meridian::signal
