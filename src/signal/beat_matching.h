// Compares detected beats with reference beats as ANSI/AAMI EC57 asks (and WFDB's bxb does).
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace meridian::signal {

struct SampleRange {
  std::int64_t from = 0, to = 0;  // both within
};

struct BeatMatches {
  // Index into the reference and into the test beats; one of them missing where a beat has no partner.
  std::vector<std::pair<std::optional<std::size_t>, std::optional<std::size_t>>> pairs;
  std::size_t true_positives = 0, false_negatives = 0, false_positives = 0;

  double sensitivity() const;                // 1 when there is no reference beat
  double positive_predictive_value() const;  // 1 when there is no test beat
};

// Both lists in samples, ascending. Beats pair when at most `window` samples apart (EC57: 150 ms) and no
// closer neighbour claims the partner. Beats of both lists within the excluded ranges (ventricular flutter)
// do not count.
BeatMatches match_beats(std::span<const std::int64_t> reference, std::span<const std::int64_t> test,
                        std::int64_t window, std::span<const SampleRange> excluded = {});

}  // namespace meridian::signal
