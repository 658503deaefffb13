#include "signal/lead_reversal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <utility>

namespace meridian::signal {
namespace {

struct Shape {
  double p, r, s, t;
};
using Shapes = std::map<std::string, Shape>;

// What the electrodes of a healthy heart show, in millivolts.
Shapes healthy() {
  return {{"I", {0.08, 0.6, -0.1, 0.2}},    {"II", {0.14, 1.0, -0.1, 0.3}},   {"III", {0.06, 0.4, 0, 0.1}},
          {"aVR", {-0.11, 0, -0.7, -0.25}}, {"aVL", {0.01, 0.2, -0.1, 0.05}}, {"aVF", {0.1, 0.7, 0, 0.2}},
          {"V1", {0.03, 0.2, -0.9, -0.05}}, {"V2", {0.05, 0.4, -1.5, 0.4}},   {"V3", {0.06, 0.8, -1, 0.6}},
          {"V4", {0.07, 1.4, -0.5, 0.5}},   {"V5", {0.08, 1.5, -0.2, 0.4}},   {"V6", {0.08, 1.2, -0.1, 0.3}}};
}

Shape turned(const Shape& shape) {
  return {-shape.p, -shape.s, -shape.r, -shape.t};
}

std::optional<LeadReversal> reversal_of(const Shapes& shapes) {
  EcgMeasurements measured;
  for (const auto& [name, shape] : shapes) {
    LeadMeasurements lead;
    lead.lead = name;
    lead.p = shape.p;
    lead.qrs.r = shape.r;
    lead.qrs.s = shape.s;
    lead.t = shape.t;
    measured.leads.push_back(lead);
  }
  return find_lead_reversal(measured);
}

Shapes with_arms_exchanged(const Shapes& of) {
  Shapes shapes = of;
  shapes["I"] = turned(of.at("I"));
  std::swap(shapes["II"], shapes["III"]);
  std::swap(shapes["aVR"], shapes["aVL"]);
  return shapes;
}

TEST(LeadReversal, IsNoneInAHealthyHeart) {
  EXPECT_FALSE(reversal_of(healthy()));
}

TEST(LeadReversal, OfTheArmsTurnsLeadIOver) {
  const auto found = reversal_of(with_arms_exchanged(healthy()));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->kind, Reversal::arms);
  EXPECT_THAT(found->leads, testing::ElementsAre("I", "II", "III", "aVR", "aVL"));
  ASSERT_FALSE(found->signs.empty());
  EXPECT_EQ(found->signs[0].wave, "P");
}

TEST(LeadReversal, OfTheArmsIsToldByThePWaveOrElseTheTWave) {
  Shapes infarction = healthy();
  infarction["I"] = {0.08, 0.1, -0.6, -0.2};
  infarction["aVR"] = {-0.11, 0.3, -0.1, -0.1};
  EXPECT_FALSE(reversal_of(infarction)) << "an upright P wave";
  Shapes flat_t = healthy();
  flat_t["I"].t = 0.02;
  EXPECT_TRUE(reversal_of(with_arms_exchanged(flat_t)));
  Shapes fibrillating = healthy();
  for (auto& [name, shape] : fibrillating) shape.p = 0;
  EXPECT_TRUE(reversal_of(with_arms_exchanged(fibrillating)));
  fibrillating["I"].t = 0.02;
  EXPECT_FALSE(reversal_of(with_arms_exchanged(fibrillating)));
}

TEST(LeadReversal, IsNotSaidOfAHeartOnTheRight) {
  Shapes right = with_arms_exchanged(healthy());
  right["V6"] = {0.02, 0.1, -0.2, 0.05};
  EXPECT_FALSE(reversal_of(right));
}

TEST(LeadReversal, OfRightArmAndLeftLegTurnsLeadIiOver) {
  const Shapes of = healthy();
  Shapes shapes = of;
  shapes["I"] = turned(of.at("III"));
  shapes["II"] = turned(of.at("II"));
  shapes["III"] = turned(of.at("I"));
  std::swap(shapes["aVR"], shapes["aVF"]);
  const auto found = reversal_of(shapes);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->kind, Reversal::right_arm_left_leg);
}

TEST(LeadReversal, WithTheRightLegSilencesALead) {
  Shapes shapes = healthy();
  shapes["II"] = {0, 0.02, 0, 0.01};
  shapes["I"] = turned(shapes["III"]);
  const auto found = reversal_of(shapes);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->kind, Reversal::right_leg);
  shapes.erase("II");
  EXPECT_TRUE(reversal_of(shapes)) << "so silent that it was not measured";
  shapes["I"] = healthy()["I"];
  EXPECT_FALSE(reversal_of(shapes)) << "the lead alone is off";
  Shapes across = healthy();
  across["I"] = across["II"] = {0.1, 0.9, 0, 0.2};
  across["III"] = {0, 0.07, -0.07, 0.02};
  EXPECT_FALSE(reversal_of(across)) << "a heart that lies across III";
}

TEST(LeadReversal, OfTheChestIsToldByThePictureFromLeadToLead) {
  for (const auto& [a, b] : {std::pair{"V1", "V3"}, std::pair{"V2", "V5"}, std::pair{"V3", "V4"}}) {
    Shapes shapes = healthy();
    std::swap(shapes[a], shapes[b]);
    const auto found = reversal_of(shapes);
    ASSERT_TRUE(found) << a;
    EXPECT_EQ(found->kind, Reversal::chest);
    EXPECT_THAT(found->leads, testing::ElementsAre(a, b));
  }
}

}  // namespace
}  // namespace meridian::signal
