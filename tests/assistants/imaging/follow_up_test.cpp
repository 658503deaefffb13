// The table of what follows, over the cards that ship.
#include "assistants/imaging/follow_up.h"

#include <gtest/gtest.h>

#include <sstream>

#include "assistants/imaging/classification.h"
#include "base/file.h"
#include "base/resource.h"
#include "engine/input_loader.h"
#include "engine/node.h"

namespace meridian::assistants::imaging {
namespace {

constexpr const char* kTable = "knowledge/imaging_follow_up.csv";

Description classifier_of(const std::string& assistant) {
  for (Description& network : parse_networks(engine::Card::load(assistant)))
    if (network.kind == Kind::classifier) return std::move(network);
  throw std::runtime_error(assistant + " has no classifier");
}

// What the assistant's classifier says when it finds these classes so probable, and all others not at all.
engine::Reading reading_of(const Description& network, const std::map<std::string, double>& probabilities) {
  const auto classes = static_cast<std::int64_t>(network.classes.size());
  engine::Tensor probable{{1, classes}, {}};
  for (const Class& one : network.classes) {
    const auto found = probabilities.find(one.name);
    probable.values.push_back(found == probabilities.end() ? 0 : static_cast<float>(found->second));
  }
  const vision::Prepared prepared{.planes = {}, .size = 8, .box = {0, 0, 8, 8}, .place = {0, 0, 8, 8}};
  Network::Outputs outputs;
  outputs.probabilities = std::move(probable);
  outputs.places = engine::Tensor{{1, classes, 1, 1}, std::vector<float>(network.classes.size())};
  engine::Reading reading;
  add_classes(reading, network, outputs, prepared, {8, 8});
  return reading;
}

engine::Reading reading_of(const std::string& assistant, const std::map<std::string, double>& probabilities) {
  return reading_of(classifier_of(assistant), probabilities);
}

engine::Finding followed_up(const std::string& assistant, engine::Reading reading,
                            const engine::Input& input = {}) {
  follow_up(assistant)(input, reading);
  return reading.findings.at(0);
}

engine::Input aged(double years) {
  engine::Input input;
  input.subject.age_years = years;
  return input;
}

std::string category(const engine::Finding& finding) {
  const Json* rules = finding.evidence.is_object() ? finding.evidence.find("rules") : nullptr;
  if (!rules) return {};
  const std::string name = rules->at(0).text("name");
  return name.substr(name.rfind(": ") + 2);
}

std::string breast(double normal, double benign, double malignant) {
  return category(followed_up(
      "breast_us",
      reading_of("breast_us", {{"normal", normal}, {"benign", benign}, {"malignant", malignant}})));
}

TEST(FollowUp, OfALesionGoesByHowProbablyItIsMalignant) {
  EXPECT_EQ(breast(0.01, 0.02, 0.97), "5-like");
  EXPECT_EQ(breast(0.1, 0.3, 0.6), "4C-like");
  EXPECT_EQ(breast(0.1, 0.7, 0.2), "4B-like");
  EXPECT_EQ(breast(0.1, 0.85, 0.05), "4A-like");
  EXPECT_EQ(breast(0.1, 0.89, 0.01), "3-like");
}

TEST(FollowUp, AdvisesNothingWhereNoLesionWasFound) {
  EXPECT_EQ(breast(0.9, 0.05, 0.05), "");
  EXPECT_EQ(breast(0.6, 0.26, 0.14), "");
}

TEST(FollowUp, PutsHaemorrhageFirst) {
  const engine::Finding found = followed_up("head_ct", reading_of("head_ct", {{"haemorrhage", 0.8}}));
  EXPECT_EQ(category(found), "haemorrhage first");
  EXPECT_EQ(found.urgency, engine::Urgency::emergency);
  EXPECT_NE(found.text.en.find("AHA/ASA guidelines"), std::string::npos);
  EXPECT_NE(found.text.zh.find("溶栓"), std::string::npos);
  EXPECT_EQ(category(followed_up("head_ct", reading_of("head_ct", {{"stroke", 0.9}}))), "");
}

TEST(FollowUp, GoesByAge) {
  const engine::Reading mild = reading_of("cervical_cytology", {{"light_dysplastic", 0.7}});
  EXPECT_EQ(category(followed_up("cervical_cytology", mild, aged(24))), "repeat");
  EXPECT_EQ(category(followed_up("cervical_cytology", mild, aged(25))), "HPV triage");
  EXPECT_EQ(category(followed_up("cervical_cytology", mild)), "HPV triage");
}

Json hpv_test(const std::string& when, const std::string& interpretation) {
  Json test = Json::parse(R"({"resourceType": "Observation", "status": "final",
    "code": {"coding": [{"system": "http://loinc.org", "code": "21440-3"}]},
    "subject": {"reference": "Patient/p1"},
    "interpretation": [{"coding": [{"code": ""}]}]})");
  test["id"] = "hpv-" + when;
  test["effectiveDateTime"] = when;
  test["interpretation"].items()[0]["coding"].items()[0]["code"] = interpretation;
  return test;
}

// By way of the record, as a run of the assistant is given it.
TEST(FollowUp, GoesByTheLastHpvTestInTheRecord) {
  TemporaryFolder folder;
  engine::Node node(folder.path(), {});
  node.put(R"({"resourceType": "Patient", "id": "p1", "birthDate": "1980-01-01"})");
  const engine::Card card = engine::Card::load("cervical_cytology");
  const auto now = [&] {
    const engine::Input input = engine::InputLoader(node.record, node.archive)
                                    .load(card, {card.id, {}, {}, "Patient/p1", {}, {}})
                                    .input;
    return category(followed_up("cervical_cytology",
                                reading_of("cervical_cytology", {{"light_dysplastic", 0.7}}), input));
  };
  EXPECT_EQ(now(), "HPV triage");
  node.put(hpv_test("2026-01-02", "POS"));
  EXPECT_EQ(now(), "HPV positive");
  node.put(hpv_test("2026-03-02", "NEG"));
  EXPECT_EQ(now(), "HPV negative");
  node.put(hpv_test("2026-04-02", "IND"));
  EXPECT_EQ(now(), "HPV triage");
}

TEST(FollowUp, SaysNothingWhereNothingWasRead) {
  engine::Reading reading;
  follow_up("head_ct")({}, reading);
  EXPECT_TRUE(reading.findings.empty());
}

// The categories that the assistant's classifier can come to, whatever it sees of whomever.
std::set<std::string> reachable(const std::string& assistant) {
  const Description network = classifier_of(assistant);
  std::set<std::string> seen;
  std::vector<engine::Input> inputs{aged(20), aged(40), aged(40), aged(40)};
  inputs[2].resources = {hpv_test("2026-01-02", "POS")};
  inputs[3].resources = {hpv_test("2026-01-02", "NEG")};
  const Completion complete = follow_up(assistant);
  for (const Class& one : network.classes)
    for (const Class& rest : network.classes)
      for (const double probability : {0.01, 0.05, 0.3, 0.45, 0.6, 0.8, 0.99})
        for (const engine::Input& input : inputs) {
          engine::Reading reading =
              reading_of(network, {{rest.name, 1 - probability}, {one.name, probability}});
          complete(input, reading);
          if (!reading.findings.empty()) seen.insert(category(reading.findings.front()));
        }
  return seen;
}

TEST(FollowUp, NoRowOfATrainedClassifierIsDead) {
  std::istringstream lines(read_file(resource(kTable)));
  std::map<std::string, std::set<std::string>> wanted;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("#") || line.starts_with("assistant,")) continue;
    std::vector<std::string> cells;
    std::istringstream stream(line);
    for (std::string cell; std::getline(stream, cell, ',');) cells.push_back(cell);
    wanted[cells.at(0)].insert(cells.at(9));
  }
  EXPECT_GE(wanted.size(), 6u);
  for (const auto& [assistant, categories] : wanted) {
    if (!Network(classifier_of(assistant)).is_trained()) continue;
    const std::set<std::string> seen = reachable(assistant);
    for (const std::string& one : categories) EXPECT_TRUE(seen.contains(one)) << assistant << ": " << one;
  }
}

}  // namespace
}  // namespace meridian::assistants::imaging
