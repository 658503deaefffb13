// The table of what follows, over the cards that ship.
#include "assistants/imaging/follow_up.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "assistants/imaging/classification.h"
#include "assistants/imaging/conditions.h"
#include "assistants/imaging/measurements.h"
#include "base/error.h"
#include "base/fact_table.h"
#include "engine/input_loader.h"
#include "engine/node.h"
#include "engine/resources.h"

namespace meridian::assistants::imaging {
namespace {

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
  const Json& rules = finding.evidence.get("rules");
  if (!rules.is_array()) return {};
  const std::string name = rules.at(0).text("name");
  return name.substr(name.rfind(": ") + 2);
}

// The names of the facts that are asked for.
std::vector<std::string> asked(const engine::Finding& finding) {
  std::vector<std::string> names;
  const Json& asks = finding.evidence.get("asks");
  if (asks.is_array())
    for (const Json& one : asks.items()) names.push_back(one.text("fact"));
  return names;
}

// What the record holds of these facts, as a person wrote it at that moment.
engine::Input knowing(const std::map<std::string, Json>& facts) {
  engine::Input input;
  for (const auto& [name, value] : facts)
    input.resources.push_back(
        engine::observation_of(engine::case_fact(name), value, input.read_at - std::chrono::minutes(5)));
  return input;
}

Json hours_ago(double hours) {
  return format_instant(now() - std::chrono::duration_cast<std::chrono::microseconds>(
                                    std::chrono::duration<double, std::ratio<3600>>(hours)));
}

// A reading of the assistant's one class, found or not.
engine::Reading reading_of(const engine::Coding& code, bool found) {
  engine::Finding finding;
  finding.code = code;
  finding.positive = found;
  finding.probability = found ? 0.9 : 0.1;
  finding.threshold = 0.5;
  return {{}, {finding}};
}

const engine::Coding kTuberculosis{"http://hl7.org/fhir/sid/icd-10", "A16.2", "Tuberculosis of lung"};
const engine::Coding kRetinopathy{"http://hl7.org/fhir/sid/icd-10", "H36.0", "Diabetic retinopathy"};
const engine::Coding kTumour{"http://hl7.org/fhir/sid/icd-10", "C34.9", "Malignant neoplasm of lung"};

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string breast(double normal, double benign, double malignant, int suspicious = 0) {
  engine::Reading reading =
      reading_of("breast_us", {{"normal", normal}, {"benign", benign}, {"malignant", malignant}});
  if (!reading.findings.empty())
    reading.findings.front().measurements = {
        as_count("suspicious-features", {"features", "特征"}, suspicious)};
  return category(followed_up("breast_us", std::move(reading)));
}

TEST(FollowUp, OfALesionGoesByHowProbablyItIsMalignant) {
  EXPECT_EQ(breast(0.01, 0.02, 0.97), "5-like");
  EXPECT_EQ(breast(0.1, 0.3, 0.6), "4C-like");
  EXPECT_EQ(breast(0.1, 0.7, 0.2), "4B-like");
  EXPECT_EQ(breast(0.1, 0.85, 0.05), "4A-like");
  EXPECT_EQ(breast(0.1, 0.89, 0.01), "3-like");
}

TEST(FollowUp, OfALesionGoesByItsOutlineToo) {
  EXPECT_EQ(breast(0.1, 0.89, 0.01, 1), "4A-like by outline");
  EXPECT_EQ(breast(0.1, 0.85, 0.05, 1), "4A-like");
  EXPECT_EQ(breast(0.1, 0.85, 0.05, 2), "4B-like by outline");
  EXPECT_EQ(breast(0.1, 0.7, 0.2, 3), "4C-like by outline");
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
}

// The window of thrombolysis closes at 4.5 hours, that of thrombectomy at 6, and with selection at 24.
TEST(FollowUp, OfAStrokeGoesByTheHoursSinceItBegan) {
  const engine::Reading nothing = reading_of("head_ct", {});
  for (const auto& [hours, window] : std::map<double, std::string>{{1, "thrombolysis window"},
                                                                   {4.4, "thrombolysis window"},
                                                                   {4.6, "thrombectomy window"},
                                                                   {7, "late window"},
                                                                   {25, "after the windows"}})
    EXPECT_EQ(category(followed_up("head_ct", nothing, knowing({{"stroke_onset", hours_ago(hours)}}))),
              window)
        << hours;
  const engine::Finding urgent = followed_up("head_ct", nothing, knowing({{"stroke_onset", hours_ago(2)}}));
  EXPECT_EQ(urgent.urgency, engine::Urgency::emergency);
  EXPECT_NEAR(urgent.evidence.get("rules").at(1).get("value").as_double(), 2, 0.01);
  const engine::Finding unknown = followed_up("head_ct", nothing);
  EXPECT_EQ(category(unknown), "");
  EXPECT_THAT(asked(unknown), ElementsAre("stroke_onset"));
  EXPECT_THAT(unknown.text.en, HasSubstr("Not known, though it decides what follows: Last seen well"));
  EXPECT_EQ(unknown.urgency, engine::Urgency::none);
  EXPECT_EQ(category(followed_up("head_ct", reading_of("head_ct", {{"haemorrhage", 0.8}}),
                                 knowing({{"stroke_onset", hours_ago(1)}}))),
            "haemorrhage first");
}

TEST(FollowUp, OfTuberculosisGoesByFilmAndSymptoms) {
  const engine::Reading seen = reading_of(kTuberculosis, true), unseen = reading_of(kTuberculosis, false);
  const engine::Input coughing = knowing({{"cough", "yes"}});
  const engine::Input well =
      knowing({{"cough", "no"}, {"fever", "no"}, {"night_sweats", "no"}, {"weight_loss", "no"}});
  EXPECT_EQ(category(followed_up("chest_xray", seen, coughing)), "film and symptoms");
  EXPECT_EQ(category(followed_up("chest_xray", seen, well)), "film alone");
  EXPECT_EQ(category(followed_up("chest_xray", unseen, coughing)), "symptoms alone");
  EXPECT_EQ(followed_up("chest_xray", unseen, coughing).urgency, engine::Urgency::today);
  EXPECT_EQ(category(followed_up("chest_xray", unseen, well)), "screened negative");
  engine::Input with_hiv = well;
  with_hiv.resources.push_back(engine::observation_of(engine::case_fact("hiv"), "positive", now()));
  EXPECT_EQ(category(followed_up("chest_xray", unseen, with_hiv)), "HIV and screened negative");
}

TEST(FollowUp, AsksForTheSymptomsThatAreNotKnown) {
  const engine::Finding unknown = followed_up("chest_xray", reading_of(kTuberculosis, false));
  EXPECT_EQ(category(unknown), "");
  EXPECT_THAT(asked(unknown), ElementsAre("cough", "fever", "night_sweats", "weight_loss"));
  const engine::Finding half = followed_up("chest_xray", reading_of(kTuberculosis, false),
                                           knowing({{"cough", "no"}, {"fever", "no"}}));
  EXPECT_EQ(category(half), "") << "no symptom is assumed to be absent";
  EXPECT_THAT(asked(half), ElementsAre("night_sweats", "weight_loss"));
  const engine::Finding seen = followed_up("chest_xray", reading_of(kTuberculosis, true));
  EXPECT_EQ(category(seen), "film alone");
  EXPECT_THAT(seen.text.zh, HasSubstr("尚不清楚"));
}

// Of somebody of 60 with neither cancer nor immunosuppression, unless the facts say otherwise.
std::string nodule(std::map<std::string, Json> facts, const std::string& reason = "other") {
  facts.emplace("ct_for", reason);
  for (const char* exclusion : {"known_cancer", "immunosuppressed"}) facts.emplace(exclusion, "no");
  facts.emplace("age", 60);
  return category(followed_up("lung_ct", reading_of(kTumour, false), knowing(facts)));
}

TEST(FollowUp, OfNodulesGoesBySizeCountKindAndRisk) {
  using Facts = std::map<std::string, Json>;
  const auto solid = [](double mm, const char* count, const char* risk) {
    return Facts{
        {"nodule_kind", "solid"}, {"nodule_mm", mm}, {"nodule_count", count}, {"lung_cancer_risk", risk}};
  };
  EXPECT_EQ(nodule(solid(5.4, "one", "low")), "solid below 6 mm at low risk");
  EXPECT_EQ(nodule(solid(5.4, "several", "high")), "solid below 6 mm at high risk");
  EXPECT_EQ(nodule(solid(5.5, "one", "low")), "one solid of 6 to 8 mm at low risk") << "6 mm when rounded";
  EXPECT_EQ(nodule(solid(8.4, "one", "high")), "one solid of 6 to 8 mm at high risk") << "8 mm when rounded";
  EXPECT_EQ(nodule(solid(8.5, "one", "low")), "one solid above 8 mm");
  EXPECT_EQ(nodule(solid(9, "several", "low")), "several solid of 6 mm or more at low risk");
  EXPECT_EQ(nodule(solid(6, "several", "high")), "several solid of 6 mm or more at high risk");
  const auto subsolid = [](double mm, double part, const char* count, const char* kind) {
    return Facts{
        {"nodule_kind", kind}, {"nodule_mm", mm}, {"nodule_solid_mm", part}, {"nodule_count", count}};
  };
  EXPECT_EQ(nodule(subsolid(5, 0, "one", "ground_glass")), "one subsolid below 6 mm");
  EXPECT_EQ(nodule(subsolid(6, 0, "one", "ground_glass")), "one ground glass of 6 mm or more");
  EXPECT_EQ(nodule(subsolid(9, 5, "one", "part_solid")), "one part-solid with a solid part below 6 mm");
  EXPECT_EQ(nodule(subsolid(9, 6, "one", "part_solid")), "one part-solid with a solid part of 6 mm or more");
  EXPECT_EQ(nodule(subsolid(5, 0, "several", "ground_glass")), "several subsolid below 6 mm");
  EXPECT_EQ(nodule(subsolid(7, 2, "several", "part_solid")), "several subsolid of 6 mm or more");
  EXPECT_EQ(nodule({{"nodule_count", "none"}}), "no nodule");
}

TEST(FollowUp, OfNodulesAsksForWhatExcludesTheAdvice) {
  const std::map<std::string, Json> small{{"ct_for", "other"}, {"nodule_kind", "solid"},
                                          {"nodule_mm", 4},    {"nodule_count", "one"},
                                          {"age", 60},         {"lung_cancer_risk", "low"}};
  const engine::Finding unknown = followed_up("lung_ct", reading_of(kTumour, false), knowing(small));
  EXPECT_EQ(category(unknown), "") << "nobody is told that nothing follows before these are known";
  EXPECT_THAT(asked(unknown), ElementsAre("known_cancer", "immunosuppressed"));
  const auto with = [&](const char* fact, Json value) {
    std::map<std::string, Json> facts = small;
    facts[fact] = std::move(value);
    return nodule(facts);
  };
  EXPECT_EQ(with("known_cancer", "yes"), "cancer or immunosuppression");
  EXPECT_EQ(with("immunosuppressed", "yes"), "cancer or immunosuppression");
  EXPECT_EQ(with("age", 34), "younger than 35");
  engine::Input ageless = knowing(small);
  std::erase_if(ageless.resources, [](const Json& one) { return one.text("code.coding.code") == "30525-0"; });
  EXPECT_THAT(asked(followed_up("lung_ct", reading_of(kTumour, false), ageless)),
              ElementsAre("age", "known_cancer", "immunosuppressed"));
}

TEST(FollowUp, OfNodulesFoundByScreeningGoesByLungRads) {
  const auto screened = [](const char* kind, double mm, double part = 0, const char* change = "baseline") {
    return nodule({{"nodule_count", "one"},
                   {"nodule_kind", kind},
                   {"nodule_mm", mm},
                   {"nodule_solid_mm", part},
                   {"nodule_change", change}},
                  "screening");
  };
  EXPECT_EQ(screened("solid", 5), "category 2");
  EXPECT_EQ(screened("solid", 6), "category 3");
  EXPECT_EQ(screened("solid", 8), "category 4A");
  EXPECT_EQ(screened("solid", 15), "category 4B");
  EXPECT_EQ(screened("part_solid", 5, 2), "category 2");
  EXPECT_EQ(screened("part_solid", 9, 5), "category 3");
  EXPECT_EQ(screened("part_solid", 9, 7), "category 4A");
  EXPECT_EQ(screened("part_solid", 9, 8), "category 4B");
  EXPECT_EQ(screened("ground_glass", 29), "category 2");
  EXPECT_EQ(screened("ground_glass", 30), "category 3");
  EXPECT_EQ(screened("solid", 3.9, 0, "new"), "category 2");
  EXPECT_EQ(screened("solid", 4, 0, "new"), "category 3");
  EXPECT_EQ(screened("solid", 6, 0, "new"), "category 4A");
  EXPECT_EQ(screened("solid", 8, 0, "new"), "category 4B");
  EXPECT_EQ(screened("solid", 5, 0, "growing"), "category 4A");
  EXPECT_EQ(screened("solid", 8, 0, "growing"), "category 4B");
  EXPECT_EQ(screened("solid", 7, 0, "stable"), "category 3") << "what it was before is not known";
  EXPECT_EQ(screened("solid", 9, 0, "stable"), "category 4A");
  EXPECT_EQ(screened("part_solid", 9, 3, "stable"), "category 3");
  EXPECT_EQ(screened("part_solid", 9, 7, "stable"), "category 4A");
  EXPECT_EQ(screened("part_solid", 5, 4, "new"), "category 3");
  EXPECT_EQ(screened("part_solid", 9, 3, "new"), "category 4A");
  EXPECT_EQ(screened("part_solid", 9, 4, "growing"), "category 4B");
  EXPECT_EQ(screened("ground_glass", 31, 0, "stable"), "category 2");
}

TEST(FollowUp, OfNodulesAsksOneFactAfterTheOther) {
  EXPECT_THAT(asked(followed_up("lung_ct", reading_of(kTumour, false))), ElementsAre("ct_for"));
  EXPECT_THAT(asked(followed_up("lung_ct", reading_of(kTumour, false), knowing({{"ct_for", "screening"}}))),
              ElementsAre("nodule_count", "nodule_kind"));
}

TEST(FollowUp, OfRetinopathyGoesByItsGrade) {
  const auto graded = [](bool found, std::map<std::string, Json> facts) {
    facts.emplace("macular_oedema", "no");
    return category(followed_up("fundus_dr", reading_of(kRetinopathy, found), knowing(facts)));
  };
  EXPECT_EQ(graded(true, {{"dr_grade", "proliferative"}}), "proliferative");
  EXPECT_EQ(graded(false, {{"dr_grade", "severe"}}), "severe");
  EXPECT_EQ(graded(true, {{"dr_grade", "moderate"}}), "moderate");
  EXPECT_EQ(graded(true, {{"dr_grade", "mild"}}), "referral");
  EXPECT_EQ(graded(false, {{"dr_grade", "mild"}}), "mild");
  EXPECT_EQ(graded(false, {{"dr_grade", "none"}}), "screening again");
  EXPECT_EQ(graded(true, {}), "referral");
  EXPECT_EQ(graded(false, {{"macular_oedema", "centre"}}), "oedema of the centre");
  EXPECT_EQ(graded(false, {{"macular_oedema", "outside_centre"}, {"dr_grade", "mild"}}),
            "oedema outside the centre");
}

// What is old is not known: a cough of last year says nothing of today.
TEST(FollowUp, ForgetsWhatWasRecordedTooLongAgo) {
  engine::Input input;
  input.encounter = "Encounter/c";
  const auto coughing = [](int days) {
    Json cough = engine::observation_of(engine::case_fact("cough"), "yes", now() - std::chrono::days(days));
    cough["encounter"] = engine::reference("Encounter/c");
    return cough;
  };
  input.resources = {coughing(40)};
  EXPECT_EQ(category(followed_up("chest_xray", reading_of(kTuberculosis, false), input)), "");
  input.resources = {coughing(20)};
  EXPECT_EQ(category(followed_up("chest_xray", reading_of(kTuberculosis, false), input)), "symptoms alone");
  input.resources.front()["status"] = "entered-in-error";
  EXPECT_EQ(category(followed_up("chest_xray", reading_of(kTuberculosis, false), input)), "");
}

// What was seen on earlier pictures says nothing of these; what is of the patient does.
TEST(FollowUp, GoesByWhatIsRecordedInTheCase) {
  const auto said = [](const char* fact, const char* value, const char* encounter, int days = 3) {
    Json observation =
        engine::observation_of(engine::case_fact(fact), value, now() - std::chrono::days(days));
    if (*encounter != '\0') observation["encounter"] = engine::reference(encounter);
    return observation;
  };
  const auto graded = [&](const Json& grade) {
    engine::Input input;
    input.encounter = "Encounter/now";
    input.resources = {grade};
    return category(followed_up("fundus_dr", reading_of(kRetinopathy, false), input));
  };
  EXPECT_EQ(graded(said("dr_grade", "severe", "Encounter/now")), "severe");
  EXPECT_EQ(graded(said("dr_grade", "severe", "Encounter/before")), "screening again");
  EXPECT_EQ(graded(said("dr_grade", "severe", "")), "screening again") << "of before the picture";
  EXPECT_EQ(graded(said("dr_grade", "severe", "", 0)), "severe");
  engine::Input input =
      knowing({{"cough", "no"}, {"fever", "no"}, {"night_sweats", "no"}, {"weight_loss", "no"}});
  input.encounter = "Encounter/now";
  input.resources.push_back(said("hiv", "positive", "Encounter/before", 900));
  EXPECT_EQ(category(followed_up("chest_xray", reading_of(kTuberculosis, false), input)),
            "HIV and screened negative");
}

TEST(FollowUp, PassesOverWhatIsDatedInTheFuture) {
  const auto coughing = [](const std::string& when) {
    engine::Input input =
        knowing({{"cough", "no"}, {"fever", "no"}, {"night_sweats", "no"}, {"weight_loss", "no"}});
    input.resources.push_back(engine::observation_of(engine::case_fact("cough"), "yes", now()));
    input.resources.back()["effectiveDateTime"] = when;
    return category(followed_up("chest_xray", reading_of(kTuberculosis, false), input));
  };
  EXPECT_EQ(coughing(format_instant(now() + std::chrono::hours(3))), "screened negative");
  EXPECT_EQ(coughing(format_instant(now() + std::chrono::days(3)).substr(0, 10)), "screened negative");
  EXPECT_EQ(coughing(format_instant(now())), "symptoms alone");
  EXPECT_EQ(coughing(format_instant(now() + std::chrono::hours(10)).substr(0, 10)), "symptoms alone")
      << "today in the east";
}

// Noon of a date would invent hours.
TEST(FollowUp, OfAStrokeNeedsATimeOfDay) {
  engine::Input input;
  input.resources = {engine::observation_of(engine::case_fact("stroke_onset"), hours_ago(2), now())};
  input.resources.front()["valueDateTime"] = format_instant(now()).substr(0, 10);
  const engine::Finding unknown = followed_up("head_ct", reading_of("head_ct", {}), input);
  EXPECT_EQ(category(unknown), "");
  EXPECT_THAT(asked(unknown), ElementsAre("stroke_onset"));
  EXPECT_THROW(engine::observation_of(engine::case_fact("stroke_onset"), "2026-01-02", now()), Error);
}

// Yes, true, positive and detected mean one thing, of symptoms as of tests.
TEST(FollowUp, UnderstandsAnswersHoweverTheyAreWritten) {
  const auto answered = [](const char* fact, const char* member, const char* json) {
    engine::Input input;
    input.resources = {engine::observation_of(engine::case_fact(fact),
                                              engine::case_fact(fact).options.front().value, now())};
    input.resources.front().erase("valueCodeableConcept");
    input.resources.front()[member] = Json::parse(json);
    const auto value = engine::recorded_value(engine::case_fact(fact), input);
    return value ? std::get<std::string>(*value) : "";
  };
  EXPECT_EQ(answered("hpv", "valueBoolean", "true"), "positive");
  EXPECT_EQ(answered("hpv", "valueBoolean", "false"), "negative");
  EXPECT_EQ(answered("cough", "valueBoolean", "false"), "no");
  EXPECT_EQ(answered("dr_grade", "valueBoolean", "true"), "") << "no grade is meant";
  for (const char* yes :
       {R"({"coding": [{"code": "POS"}]})", R"({"coding": [{"code": "LA33-6"}]})",
        R"({"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v2-0136", "code": "Y"}]})"}) {
    EXPECT_EQ(answered("cough", "valueCodeableConcept", yes), "yes") << yes;
    EXPECT_EQ(answered("hpv", "valueCodeableConcept", yes), "positive") << yes;
  }
  EXPECT_EQ(answered("cough", "interpretation", R"([{"coding": [{"code": "NEG"}]}])"), "no");
  EXPECT_EQ(answered("hiv", "interpretation", R"([{"coding": [{"code": "N"}]}])"), "") << "N is normal there";
}

TEST(FollowUp, TakesAConditionForASymptom) {
  engine::Input input;
  input.resources = {Json::parse(R"({"resourceType": "Condition", "code": {"coding": [
      {"system": "http://hl7.org/fhir/sid/icd-10", "code": "R61"}]}})")};
  input.resources.front()["recordedDate"] = format_instant(now());
  EXPECT_EQ(category(followed_up("chest_xray", reading_of(kTuberculosis, false), input)), "symptoms alone");
  input.resources.front()["verificationStatus"] = Json::parse(R"({"coding": [{"code": "refuted"}]})");
  EXPECT_EQ(category(followed_up("chest_xray", reading_of(kTuberculosis, false), input)), "");
}

TEST(FollowUp, GoesByAge) {
  const engine::Reading mild = reading_of("cervical_cytology", {{"light_dysplastic", 0.7}});
  EXPECT_EQ(category(followed_up("cervical_cytology", mild, aged(24))), "repeat");
  EXPECT_EQ(category(followed_up("cervical_cytology", mild, aged(25))), "25 or older");
  const engine::Finding ageless = followed_up("cervical_cytology", mild);
  EXPECT_EQ(category(ageless), "");
  EXPECT_THAT(asked(ageless), ElementsAre("age"));
  EXPECT_EQ(category(followed_up("cervical_cytology", mild, knowing({{"age", 24}}))), "repeat");
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
  const auto days_ago = [](int days) {
    return format_instant(meridian::now() - std::chrono::days(days)).substr(0, 10);
  };
  EXPECT_EQ(now(), "25 or older");
  node.put(hpv_test(days_ago(800), "NEG"));
  EXPECT_EQ(now(), "25 or older") << "not of this round of screening";
  node.put(hpv_test(days_ago(90), "POS"));
  EXPECT_EQ(now(), "HPV positive");
  node.put(hpv_test(days_ago(60), "NEG"));
  EXPECT_EQ(now(), "HPV negative");
  node.put(hpv_test(days_ago(30), "IND"));
  EXPECT_EQ(now(), "25 or older");
}

TEST(FollowUp, GoesByTheTypeOfThePapillomavirus) {
  const auto said = [](const char* name, double probability, std::map<std::string, Json> facts) {
    engine::Input input = knowing(facts);
    input.subject.age_years = 40;
    return category(
        followed_up("cervical_cytology", reading_of("cervical_cytology", {{name, probability}}), input));
  };
  EXPECT_EQ(said("light_dysplastic", 0.7, {{"hpv", "positive"}, {"hpv_16", "positive"}}), "HPV 16 or 18");
  EXPECT_EQ(said("light_dysplastic", 0.7, {{"hpv_18", "positive"}}), "HPV 16 or 18") << "its type says it";
  EXPECT_EQ(said("normal_columnar", 0.9, {{"hpv_16", "positive"}}), "HPV 16 or 18 with a normal cell");
  engine::Input negative = knowing({{"hpv", "negative"}});
  negative.subject.age_years = 40;
  EXPECT_THAT(asked(followed_up("cervical_cytology",
                                reading_of("cervical_cytology", {{"light_dysplastic", 0.7}}), negative)),
              ElementsAre())
      << "no type is asked for where there is no virus";
  EXPECT_EQ(
      said("light_dysplastic", 0.7, {{"hpv", "positive"}, {"hpv_16", "negative"}, {"hpv_18", "negative"}}),
      "HPV positive");
  EXPECT_EQ(said("normal_columnar", 0.9, {{"hpv", "positive"}, {"hpv_18", "positive"}}),
            "HPV 16 or 18 with a normal cell");
  EXPECT_EQ(said("normal_columnar", 0.9, {{"hpv", "positive"}}), "HPV positive with a normal cell");
  EXPECT_EQ(said("normal_columnar", 0.9, {{"hpv", "negative"}}), "") << "one normal cell clears nobody";
}

TEST(FollowUp, SaysNothingWhereNothingWasRead) {
  engine::Reading reading;
  follow_up("head_ct")({}, reading);
  EXPECT_TRUE(reading.findings.empty());
}

TEST(FollowUp, RefusesATableThatIsWrong) {
  for (const auto& cells : read_fact_table("imaging_follow_up.csv", 11)) EXPECT_NO_THROW(follow_up(cells[0]));
  EXPECT_THROW(Condition::parse_all("hpv=perhaps"), Error);
  EXPECT_THROW(Condition::parse_all("hpv<3"), Error);
  EXPECT_THROW(Condition::parse_all("age<old"), Error);
  EXPECT_THROW(Condition::parse_all("age"), Error);
  EXPECT_THROW(Condition::parse_all("weather=fine"), Error);
}

// Each fact that an assistant's rows name is asked of the record by its card.
TEST(FollowUp, CardsAskForTheFactsOfTheirRows) {
  for (const auto& cells : read_fact_table("imaging_follow_up.csv", 11)) {
    const std::string searches = engine::Card::load(cells[0]).whole.get("inputs.resources").dump();
    for (const Condition& condition : Condition::parse_all(cells[5]))
      for (const engine::CaseFact* fact : unknown_parts(condition.fact(), {}))
        for (const std::string& code : fact->codes)
          EXPECT_THAT(searches, HasSubstr(code)) << cells[0] << ": " << fact->name;
  }
}

// The categories that the assistant's classifier can come to, whatever it sees of whomever.
std::set<std::string> reachable(const std::string& assistant) {
  const Description network = classifier_of(assistant);
  std::set<std::string> seen;
  std::vector<engine::Input> inputs{aged(20), aged(40), aged(40), aged(40)};
  inputs[2].resources = {hpv_test(format_instant(now()), "POS")};
  inputs[3].resources = {hpv_test(format_instant(now()), "NEG")};
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

// Of the rows that no fact decides.
TEST(FollowUp, NoRowOfATrainedClassifierIsDead) {
  std::map<std::string, std::set<std::string>> wanted;
  for (const auto& cells : read_fact_table("imaging_follow_up.csv", 11))
    if (cells[5].empty() && engine::Card::load(cells[0]).whole.contains("imaging"))
      wanted[cells[0]].insert(cells[7]);
  EXPECT_GE(wanted.size(), 6u);
  for (const auto& [assistant, categories] : wanted) {
    if (!Network(classifier_of(assistant)).is_trained()) continue;
    const std::set<std::string> seen = reachable(assistant);
    for (const std::string& one : categories) EXPECT_TRUE(seen.contains(one)) << assistant << ": " << one;
  }
}

}  // namespace
}  // namespace meridian::assistants::imaging
