#include "signal/atrial_flutter.h"

#include <gtest/gtest.h>

#include "signal/qrs_detector.h"
#include "signal/synthetic_ecg.h"

namespace meridian::signal {
namespace {

std::optional<AtrialFlutter> flutter_in(const SyntheticEcg& options) {
  const Recording recording = make_ecg(options);
  return find_flutter(recording, detect_qrs(recording));
}

TEST(AtrialFlutter, IsFoundWithItsRate) {
  for (const double rate : {260.0, 300.0, 330.0})
    for (const int ratio : {3, 4}) {
      const auto found = flutter_in({.seconds = 10, .flutter_rate = rate, .flutter_ratio = ratio});
      ASSERT_TRUE(found) << rate << " " << ratio;
      EXPECT_NEAR(found->rate, rate, 8);
      EXPECT_TRUE(found->lead == "II" || found->lead == "III" || found->lead == "aVF" || found->lead == "V1");
    }
}

TEST(AtrialFlutter, IsNotInSinusRhythmOrFibrillation) {
  for (const std::uint64_t seed : {1, 2, 3, 4}) {
    for (const double rate : {50.0, 75.0, 100.0, 140.0})
      EXPECT_FALSE(flutter_in({.seed = seed, .seconds = 10, .heart_rate = rate})) << seed << " " << rate;
    EXPECT_FALSE(flutter_in({.seed = seed, .seconds = 10, .heart_rate = 90, .atrial_fibrillation = true}))
        << seed;
  }
}

TEST(AtrialFlutter, NeedsItsLeadsAndBeats) {
  Recording recording = make_ecg({.seconds = 10, .flutter_rate = 300});
  EXPECT_FALSE(find_flutter(recording, {}));
  recording.leads = {recording.leads[0]};
  EXPECT_FALSE(find_flutter(recording, detect_qrs(recording))) << "lead I does not show it";
}

}  // namespace
}  // namespace meridian::signal
