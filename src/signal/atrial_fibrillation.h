// What distinguishes atrial fibrillation in a stretch of ECG: RR intervals without pattern, and no P wave
// before the beats.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "signal/recording.h"

namespace meridian::signal {

inline constexpr std::size_t kFibrillationFeatures = 13;
using FibrillationFeatures = std::array<double, kFibrillationFeatures>;

// In the order of FibrillationFeatures.
std::span<const std::string_view> fibrillation_feature_names();

// The leads of a recording with baseline and high frequencies removed, to see what repeats from beat to beat.
class RepeatingActivity {
 public:
  explicit RepeatingActivity(const Recording& recording);
  // What lies between two times relative to the beats, in seconds: which part of its energy (0 to 1) repeats
  // from beat to beat, and the root mean square of what repeats, in millivolts; of the lead where the part is
  // largest.
  struct Repetition {
    double part = 0, amplitude = 0;
  };
  Repetition repetition(std::span<const std::int64_t> beats, double from, double to) const;
  double sampling_frequency() const { return frequency_; }
  const std::vector<std::vector<float>>& leads() const { return leads_; }  // millivolts, 1 to 25 Hz

 private:
  double frequency_;
  std::vector<std::vector<float>> leads_;
};

// Of the beats of one stretch (samples of the recording); nothing when there are fewer than 8 beats.
std::optional<FibrillationFeatures> fibrillation_features(std::span<const std::int64_t> beats,
                                                          const RepeatingActivity& activity);

}  // namespace meridian::signal
