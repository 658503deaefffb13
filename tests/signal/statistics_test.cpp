#include "signal/statistics.h"

#include <gtest/gtest.h>

#include <random>

#include "signal/range.h"

namespace meridian::signal {
namespace {

TEST(Statistics, FindTheQuantileThatSortingFinds) {
  std::mt19937 random(1);
  std::lognormal_distribution<float> skewed(0, 2);
  for (const std::size_t size : {1u, 2u, 63u, 64u, 65u, 500u, 4096u, 4097u})
    for (const double part : {0.0, 0.25, 0.5, 0.85, 1.0}) {
      std::vector<float> values(size);
      for (float& value : values) value = skewed(random) - 1;
      std::vector<float> sorted = values;
      std::sort(sorted.begin(), sorted.end());
      const auto at = static_cast<std::size_t>(part * static_cast<double>(size - 1));
      EXPECT_EQ(quantile_in_place(values, part), sorted[at]) << size << " " << part;
    }
}

TEST(Statistics, FindTheQuantileOfEqualValues) {
  std::vector<float> values(100, 0.1f);
  EXPECT_EQ(quantile_in_place(values, 0.5), 0.1f);
  values.clear();
  EXPECT_EQ(quantile_in_place(values, 0.5), 0);
}

TEST(Statistics, FindTheRange) {
  std::vector<float> values(19, 1);
  values[3] = -2;
  values[17] = 5;
  const Range range = range_of(values);
  EXPECT_EQ(range.low, -2);
  EXPECT_EQ(range.high, 5);
}

}  // namespace
}  // namespace meridian::signal
