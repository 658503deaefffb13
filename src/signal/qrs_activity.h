// How much each moment of a recording looks like a QRS complex: one signal made from all leads, each weighted
// by how far its QRS complexes stand out of its noise at that time.
#pragma once
#include <vector>

#include "signal/recording.h"

namespace meridian::signal {

struct LeadActivity {
  std::vector<float> band_passed;   // 5 to 30 Hz, millivolts
  std::vector<float> envelope;      // root mean square of it over 60 ms
  std::vector<float> level, floor;  // by block: what a QRS complex reaches, and what lies between, millivolts
};

class QrsActivity {
 public:
  // Leads shorter than the first are taken as silent beyond their end.
  explicit QrsActivity(const Recording& recording);

  // About 1 at QRS complexes, by sample.
  const std::vector<float>& fused() const { return fused_; }
  const std::vector<LeadActivity>& leads() const { return leads_; }
  // 0 (silent) to 1 (a clean lead) at that sample.
  float weight(std::size_t lead, std::size_t sample) const;
  double sampling_frequency() const { return sampling_frequency_; }

 private:
  void add_lead(std::vector<float> samples);
  void fuse();

  double sampling_frequency_;
  std::size_t length_, block_;
  std::vector<LeadActivity> leads_;
  std::vector<float> fused_;
};

}  // namespace meridian::signal
