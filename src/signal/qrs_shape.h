// How alike QRS complexes are.
#pragma once
#include <vector>

#include "signal/qrs_activity.h"

namespace meridian::signal {

// Sample of the largest absolute deflection within `reach` samples of `near`.
std::size_t main_deflection(const std::vector<float>& samples, std::size_t near, std::size_t reach);

// Compares candidates for beats with the accepted ones around them, as often as the choice of these changes.
class ShapeComparison {
 public:
  // candidates: samples of the activity, ascending. Both must outlive this.
  ShapeComparison(const QrsActivity& activity, const std::vector<std::size_t>& candidates);
  // The correlation (-1 to 1) of each candidate with the mean of accepted beats around it (accepted, one a
  // candidate), at the best small shift; mean of the leads, by their weight there; 1 where no lead has any.
  std::vector<float> similarity(const std::vector<char>& accepted) const;

 private:
  // A stretch of samples around a candidate's main deflection, to be brought to unit energy.
  struct Stretch {
    const float* from = nullptr;  // none: it does not fit
    float scale = 0;
  };
  std::vector<float> mean_shape(const std::vector<Stretch>& stretches, const std::size_t* first,
                                const std::size_t* last) const;
  float best_correlation(const std::vector<float>& samples, const std::vector<float>& shape,
                         std::size_t candidate) const;
  bool fits(std::size_t centre) const { return centre >= half_ && centre + half_ < length_; }

  const QrsActivity& activity_;
  const std::vector<std::size_t>& candidates_;
  std::size_t half_, shift_, length_;            // samples
  std::vector<std::vector<Stretch>> stretches_;  // by lead and candidate
  std::vector<std::vector<float>> weights_;      // likewise
};

}  // namespace meridian::signal
