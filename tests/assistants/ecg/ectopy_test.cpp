#include "assistants/ecg/ectopy.h"

#include <gtest/gtest.h>

namespace meridian::assistants::ecg {
namespace {

TEST(EcgEctopy, CountsNothingInNormalBeats) {
  for (const char* classes : {"", "N", "NNNNNNNN"}) {
    const Ectopy ectopy = find_ectopy(classes);
    EXPECT_EQ(ectopy.ventricular + ectopy.couplets + ectopy.runs + ectopy.bigeminy, 0u) << classes;
  }
}

TEST(EcgEctopy, TellsSingleBeatsCoupletsAndRunsApart) {
  const Ectopy ectopy = find_ectopy("NVNNVVNNVVVNSNVVVVV");
  EXPECT_EQ(ectopy.ventricular, 11u);
  EXPECT_EQ(ectopy.couplets, 1u);
  EXPECT_EQ(ectopy.runs, 2u);
  EXPECT_EQ(ectopy.longest_run, 5u);
}

TEST(EcgEctopy, NeedsThreePairsForBigeminy) {
  EXPECT_EQ(find_ectopy("NNNVNVNN").bigeminy, 0u);
  EXPECT_EQ(find_ectopy("NNNVNVNVNN").bigeminy, 1u);
  EXPECT_EQ(find_ectopy("NVNVNVNNNNVNVNVNV").bigeminy, 2u);
}

}  // namespace
}  // namespace meridian::assistants::ecg
