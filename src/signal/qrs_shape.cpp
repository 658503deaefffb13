#include "signal/qrs_shape.h"

#include <algorithm>
#include <cmath>

#include "signal/dot_product.h"

namespace meridian::signal {
namespace {

constexpr double kHalfWindowSeconds = 0.08, kShiftSeconds = 0.06;
constexpr std::size_t kNeighbours = 12;  // accepted beats before and after that make the mean shape
constexpr std::size_t kRefresh = 8;      // candidates that share one mean shape
constexpr std::size_t kShiftStep = 3;    // samples
constexpr float kTiny = 1e-9f;           // mV squared

float energy(const float* from, std::size_t count) {
  return dot_product(from, from, count);
}

float inverse_root(float energy) {
  return 1 / std::sqrt(std::max(0.0f, energy) + kTiny);
}

}  // namespace

std::size_t main_deflection(const std::vector<float>& samples, std::size_t near, std::size_t reach) {
  const std::size_t from = near >= reach ? near - reach : 0, to = std::min(samples.size(), near + reach + 1);
  std::size_t best = near;
  for (std::size_t i = from; i < to; ++i)
    if (std::fabs(samples[i]) > std::fabs(samples[best])) best = i;
  return best;
}

ShapeComparison::ShapeComparison(const QrsActivity& activity, const std::vector<std::size_t>& candidates)
    : activity_(activity),
      candidates_(candidates),
      half_(static_cast<std::size_t>(kHalfWindowSeconds * activity.sampling_frequency())),
      shift_(static_cast<std::size_t>(kShiftSeconds * activity.sampling_frequency())),
      length_(activity.fused().size()) {
  for (std::size_t l = 0; l < activity.leads().size(); ++l) {
    const std::vector<float>& samples = activity.leads()[l].band_passed;
    std::vector<Stretch> stretches(candidates.size());
    std::vector<float> weights;
    for (std::size_t k = 0; k < candidates.size(); ++k) {
      weights.push_back(activity.weight(l, candidates[k]));
      const std::size_t centre = main_deflection(samples, candidates[k], shift_);
      if (!fits(centre)) continue;
      const float* from = samples.data() + centre - half_;
      stretches[k] = {from, inverse_root(energy(from, 2 * half_ + 1))};
    }
    stretches_.push_back(std::move(stretches));
    weights_.push_back(std::move(weights));
  }
}

// Mean of the candidates named, each brought to unit energy, and itself of unit energy.
std::vector<float> ShapeComparison::mean_shape(const std::vector<Stretch>& stretches,
                                               const std::size_t* first, const std::size_t* last) const {
  std::vector<float> mean(2 * half_ + 1, 0);
  for (const std::size_t* k = first; k != last; ++k) {
    const Stretch& stretch = stretches[*k];
    if (!stretch.from) continue;
    for (std::size_t i = 0; i < mean.size(); ++i) mean[i] += stretch.scale * stretch.from[i];
  }
  const float scale = inverse_root(energy(mean.data(), mean.size()));
  for (float& x : mean) x *= scale;
  return mean;
}

float ShapeComparison::best_correlation(const std::vector<float>& samples, const std::vector<float>& shape,
                                        std::size_t candidate) const {
  float best = -1, own = 0;
  const float* before = nullptr;  // the stretch whose energy is known
  for (std::size_t centre = candidate >= shift_ ? candidate - shift_ : 0; centre <= candidate + shift_;
       centre += kShiftStep) {
    if (!fits(centre)) continue;
    const float* at = samples.data() + centre - half_;
    own = before ? own + energy(before + shape.size(), kShiftStep) - energy(before, kShiftStep)
                 : energy(at, shape.size());
    before = at;
    best = std::max(best, dot_product(at, shape.data(), shape.size()) * inverse_root(own));
  }
  return best;
}

std::vector<float> ShapeComparison::similarity(const std::vector<char>& accepted) const {
  std::vector<std::size_t> beats;  // places among the candidates
  for (std::size_t k = 0; k < candidates_.size(); ++k)
    if (accepted[k]) beats.push_back(k);
  std::vector<float> similarity(candidates_.size(), 0), weights(candidates_.size(), 0);
  for (std::size_t l = 0; l < stretches_.size(); ++l) {
    const std::vector<float>& samples = activity_.leads()[l].band_passed;
    std::vector<float> shape;
    for (std::size_t k = 0; k < candidates_.size(); ++k) {
      if (k % kRefresh == 0) {
        const auto next =
            static_cast<std::size_t>(std::lower_bound(beats.begin(), beats.end(), k) - beats.begin());
        const std::size_t from = next >= kNeighbours ? next - kNeighbours : 0;
        const std::size_t to = std::min(beats.size(), next + kNeighbours + 1);
        shape = mean_shape(stretches_[l], beats.data() + from, beats.data() + to);
      }
      const float weight = weights_[l][k];
      if (weight == 0) continue;
      similarity[k] += weight * best_correlation(samples, shape, candidates_[k]);
      weights[k] += weight;
    }
  }
  for (std::size_t k = 0; k < candidates_.size(); ++k)
    similarity[k] = weights[k] > 0 ? similarity[k] / weights[k] : 1.0f;
  return similarity;
}

}  // namespace meridian::signal
