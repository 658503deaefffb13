#include "app/bench/class_accuracy.h"

#include <gtest/gtest.h>

namespace meridian::app {
namespace {

engine::Reading reading_of(double benign, double malignant) {
  engine::Reading reading;
  reading.classes = {{"benign", {}, benign}, {"malignant", {}, malignant}};
  return reading;
}

TEST(ClassAccuracy, GoesByTheLikeliestClass) {
  const std::map<std::string, bool> malignant{{"benign", false}, {"malignant", true}};
  EXPECT_EQ(is_rightly_named(reading_of(0.3, 0.7), malignant), true);
  EXPECT_EQ(is_rightly_named(reading_of(0.7, 0.3), malignant), false);
}

TEST(ClassAccuracy, PassesOverWhatIsOutlinedBesideTheClasses) {
  engine::Reading reading = reading_of(0.3, 0.7);
  reading.classes.push_back({"lesion", {}, 0.99});
  EXPECT_EQ(is_rightly_named(reading, {{"benign", false}, {"malignant", true}}), true);
}

TEST(ClassAccuracy, PassesOverCasesOfNoneOfTheClasses) {
  EXPECT_EQ(is_rightly_named(reading_of(0.3, 0.7), {{"benign", false}, {"malignant", false}}), std::nullopt);
  EXPECT_EQ(is_rightly_named(reading_of(0.3, 0.7), {{"normal", true}}), std::nullopt);
  EXPECT_EQ(is_rightly_named({}, {{"benign", true}}), std::nullopt);
}

}  // namespace
}  // namespace meridian::app
