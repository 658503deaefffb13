// Numbers and quantities that are ranges, or known only on one side.
#include <gmock/gmock.h>

#include "record/store_fixture.h"

namespace meridian::record {
namespace {

using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

class StoreRange : public StoreTest {
 protected:
  void observation(const std::string& id, const std::string& quantity) {
    put(R"({"resourceType":"Observation","id":")" + id +
        R"(","status":"final","code":{"coding":[{"code":"c"}]},"valueQuantity":)" + quantity + "}");
  }
  void onset(const std::string& id, const std::string& low, const std::string& high) {
    const auto age = [](const std::string& years) {
      return R"({"value":)" + years + R"(,"unit":"a","system":"http://unitsofmeasure.org","code":"a"})";
    };
    std::string range = low.empty() ? "" : R"("low":)" + age(low);
    if (!high.empty()) range += (range.empty() ? R"("high":)" : R"(,"high":)") + age(high);
    put(R"({"resourceType":"Condition","id":")" + id +
        R"(","subject":{"reference":"Patient/p"},"onsetRange":{)" + range + "}}");
  }
  std::vector<std::string> measured(const std::string& value) {
    return found("Observation", {{"value-quantity", value}});
  }
  std::vector<std::string> aged(const std::string& value) {
    return found("Condition", {{"onset-age", value}});
  }
};

TEST_F(StoreRange, ComparesWhatIsKnownOnOneSide) {
  observation("five", R"({"value":5,"unit":"mg"})");
  observation("less", R"({"value":5,"comparator":"<","unit":"mg"})");
  observation("more", R"({"value":5,"comparator":">","unit":"mg"})");
  EXPECT_THAT(measured("lt5"), UnorderedElementsAre("less"));
  EXPECT_THAT(measured("lt2"), UnorderedElementsAre("less"));
  EXPECT_THAT(measured("gt5"), UnorderedElementsAre("more"));
  EXPECT_THAT(measured("gt1000"), UnorderedElementsAre("more"));
  EXPECT_THAT(measured("ge5"), UnorderedElementsAre("five", "more"));
  EXPECT_THAT(measured("le5"), UnorderedElementsAre("five", "less"));
  EXPECT_THAT(measured("5"), UnorderedElementsAre("five"));
  EXPECT_THAT(measured("ne5"), UnorderedElementsAre("less", "more"));
  EXPECT_THAT(measured("eb6"), UnorderedElementsAre("five", "less"));
  EXPECT_THAT(measured("sa4"), UnorderedElementsAre("five", "more"));
  EXPECT_THAT(measured("ap5"), UnorderedElementsAre("five", "less", "more"));
  EXPECT_THAT(found("Observation", {{"code-value-quantity", "c$lt2"}}), UnorderedElementsAre("less"));
  EXPECT_THAT(found("Observation", {{"code-value-quantity", "c$gt7"}}), UnorderedElementsAre("more"));
}

TEST_F(StoreRange, ComparesRanges) {
  onset("old", "40", "60");
  onset("young", "", "20");
  onset("since", "30", "");
  EXPECT_THAT(aged("gt50"), UnorderedElementsAre("old", "since"));
  EXPECT_THAT(aged("gt70"), UnorderedElementsAre("since"));
  EXPECT_THAT(aged("lt50"), UnorderedElementsAre("old", "young", "since"));
  EXPECT_THAT(aged("sa35|http://unitsofmeasure.org|a"), UnorderedElementsAre("old"));
  EXPECT_THAT(aged("eb25|http://unitsofmeasure.org|a"), UnorderedElementsAre("young"));
  EXPECT_THAT(aged("gt600|http://unitsofmeasure.org|mo"), UnorderedElementsAre("old", "since"));
  EXPECT_THAT(aged("50"), IsEmpty());
  EXPECT_THAT(aged("ap50"), UnorderedElementsAre("old", "since"));
}

TEST_F(StoreRange, ComparesNumbersByTheirRange) {
  put(R"({"resourceType":"RiskAssessment","id":"r","status":"final","subject":{"reference":"Patient/p"},
          "prediction":[{"probabilityRange":{"low":{"value":0.2},"high":{"value":0.4}}}]})");
  const auto likely = [&](const std::string& value) {
    return found("RiskAssessment", {{"probability", value}});
  };
  EXPECT_THAT(likely("gt0.3"), UnorderedElementsAre("r"));
  EXPECT_THAT(likely("lt0.3"), UnorderedElementsAre("r"));
  EXPECT_THAT(likely("gt0.5"), IsEmpty());
  EXPECT_THAT(likely("0.3"), IsEmpty());
}

TEST_F(StoreRange, FindsUnitsAsTheyAreWritten) {
  observation("coded", R"({"value":5,"unit":"milligram","system":"http://unitsofmeasure.org","code":"mg"})");
  observation("written", R"({"value":5,"unit":"milligram"})");
  EXPECT_THAT(measured("5||milligram"), UnorderedElementsAre("coded", "written"));
  EXPECT_THAT(measured("5||mg"), UnorderedElementsAre("coded"));
  EXPECT_THAT(measured("5"), UnorderedElementsAre("coded", "written"));
}

}  // namespace
}  // namespace meridian::record
