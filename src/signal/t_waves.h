// T waves among the waves between QRS complexes.
#pragma once
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "signal/delineation.h"
#include "signal/wave_leads.h"

namespace meridian::signal {

// qrs: onset and offset of each beat; positions in thinned samples of the leads.
class TWaves {
 public:
  // The leads must have their QRS complexes bridged. They and the boundaries must outlive this.
  TWaves(const WaveLeads& leads, std::span<const std::pair<std::int64_t, std::int64_t>> qrs);
  // By beat, of all leads together.
  const std::vector<std::optional<Wave>>& global() const { return global_; }
  // What the lead shows of a global T wave.
  Wave in_lead(const WaveLead& lead, std::size_t beat) const;

 private:
  std::optional<Wave> find(std::size_t beat, double usual_rr) const;
  Wave around(std::span<const float> samples, std::size_t beat, std::int64_t peak) const;

  const WaveLeads& leads_;
  std::span<const std::pair<std::int64_t, std::int64_t>> qrs_;
  std::vector<float> fused_;
  std::vector<std::optional<Wave>> global_;
};

}  // namespace meridian::signal
