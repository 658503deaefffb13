#include "signal/delineation.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "signal/p_waves.h"
#include "signal/t_waves.h"
#include "signal/wave_boundaries.h"
#include "signal/wave_leads.h"

namespace meridian::signal {
namespace {

constexpr float kGlobalPart = 0.12f, kLeadOnsetPart = 0.06f,
                kLeadOffsetPart = 0.12f;  // of the steepest slope
constexpr double kQrsHalf = 0.1, kQrsBefore = 0.16, kQrsAfter = 0.2, kQrsHold = 0.02, kQrsMargin = 0.04;  // s
// How far a lead may be from all leads together; halfway between both lies nearest to what people mark.
constexpr double kQrsFreedom = 0.04, kPFreedom = 0.03, kTFreedom = 0.06;  // s

using Boundaries = std::vector<std::pair<std::int64_t, std::int64_t>>;

std::int64_t halfway(std::int64_t global, std::int64_t own, std::int64_t freedom) {
  return global + std::clamp(own - global, -freedom, freedom) / 2;
}

class Delineator {
 public:
  Delineator(const Recording& recording, std::span<const std::int64_t> beats)
      : leads_(recording, beats),
        search_{leads_.samples_of(kQrsHalf),
                leads_.samples_of(kQrsBefore),
                leads_.samples_of(kQrsAfter),
                std::max<std::int64_t>(1, leads_.samples_of(kQrsHold)),
                leads_.samples_of(kQrsMargin),
                kGlobalPart,
                kGlobalPart} {
    for (const std::int64_t beat : leads_.beats())
      qrs_.push_back(qrs_boundaries(leads_.slope(), beat, search_));
    leads_.bridge_qrs(qrs_);
  }

  Delineation delineate(const Recording& recording) const {
    const TWaves t(leads_, qrs_);
    const PWaves p(leads_, qrs_, t.global());
    Delineation result;
    result.p_features = p.features();
    for (std::size_t k = 0; k < qrs_.size(); ++k)
      result.global.beats.push_back(
          scaled({p.global()[k], {qrs_[k].first, leads_.beats()[k], qrs_[k].second}, t.global()[k]}));
    for (std::size_t l = 0; l < leads_.leads().size(); ++l) {
      const WaveLead& lead = leads_.leads()[l];
      LeadWaves waves{recording.leads[l].name, {}};
      for (std::size_t k = 0; lead.weight > 0 && k < qrs_.size(); ++k)
        waves.beats.push_back(scaled(waves_in_lead(lead, k, p, t)));
      result.leads.push_back(std::move(waves));
    }
    return result;
  }

 private:
  BeatWaves waves_in_lead(const WaveLead& lead, std::size_t beat, const PWaves& p, const TWaves& t) const {
    BeatWaves waves{{}, qrs_in_lead(lead, beat), {}};
    if (p.global()[beat]) waves.p = blended(*p.global()[beat], p.in_lead(lead, beat), kPFreedom);
    if (t.global()[beat]) waves.t = blended(*t.global()[beat], t.in_lead(lead, beat), kTFreedom);
    return waves;
  }

  // Its peak is the greatest deviation from the level at its onset.
  Wave qrs_in_lead(const WaveLead& lead, std::size_t beat) const {
    QrsSearch search = search_;
    search.onset_part = kLeadOnsetPart;
    search.offset_part = kLeadOffsetPart;
    const auto own = qrs_boundaries(lead.slope, leads_.beats()[beat], search);
    const std::int64_t freedom = leads_.samples_of(kQrsFreedom);
    Wave wave{halfway(qrs_[beat].first, own.first, freedom), leads_.beats()[beat],
              halfway(qrs_[beat].second, own.second, freedom)};
    const float level = sample_at(lead.clean, wave.onset);
    float highest = -1;
    for (std::int64_t i = wave.onset; i <= wave.offset; ++i) {
      const float here = std::fabs(sample_at(lead.clean, i) - level);
      if (here <= highest) continue;
      highest = here;
      wave.peak = i;
    }
    return wave;
  }

  Wave blended(const Wave& global, const Wave& own, double freedom_seconds) const {
    const std::int64_t freedom = leads_.samples_of(freedom_seconds);
    return {std::min(own.peak, halfway(global.onset, own.onset, freedom)), own.peak,
            std::max(own.peak, halfway(global.offset, own.offset, freedom))};
  }

  Wave scaled(const Wave& wave) const {
    return {wave.onset * leads_.factor(), wave.peak * leads_.factor(), wave.offset * leads_.factor()};
  }
  BeatWaves scaled(BeatWaves beat) const {
    beat.qrs = scaled(beat.qrs);
    if (beat.p) beat.p = scaled(*beat.p);
    if (beat.t) beat.t = scaled(*beat.t);
    return beat;
  }

  WaveLeads leads_;
  QrsSearch search_;
  Boundaries qrs_;
};

}  // namespace

void Delineation::drop_p_wave(std::size_t beat) {
  global.beats[beat].p.reset();
  for (LeadWaves& lead : leads)
    if (!lead.beats.empty()) lead.beats[beat].p.reset();
}

Delineation delineate(const Recording& recording, std::span<const std::int64_t> beats) {
  if (recording.length() == 0 || !(recording.sampling_frequency > 0) || beats.empty()) return {};
  return Delineator(recording, beats).delineate(recording);
}

}  // namespace meridian::signal
