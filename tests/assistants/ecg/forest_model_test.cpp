#include "assistants/ecg/forest_model.h"

#include <gtest/gtest.h>

#include <array>

#include "base/error.h"

namespace meridian::assistants::ecg {
namespace {

constexpr std::array<std::string_view, 2> kMeasured{"width", "height"};

// One tree: height at most 2 is leaf 1 (0.25, 0.5), else leaf 2 (0.75, 0.5).
std::string model_json(const std::string& left) {
  return R"({"features": ["height"], "outputs": ["a", "b"], "thresholds": [0.5, 0.4],
    "calibrations": [{"slope": 1, "intercept": 0}, {"slope": 2, "intercept": 1}],
    "trees": [{"feature": [0, 0, 0], "threshold": [2, 0, 0], "left": [)" +
         left + R"(, 0, 0], "right": [2, 0, 0], "value": [0, 0, 0.25, 0.5, 0.75, 0.5]}]})";
}

TEST(ForestModel, GivesCalibratedSharesOfLeaves) {
  const ForestModel model = ForestModel::parse(Json::parse(model_json("1")), kMeasured, "test");
  EXPECT_EQ(model.outputs().at(1), "b");
  const auto low = model.probabilities(std::array{9.0, 2.0}),
             high = model.probabilities(std::array{0.0, 2.1});
  EXPECT_NEAR(low[0], 0.25, 1e-9);
  EXPECT_NEAR(high[0], 0.75, 1e-9);
  EXPECT_NEAR(low[1], 0.7311, 1e-4) << "log-odds 0, twice it and 1";
}

TEST(ForestModel, RefusesATreeThatLeadsBack) {
  EXPECT_THROW(ForestModel::parse(Json::parse(model_json("7")), kMeasured, "test"), Error);
}

TEST(ForestModel, RefusesFeaturesThatAreNotMeasured) {
  constexpr std::array<std::string_view, 1> kOther{"width"};
  EXPECT_THROW(ForestModel::parse(Json::parse(model_json("1")), kOther, "test"), Error);
}

}  // namespace
}  // namespace meridian::assistants::ecg
