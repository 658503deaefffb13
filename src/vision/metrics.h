// How well a score tells two classes apart. training/common/metrics.py computes the same.
#pragma once
#include <span>
#include <string>

namespace meridian::vision {

struct Interval {
  double value = 0, low = 0, high = 0;  // low and high: 95 %
};

// Area under the receiver operating characteristic with the interval of DeLong, DeLong & Clarke-Pearson
// (Biometrics 1988; 44: 837-845). Ties count half. Throws invalid_value without a score on each side; with
// one alone on a side the interval is 0 to 1.
Interval roc_auc(std::span<const double> positives, std::span<const double> negatives);
// How much larger the area is by one score than by another of the same cases, with the interval of the same
// authors for areas that are correlated. Throws invalid_value when there are not as many of each, or fewer
// than two on a side.
Interval roc_auc_gain(std::span<const double> positives, std::span<const double> negatives,
                      std::span<const double> other_positives, std::span<const double> other_negatives);
// The mean of values that come in groups (of one patient), with the interval from a thousand draws of whole
// groups; the same each time. Throws invalid_value when there are none or not as many groups.
Interval grouped_mean(std::span<const double> values, std::span<const std::string> groups);
// A share of successes with the interval of Wilson (JASA 1927; 22: 209-212). Throws invalid_value when trials
// is 0 or less than successes.
Interval proportion(int successes, int trials);

// Expected calibration error over ten equally filled bins: the mean distance of the stated probability from
// the share of positives. Throws invalid_value without scores.
double calibration_error(std::span<const double> positives, std::span<const double> negatives);

}  // namespace meridian::vision
