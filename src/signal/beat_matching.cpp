#include "signal/beat_matching.h"

#include <algorithm>
#include <cstdlib>

namespace meridian::signal {
namespace {

std::vector<std::size_t> counted(std::span<const std::int64_t> beats, std::span<const SampleRange> excluded) {
  std::vector<std::size_t> indices;
  for (std::size_t i = 0; i < beats.size(); ++i) {
    const bool out = std::any_of(excluded.begin(), excluded.end(), [&](const SampleRange& range) {
      return beats[i] >= range.from && beats[i] <= range.to;
    });
    if (!out) indices.push_back(i);
  }
  return indices;
}

double ratio(std::size_t part, std::size_t rest) {
  return part + rest == 0 ? 1.0 : static_cast<double>(part) / static_cast<double>(part + rest);
}

}  // namespace

double BeatMatches::sensitivity() const {
  return ratio(true_positives, false_negatives);
}
double BeatMatches::positive_predictive_value() const {
  return ratio(true_positives, false_positives);
}

BeatMatches match_beats(std::span<const std::int64_t> reference, std::span<const std::int64_t> test,
                        std::int64_t window, std::span<const SampleRange> excluded) {
  const auto refs = counted(reference, excluded), tests = counted(test, excluded);
  BeatMatches matches;
  std::size_t r = 0, t = 0;
  // The earlier beat pairs with the other list's next unless its own successor lies closer to that one.
  const auto pairs_now = [&] {
    if (r >= refs.size() || t >= tests.size()) return false;
    const std::int64_t at_r = reference[refs[r]], at_t = test[tests[t]], distance = std::abs(at_r - at_t);
    if (distance > window) return false;
    if (at_t < at_r) return t + 1 >= tests.size() || distance <= std::abs(at_r - test[tests[t + 1]]);
    return r + 1 >= refs.size() || distance <= std::abs(at_t - reference[refs[r + 1]]);
  };
  while (r < refs.size() || t < tests.size()) {
    if (pairs_now()) {
      matches.pairs.emplace_back(refs[r++], tests[t++]);
      ++matches.true_positives;
    } else if (t >= tests.size() || (r < refs.size() && reference[refs[r]] <= test[tests[t]])) {
      matches.pairs.emplace_back(refs[r++], std::nullopt);
      ++matches.false_negatives;
    } else {
      matches.pairs.emplace_back(std::nullopt, tests[t++]);
      ++matches.false_positives;
    }
  }
  return matches;
}

}  // namespace meridian::signal
