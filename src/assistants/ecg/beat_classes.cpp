#include "assistants/ecg/beat_classes.h"

#include <algorithm>

#include "signal/atrial_ectopy.h"
#include "signal/beat_features.h"

namespace meridian::assistants::ecg {
namespace {

constexpr float kLeastEctopic = 0.5f;

bool is_usable(const signal::LeadQuality& lead, std::size_t second) {
  if (lead.seconds.empty()) return false;
  const signal::Quality quality = lead.seconds[std::min(second, lead.seconds.size() - 1)];
  return quality == signal::Quality::good || quality == signal::Quality::wandering;
}

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

void mark_unclassifiable(std::span<const std::int64_t> beats, const std::vector<char>& paced,
                         std::span<const signal::LeadQuality> quality, double sampling_frequency,
                         std::string& classes) {
  for (std::size_t i = 0; i < classes.size(); ++i) {
    const auto second = static_cast<std::size_t>(static_cast<double>(beats[i]) / sampling_frequency);
    const bool usable = std::any_of(quality.begin(), quality.end(),
                                    [&](const signal::LeadQuality& lead) { return is_usable(lead, second); });
    if (paced[i] || !usable) classes[i] = 'Q';
  }
}

}  // namespace meridian::assistants::ecg
