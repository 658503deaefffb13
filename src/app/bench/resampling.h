// The 95 % interval of a score by bootstrap (Efron 1979).
#pragma once
#include <cstddef>
#include <random>
#include <vector>

#include "app/bench/figures.h"
#include "vision/metrics.h"

namespace meridian::app {

// Of 1000 resamples of the records 0 to count - 1; score takes the chosen ones, as a vector of their places.
template <typename Score>
vision::Interval bootstrap(std::size_t count, Score score) {
  std::mt19937_64 random(2017);
  std::vector<std::size_t> chosen(count);
  for (std::size_t i = 0; i < count; ++i) chosen[i] = i;
  vision::Interval interval{.value = score(chosen)};
  std::vector<double> scores;
  for (int round = 0; round < 1000; ++round) {
    for (std::size_t& place : chosen) place = random() % count;
    scores.push_back(score(chosen));
  }
  interval.low = percentile(scores, 0.025);
  interval.high = percentile(scores, 0.975);
  return interval;
}

}  // namespace meridian::app
