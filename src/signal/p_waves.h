// P waves among the waves between QRS complexes.
#pragma once
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "signal/delineation.h"
#include "signal/wave_leads.h"

namespace meridian::signal {

// qrs: onset and offset of each beat, t: their T waves; positions in thinned samples of the leads.
class PWaves {
 public:
  // The leads must have their QRS complexes bridged. All must outlive this.
  PWaves(const WaveLeads& leads, std::span<const std::pair<std::int64_t, std::int64_t>> qrs,
         std::span<const std::optional<Wave>> t);
  // By beat, of all leads together.
  const std::vector<std::optional<Wave>>& global() const { return global_; }
  // What the lead shows of a global P wave.
  Wave in_lead(const WaveLead& lead, std::size_t beat) const;
  // By beat; all zero without a P wave.
  std::vector<PWaveFeatures> features() const;

 private:
  using Shape = std::vector<float>;
  std::int64_t usual_distance() const;
  std::optional<Wave> find(std::size_t beat, std::int64_t usual_distance) const;
  Shape shape(std::int64_t middle) const;
  double alike(std::size_t beat, std::size_t other, const Shape& own) const;
  double alike_around(std::size_t beat, const Shape& own) const;
  double out_of_rest(std::size_t beat) const;

  const WaveLeads& leads_;
  std::span<const std::pair<std::int64_t, std::int64_t>> qrs_;
  std::span<const std::optional<Wave>> t_;
  std::vector<std::optional<Wave>> global_;
};

}  // namespace meridian::signal
