// Which assistants an arriving image is given to, as their cards say.
#include <gtest/gtest.h>

#include <set>

#include "assistants/assistants.h"
#include "engine/matching.h"

namespace meridian::assistants {
namespace {

std::set<std::string> asked_about(const std::string& modality, const std::string& body_part) {
  archive::InstanceFacts facts;
  facts.modality = modality;
  facts.body_part = body_part;
  std::set<std::string> asked;
  for (const auto& assistant : all())
    if (engine::matches(assistant->card(), facts)) asked.insert(assistant->card().id);
  return asked;
}

using Names = std::set<std::string>;

TEST(Triggers, GiveEachImageToThoseWhoReadIt) {
  EXPECT_EQ(asked_about("DX", "CHEST"), (Names{"chest_pneumonia", "chest_xray"}));
  EXPECT_EQ(asked_about("CR", "ANKLE"), Names{"fracture"});
  EXPECT_EQ(asked_about("DX", "SKULL"), Names{});
  EXPECT_EQ(asked_about("US", "BREAST"), Names{"breast_us"});
  EXPECT_EQ(asked_about("US", "ABDOMEN"), Names{});
  EXPECT_EQ(asked_about("CT", "HEAD"), Names{"head_ct"});
  EXPECT_EQ(asked_about("CT", "CHEST"), Names{});
  EXPECT_EQ(asked_about("OP", ""), Names{"fundus_dr"});
  EXPECT_EQ(asked_about("ES", "COLON"), Names{"polyp"});
  EXPECT_EQ(asked_about("GM", "CERVIX"), Names{"cervical_cytology"});
}

TEST(Triggers, GiveAFilmThatSaysNothingToAllOfItsModality) {
  EXPECT_EQ(asked_about("DX", ""), (Names{"chest_pneumonia", "chest_xray", "fracture"}));
}

}  // namespace
}  // namespace meridian::assistants
