#include "app/bench/mask_scores.h"

#include <gtest/gtest.h>

#include "base/file.h"
#include "base/temporary_folder.h"
#include "vision/picture.h"

namespace meridian::app {
namespace {

using Scores = std::map<std::string, double>;

// The scores of a map of four pixels against what a person drew.
Scores scored(std::vector<std::uint16_t> outlined, std::vector<float> drawn) {
  TemporaryFolder folder;
  write_file(folder / "truth.png", vision::encode_png({2, 2, std::move(drawn), {}}));
  return score_map({"lesion", 2, 2, 1, std::move(outlined), {"lesion"}}, folder / "truth.png");
}

TEST(MaskScores, GiveDiceWhereThereIsSomething) {
  EXPECT_EQ(scored({1, 1, 0, 0}, {1, 0, 0, 0}), (Scores{{"Dice lesion", 2.0 / 3}}));
  EXPECT_EQ(scored({0, 0, 0, 0}, {1, 0, 0, 0}), (Scores{{"Dice lesion", 0}}));
}

TEST(MaskScores, CountAFalseOutlineWhereThereIsNothing) {
  EXPECT_EQ(scored({0, 1, 0, 0}, {0, 0, 0, 0}), (Scores{{"false outline lesion", 1}}));
  EXPECT_EQ(scored({0, 0, 0, 0}, {0, 0, 0, 0}), (Scores{{"false outline lesion", 0}}));
}

}  // namespace
}  // namespace meridian::app
