// Facts of a case that decide what follows from a reading: asked for on the case page, given over HTTP, said
// in the draft.
#include "assistants/imaging/follow_up.h"
#include "doors/http_node_fixture.h"
#include "engine/case_facts.h"
#include "engine/node.h"
#include "vision/picture.h"

namespace meridian::doors::http {
namespace {

using ::testing::HasSubstr;

constexpr const char* kJson = "Content-Type: application/json\r\n";

// The card of an assistant that ships, which finds nothing on any picture, and what follows from that.
std::unique_ptr<engine::Assistant> seeing_nothing(const std::string& id) {
  Json whole = engine::Card::load(id).whole;
  const Json code = whole.get("outputs.findings.code");
  whole.erase("models");
  whole.erase("imaging");
  whole.erase("on_by_default");
  whole["inputs"]["kind"] = "image";
  if (id == "lung_ct") whole["triggers"] = Json::parse(R"([{"on": "instance", "modalities": ["CT"]}])");
  return std::make_unique<engine::ScriptedAssistant>(
      engine::Card::parse(whole),
      [code, follow = assistants::imaging::follow_up(id)](const engine::Input& input) {
        engine::Finding finding;
        finding.code = {code.text("system"), code.text("code"), code.text("display")};
        finding.positive = false;
        finding.probability = 0.1;
        finding.text = {"Nothing was found.", "未见异常。"};
        engine::Reading reading{{}, {finding}};
        follow(input, reading);
        return reading;
      });
}

HttpNodeParts seeing_nothing_at_all() {
  HttpNodeParts parts;
  for (const char* id : {"chest_xray", "lung_ct"}) parts.assistants.push_back(seeing_nothing(id));
  return parts;
}

class HttpFactsTest : public HttpNodeTest {
 protected:
  HttpFactsTest() : HttpNodeTest(seeing_nothing_at_all()) { care_.listen_to(runner_); }

  Json page(const std::string& id) {
    while (runner_.run_one()) {
    }
    return get("/care/cases/" + id).json();
  }
  Json finding(const std::string& id) { return page(id).get("drafts").at(0).get("findings").at(0); }
  // of_what: headers that say what the picture shows; none: a film of the chest.
  std::string case_with_film(const std::string& of_what = {}) {
    const std::string patient = create_patient();
    const std::string id =
        post("/care/cases", R"({"patient":"Patient/)" + patient + R"(","reason":"","priority":"routine"})",
             kJson)
            .json()
            .text("case.id");
    const vision::ColourImage grey{64, 64, std::vector<std::uint8_t>(64 * 64 * 3, 128), {}};
    EXPECT_EQ(post("/care/cases/" + id + "/recordings", vision::encode_png(grey),
                   "Content-Type: image/png\r\nX-File-Name: film.png\r\n" + of_what)
                  .status,
              202);
    return id;
  }
  HttpAnswer say(const std::string& id, const std::string& fact, const Json& value) {
    return post("/care/cases/" + id + "/facts", Json::object({{"fact", fact}, {"value", value}}).dump(),
                kJson);
  }

  engine::Runner runner_{record_, queue_, registry_, archive_};
};

TEST_F(HttpFactsTest, AreAskedForAndSaidInTheDraftOnceKnown) {
  const std::string id = case_with_film();
  const Json unknown = finding(id);
  EXPECT_EQ(unknown.get("evidence.asks").size(), 4u) << unknown.dump_pretty();
  EXPECT_EQ(unknown.text("evidence.asks.fact"), "cough");
  EXPECT_EQ(unknown.text("evidence.asks.text.zh"), "咳嗽");
  EXPECT_EQ(unknown.get("evidence.asks").at(0).get("values").at(1).text("value"), "yes");
  EXPECT_THAT(unknown.text("text.en"), HasSubstr("Not known, though it decides what follows"));
  EXPECT_EQ(say(id, "cough", "yes").status, 201);
  const Json known = finding(id);
  EXPECT_THAT(known.text("text.en"), HasSubstr("although the film does not suggest it (WHO"));
  EXPECT_EQ(known.text("urgency"), "today");
  EXPECT_TRUE(known.get("evidence.asks").is_null());
  EXPECT_EQ(page(id).text("urgency"), "today") << "symptoms raise the case although the film shows nothing";
  EXPECT_EQ(page(id).get("drafts").size(), 1u) << "the draft was made again, not a second one";
  const Json observation =
      get("/fhir/Observation?code=http://hl7.org/fhir/sid/icd-10|R05").json().get("entry.resource");
  EXPECT_EQ(observation.text("status"), "final");
  EXPECT_EQ(observation.text("encounter.reference"), "Encounter/" + id);
  EXPECT_EQ(observation.text("performer.reference"), "Practitioner/wang");
}

// A laboratory's result, or whatever else comes by FHIR, is heard as well.
TEST_F(HttpFactsTest, AreHeardFromTheRecord) {
  const std::string id = case_with_film();
  const std::string patient = page(id).text("patient.id");
  Json cough = Json::parse(R"({"resourceType":"Observation","status":"final","valueBoolean":true,
    "code":{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10","code":"R05"}]}})");
  cough["subject"] = Json::object({{"reference", "Patient/" + patient}});
  cough["effectiveDateTime"] = format_instant(now());
  EXPECT_EQ(post("/fhir/Observation", cough.dump()).status, 201);
  EXPECT_THAT(finding(id).text("text.en"), HasSubstr("although the film does not suggest it"));
}

TEST_F(HttpFactsTest, OfANoduleLeadToItsFollowUp) {
  const std::string id = case_with_film("X-Modality: CT\r\nX-Body-Part: CHEST\r\n");
  EXPECT_EQ(finding(id).text("evidence.asks.fact"), "ct_for");
  for (const auto& [fact, value] : std::vector<std::pair<std::string, Json>>{{"ct_for", "other"},
                                                                             {"nodule_count", "one"},
                                                                             {"nodule_kind", "solid"},
                                                                             {"nodule_mm", 7.5},
                                                                             {"lung_cancer_risk", "high"},
                                                                             {"known_cancer", "no"},
                                                                             {"immunosuppressed", "no"},
                                                                             {"age", 61}})
    EXPECT_EQ(say(id, fact, value).status, 201) << fact;
  EXPECT_THAT(finding(id).text("text.en"),
              HasSubstr("CT at 6 to 12 months; then CT at 18 to 24 months (Fleischner"));
}

TEST_F(HttpFactsTest, RefusesWhatIsNoValueAndWhoMayNot) {
  const std::string id = case_with_film();
  EXPECT_EQ(say(id, "cough", "perhaps").status, 422);
  EXPECT_EQ(say(id, "cough", true).status, 422);
  EXPECT_EQ(say(id, "nodule_mm", "seven").status, 422);
  EXPECT_EQ(say(id, "nodule_mm", -1).status, 422);
  EXPECT_EQ(say(id, "stroke_onset", "2999-01-01T00:00:00Z").status, 422);
  EXPECT_EQ(say(id, "stroke_onset", "2026-01-02").status, 422) << "without its time";
  EXPECT_EQ(say(id, "age", 400).status, 422);
  EXPECT_EQ(say(id, "suspicious_features", 2).status, 422);
  EXPECT_EQ(say(id, "weather", "fine").status, 404);
  EXPECT_EQ(say("none", "cough", "yes").status, 404);
  sign_in("zhao");
  EXPECT_EQ(say(id, "cough", "yes").status, 404) << "a case of another clinic";
  sign_in("lin");
  EXPECT_EQ(say(id, "cough", "yes").status, 403);
}

TEST_F(HttpFactsTest, OfASignedCaseStandAsTheyWere) {
  const std::string id = case_with_film();
  page(id);
  ASSERT_EQ(post("/care/cases/" + id + "/sign", R"({"text":"No tuberculosis.","accepted":[]})", kJson).status,
            200);
  EXPECT_EQ(say(id, "cough", "yes").status, 409);
}

}  // namespace
}  // namespace meridian::doors::http
