#include "signal/resample.h"

#include <cmath>

#include "signal/filter.h"
#include "signal/gaps.h"

namespace meridian::signal {

std::vector<float> decimate(std::span<const float> samples, std::size_t factor) {
  std::vector<float> smooth(samples.begin(), samples.end());
  if (factor <= 1) return smooth;
  fill_gaps(smooth);
  filter_zero_phase(smooth, low_pass(0.4 / static_cast<double>(factor), 1));
  std::vector<float> result;
  result.reserve(samples.size() / factor + 1);
  for (std::size_t i = 0; i < samples.size(); i += factor)
    result.push_back(std::isfinite(samples[i]) ? smooth[i] : samples[i]);
  return result;
}

Recording decimate(const Recording& recording, std::size_t factor) {
  if (factor <= 1) return recording;
  Recording result = recording;
  result.sampling_frequency /= static_cast<double>(factor);
  for (Lead& lead : result.leads) lead.samples = decimate(lead.samples, factor);
  return result;
}

}  // namespace meridian::signal
