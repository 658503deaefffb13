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

struct Window {
  std::size_t half, shift;
};

bool fits(std::size_t centre, const Window& window, std::size_t length) {
  return centre >= window.half && centre + window.half < length;
}

float inverse_norm(const float* from, std::size_t count) {
  return 1 / std::sqrt(dot_product(from, from, count) + 1e-9f);
}

// Mean of the beats, each brought to unit energy, and itself of unit energy.
std::vector<float> mean_shape(const std::vector<float>& samples, const std::size_t* first,
                              const std::size_t* last, const Window& window) {
  const std::size_t width = 2 * window.half + 1;
  std::vector<float> mean(width, 0);
  for (const std::size_t* beat = first; beat != last; ++beat) {
    const std::size_t centre = main_deflection(samples, *beat, window.shift);
    if (!fits(centre, window, samples.size())) continue;
    const float* from = samples.data() + centre - window.half;
    const float scale = inverse_norm(from, width);
    for (std::size_t i = 0; i < width; ++i) mean[i] += scale * from[i];
  }
  const float scale = inverse_norm(mean.data(), width);
  for (float& x : mean) x *= scale;
  return mean;
}

float best_correlation(const std::vector<float>& samples, const std::vector<float>& shape,
                       std::size_t candidate, const Window& window) {
  float best = -1;
  const std::size_t from = candidate >= window.shift ? candidate - window.shift : 0;
  for (std::size_t centre = from; centre <= candidate + window.shift; centre += kShiftStep) {
    if (!fits(centre, window, samples.size())) continue;
    const float* at = samples.data() + centre - window.half;
    best = std::max(best, dot_product(at, shape.data(), shape.size()) * inverse_norm(at, shape.size()));
  }
  return best;
}

}  // namespace

std::size_t main_deflection(const std::vector<float>& samples, std::size_t near, std::size_t reach) {
  const std::size_t from = near >= reach ? near - reach : 0, to = std::min(samples.size(), near + reach + 1);
  std::size_t best = near;
  for (std::size_t i = from; i < to; ++i)
    if (std::fabs(samples[i]) > std::fabs(samples[best])) best = i;
  return best;
}

std::vector<float> shape_similarity(const QrsActivity& activity, const std::vector<std::size_t>& candidates,
                                    const std::vector<char>& accepted) {
  const double frequency = activity.sampling_frequency();
  const Window window{static_cast<std::size_t>(kHalfWindowSeconds * frequency),
                      static_cast<std::size_t>(kShiftSeconds * frequency)};
  std::vector<std::size_t> beats;
  for (std::size_t k = 0; k < candidates.size(); ++k)
    if (accepted[k]) beats.push_back(candidates[k]);
  std::vector<float> similarity(candidates.size(), 0), weights(candidates.size(), 0);
  for (std::size_t l = 0; l < activity.leads().size(); ++l) {
    const std::vector<float>& samples = activity.leads()[l].band_passed;
    std::vector<float> shape;
    for (std::size_t k = 0; k < candidates.size(); ++k) {
      if (k % kRefresh == 0) {
        const auto next = static_cast<std::size_t>(
            std::lower_bound(beats.begin(), beats.end(), candidates[k]) - beats.begin());
        const std::size_t from = next >= kNeighbours ? next - kNeighbours : 0;
        const std::size_t to = std::min(beats.size(), next + kNeighbours + 1);
        shape = mean_shape(samples, beats.data() + from, beats.data() + to, window);
      }
      const float weight = activity.weight(l, candidates[k]);
      similarity[k] += weight * best_correlation(samples, shape, candidates[k], window);
      weights[k] += weight;
    }
  }
  for (std::size_t k = 0; k < candidates.size(); ++k)
    similarity[k] = weights[k] > 0 ? similarity[k] / weights[k] : 1.0f;
  return similarity;
}

}  // namespace meridian::signal
