#include "app/bench/exchanged_electrodes.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "app/bench/ecg_analysis.h"
#include "assistants/ecg/trusted_leads.h"
#include "vision/metrics.h"

namespace meridian::app {
namespace {

struct Exchange {
  std::string_view name;
  std::array<std::pair<std::string_view, std::string_view>, 2> swapped;  // leads that take each other's place
  std::array<std::string_view, 3> turned_over;                           // after that
};

// Of the limbs as Einthoven's and Goldberger's definitions have it.
constexpr std::array<Exchange, 6> kAll{
    {{"arms", {{{"II", "III"}, {"aVR", "aVL"}}}, {"I"}},
     {"right arm and left leg", {{{"I", "III"}, {"aVR", "aVF"}}}, {"I", "II", "III"}},
     {"V1 and V2", {{{"V1", "V2"}}}, {}},
     {"V2 and V3", {{{"V2", "V3"}}}, {}},
     {"V1 and V3", {{{"V1", "V3"}}}, {}},
     {"V3 and V4", {{{"V3", "V4"}}}, {}}}};

std::vector<float>* samples_of(signal::Recording& recording, std::string_view lead) {
  const auto found =
      std::ranges::find_if(recording.leads, [&](const signal::Lead& one) { return one.name == lead; });
  return found == recording.leads.end() ? nullptr : &found->samples;
}

signal::Recording exchanged(signal::Recording recording, const Exchange& exchange) {
  for (const auto& [a, b] : exchange.swapped) {
    std::vector<float>*one = samples_of(recording, a), *other = samples_of(recording, b);
    if (one && other) std::swap(*one, *other);
  }
  for (const std::string_view name : exchange.turned_over)
    if (std::vector<float>* samples = samples_of(recording, name))
      for (float& value : *samples) value = -value;
  return recording;
}

// Nothing when the recording is not measured.
std::optional<bool> says_exchange(const signal::Recording& recording, const assistants::ecg::Models& models) {
  const auto analysis = analysed(recording, models);
  const auto trusted = analysis ? assistants::ecg::trusted_leads(*analysis) : std::nullopt;
  return trusted ? std::optional(trusted->reversal.has_value()) : std::nullopt;
}

}  // namespace

void ExchangedElectrodes::add(const signal::Recording& recording, const assistants::ecg::Models& models) {
  static_assert(kAll.size() == kExchanges);
  const std::optional<bool> said = says_exchange(recording, models);
  if (!said) return;
  ++recordings_;
  said_as_they_are_ += *said;
  for (std::size_t k = 0; k < kAll.size(); ++k)
    told_[k] += says_exchange(exchanged(recording, kAll[k]), models).value_or(false);
}

void ExchangedElectrodes::report(Figures& figures) const {
  if (recordings_ == 0) return;
  const auto count = static_cast<std::size_t>(recordings_);
  figures.add_measured("exchange of electrodes said of ECGs as they are",
                       vision::proportion(said_as_they_are_, recordings_), count);
  for (std::size_t k = 0; k < kAll.size(); ++k)
    figures.add_measured("exchange of " + std::string(kAll[k].name) + ", told",
                         vision::proportion(told_[k], recordings_), count);
}

}  // namespace meridian::app
