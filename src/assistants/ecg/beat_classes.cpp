#include "assistants/ecg/beat_classes.h"

#include "signal/atrial_ectopy.h"
#include "signal/beat_features.h"

namespace meridian::assistants::ecg {
namespace {

constexpr float kLeastEctopic = 0.5f;

}  // namespace

std::string classify_beats(std::span<const std::int64_t> beats, const signal::RepeatingActivity& activity,
                           const BeatModel& model) {
  if (beats.size() < signal::BeatSeries::kFewest) return {};
  const signal::BeatSeries series(beats, activity);
  std::string classes;
  std::vector<char> ventricular;
  for (const signal::BeatFeatures& features : signal::beat_features(series)) {
    const char shape = model.classify(features);
    ventricular.push_back(shape == 'V' || shape == 'F' ? 1 : 0);
    classes += ventricular.back() ? shape : 'N';
  }
  const auto rhythm = signal::atrial_rhythm(series, ventricular);
  for (std::size_t i = 0; i < classes.size(); ++i)
    if (!ventricular[i] && rhythm[i].ectopic > kLeastEctopic) classes[i] = 'S';
  return classes;
}

}  // namespace meridian::assistants::ecg
