// How well a score tells two classes apart. training/common/metrics.py computes the same.
#pragma once
#include <span>

namespace meridian::vision {

struct Interval {
  double value = 0, low = 0, high = 0;  // low and high: 95 %
};

// Area under the receiver operating characteristic with the interval of DeLong, DeLong & Clarke-Pearson
// (Biometrics 1988; 44: 837-845). Ties count half. Throws invalid_value without a score on each side; with
// one alone on a side the interval is 0 to 1.
Interval roc_auc(std::span<const double> positives, std::span<const double> negatives);
// A share of successes with the interval of Wilson (JASA 1927; 22: 209-212). Throws invalid_value when trials
// is 0 or less than successes.
Interval proportion(int successes, int trials);

// Expected calibration error over ten equally filled bins: the mean distance of the stated probability from
// the share of positives. Throws invalid_value without scores.
double calibration_error(std::span<const double> positives, std::span<const double> negatives);

}  // namespace meridian::vision
