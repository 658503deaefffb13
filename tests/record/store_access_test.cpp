#include <gmock/gmock.h>

#include "record/store_fixture.h"

namespace meridian::record {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class StoreAccess : public StoreTest {
 protected:
  void SetUp() override {
    StoreTest::SetUp();
    put(R"({"resourceType":"Organization","id":"a","name":"A"})");
    put(R"({"resourceType":"Patient","id":"p","managingOrganization":{"reference":"Organization/a"}})");
    put(R"({"resourceType":"Observation","id":"o","status":"final","code":{"text":"x"},"subject":{"reference":"Patient/p"}})");
  }
  std::optional<ErrorCode> reading(const Principal& principal, const std::string& type,
                                   const std::string& id) {
    return code_of([&] { record_->read(principal, type, id); });
  }
  std::vector<std::string> seen(const Principal& principal, const std::string& type,
                                const Parameters& parameters = {}) {
    return ids(search_as(principal, type, parameters), "match");
  }

  const Principal of_a_ = clinician("a"), of_b_ = clinician("b");
};

TEST_F(StoreAccess, ShowsAPatientToTheManagingOrganizationOnly) {
  EXPECT_EQ(reading(of_a_, "Observation", "o"), std::nullopt);
  EXPECT_EQ(reading(of_b_, "Observation", "o"), ErrorCode::not_found);
  EXPECT_THAT(seen(of_a_, "Observation"), ElementsAre("o"));
  EXPECT_THAT(seen(of_b_, "Observation"), IsEmpty());
  EXPECT_THAT(seen(of_b_, "Observation", {{"subject", "Patient/p"}}), IsEmpty());
  EXPECT_EQ(search_as(of_b_, "Patient", {{"_summary", "count"}}).get("total").as_int(), 0);
  EXPECT_EQ(code_of([&] { record_->history(of_b_, "Patient", "p", {}); }), ErrorCode::not_found);
  EXPECT_EQ(code_of([&] { record_->read_version(of_b_, "Patient", "p", 1); }), ErrorCode::not_found);
  EXPECT_THAT(record_->find(of_b_, "Patient", {}), IsEmpty());
}

TEST_F(StoreAccess, ShowsWhatBelongsToNoPatientToAll) {
  EXPECT_EQ(reading(of_b_, "Organization", "a"), std::nullopt);
  EXPECT_THAT(seen(of_b_, "Organization"), ElementsAre("a"));
}

TEST_F(StoreAccess, IncludesNothingThatMayNotBeSeen) {
  EXPECT_THAT(ids(search_as(of_b_, "Organization", {{"_revinclude", "Patient:organization"}}), "include"),
              IsEmpty());
  EXPECT_THAT(ids(search_as(of_a_, "Organization", {{"_revinclude", "Patient:organization"}}), "include"),
              ElementsAre("p"));
}

TEST_F(StoreAccess, FollowsTheManagingOrganization) {
  put(R"({"resourceType":"Patient","id":"p","managingOrganization":{"reference":"Organization/b"}})");
  EXPECT_EQ(reading(of_a_, "Patient", "p"), ErrorCode::not_found);
  EXPECT_EQ(reading(of_b_, "Observation", "o"), std::nullopt);
}

TEST_F(StoreAccess, ShowsAPatientToWhoRegisteredThem) {
  const Version version = record_->create(of_b_, Json::parse(R"({"resourceType":"Patient"})"));
  EXPECT_EQ(reading(of_b_, "Patient", version.id), std::nullopt);
  EXPECT_EQ(reading(of_a_, "Patient", version.id), ErrorCode::not_found);
}

TEST_F(StoreAccess, ShowsResidentsTheirOwnRecordOnly) {
  put(R"({"resourceType":"Patient","id":"q","managingOrganization":{"reference":"Organization/a"}})");
  EXPECT_THAT(seen(resident("p"), "Patient"), ElementsAre("p"));
  EXPECT_THAT(seen(resident("p"), "Observation"), ElementsAre("o"));
  EXPECT_EQ(reading(resident("q"), "Observation", "o"), ErrorCode::not_found);
}

TEST_F(StoreAccess, LetsNobodyWriteAboutAPatientNotInTheirCare) {
  const Json observation = Json::parse(
      R"({"resourceType":"Observation","id":"o","status":"final","code":{"text":"y"},"subject":{"reference":"Patient/p"}})");
  EXPECT_EQ(code_of([&] { record_->create(of_b_, observation); }), ErrorCode::forbidden);
  EXPECT_EQ(code_of([&] { record_->update(of_b_, observation); }), ErrorCode::forbidden);
  EXPECT_EQ(code_of([&] { record_->remove(of_b_, "Observation", "o"); }), ErrorCode::not_found);
  EXPECT_EQ(record_->update(of_a_, observation).number, 2);
}

TEST_F(StoreAccess, AsksTheRole) {
  Principal auditor = of_a_, administrator = of_a_;
  auditor.role = trust::Role::auditor;
  administrator.role = trust::Role::administrator;
  EXPECT_EQ(reading(auditor, "Observation", "o"), ErrorCode::forbidden);
  EXPECT_EQ(reading(administrator, "Observation", "o"), ErrorCode::forbidden);
  EXPECT_EQ(code_of([&] { record_->create(resident("p"), Json::parse(R"({"resourceType":"Patient"})")); }),
            ErrorCode::forbidden);
}

TEST_F(StoreAccess, PutsReadsAndRefusalsIntoTheLedger) {
  record_->read(of_a_, "Observation", "o");
  seen(of_a_, "Observation", {{"code", "secret"}});
  EXPECT_TRUE(
      code_of([&] { record_->create(of_b_, Json::parse(R"({"resourceType":"Organization","name":"x"})")); }));
  ledger_->flush();
  const auto entries = ledger_->entries({});
  ASSERT_GE(entries.size(), 3u);
  EXPECT_EQ(entries[0].kind, "fhir.create");
  EXPECT_FALSE(entries[0].success);
  EXPECT_EQ(entries[1].kind, "fhir.search");
  EXPECT_EQ(entries[1].detail.dump().find("secret"), std::string::npos);
  EXPECT_EQ(entries[2].kind, "fhir.read");
  EXPECT_EQ(entries[2].patient, "Patient/p");
}

TEST_F(StoreAccess, PutsRefusalsWithinABatchIntoTheLedger) {
  const Json answers =
      record_->execute(of_a_, Json::parse(R"({"resourceType":"Bundle","type":"batch","entry":[
      {"resource":{"resourceType":"Organization","name":"x"},"request":{"method":"POST","url":"Organization"}},
      {"resource":{"resourceType":"Organization","id":"a"},"request":{"method":"PUT","url":"Organization/a"}},
      {"request":{"method":"DELETE","url":"Organization/a"}},
      {"request":{"method":"GET","url":"AuditEvent/1"}},
      {"request":{"method":"GET","url":"AuditEvent?_count=1"}},
      {"request":{"method":"GET","url":"AuditEvent/_history"}}]})"));
  for (const Json& answer : answers.get("entry").items())
    EXPECT_EQ(answer.text("response.status"), "403") << answer.dump();
  ledger_->flush();
  std::vector<std::string> refusals;
  for (const trust::LedgerEntry& entry : ledger_->entries({}))
    if (!entry.success) refusals.push_back(entry.kind + " " + entry.entity);
  EXPECT_THAT(refusals,
              ::testing::UnorderedElementsAre("fhir.create Organization", "fhir.update Organization/a",
                                              "fhir.delete Organization/a", "fhir.read AuditEvent/1",
                                              "fhir.search AuditEvent", "fhir.history AuditEvent"));
}

TEST_F(StoreAccess, NamesThePatientOfAnEncounterThatIsGivenWhole) {
  put(R"({"resourceType":"Encounter","id":"e","status":"finished","class":{"code":"AMB"},
          "subject":{"reference":"Patient/p"}})");
  record_->operate(of_a_, "everything", {"Encounter", "e"});
  ledger_->flush();
  const auto entries = ledger_->entries({.patient = "Patient/p", .kind = "fhir.search"});
  ASSERT_THAT(entries, SizeIs(1));
  EXPECT_EQ(entries[0].entity, "Encounter/e/$everything");
}

TEST_F(StoreAccess, SaysWhetherPagesOfOtherOriginsAreLetIn) {
  const auto said = [&] {
    return record_->capability_statement().get("rest").at(0).get("security").get("cors");
  };
  EXPECT_EQ(said(), Json(false));
  record_.emplace(*database_, *ledger_, queue_, RecordOptions{.base_url = kBase, .cross_origin = true});
  EXPECT_EQ(said(), Json(true));
}

TEST_F(StoreAccess, LetsAClinicianSendAPatientWithTheirRecord) {
  const Json bundle = Json::parse(R"({"resourceType":"Bundle","type":"transaction","entry":[
    {"fullUrl":"urn:o","request":{"method":"POST","url":"Observation"},"resource":{"resourceType":"Observation",
      "status":"final","code":{"text":"x"},"subject":{"reference":"urn:p"}}},
    {"fullUrl":"urn:p","request":{"method":"POST","url":"Patient"},"resource":{"resourceType":"Patient"}}]})");
  EXPECT_THAT(record_->execute(of_b_, bundle).get("entry").items(), SizeIs(2));
  EXPECT_THAT(seen(of_b_, "Observation"), SizeIs(1));
}

TEST_F(StoreAccess, KeepsUnfinishedResultsFromThePatient) {
  put(R"({"resourceType":"Observation","id":"draft","status":"preliminary","code":{"text":"x"},"subject":{"reference":"Patient/p"}})");
  EXPECT_EQ(reading(of_a_, "Observation", "draft"), std::nullopt);
  EXPECT_EQ(reading(resident("p"), "Observation", "draft"), ErrorCode::not_found);
  EXPECT_THAT(seen(resident("p"), "Observation"), ElementsAre("o"));
  EXPECT_THAT(seen(resident("p"), "Patient", {{"_has:Observation:patient:_id", "draft"}}), IsEmpty());
  EXPECT_THAT(ids(search_as(resident("p"), "Patient", {{"_revinclude", "Observation:patient"}}), "include"),
              ElementsAre("o"));
}

TEST_F(StoreAccess, ShowsThePatientTheFinalVersionButNotTheDraftBefore) {
  put(R"({"resourceType":"Observation","id":"d","status":"preliminary","code":{"text":"x"},"subject":{"reference":"Patient/p"}})");
  put(R"({"resourceType":"Observation","id":"d","status":"final","code":{"text":"y"},"subject":{"reference":"Patient/p"}})");
  EXPECT_EQ(reading(resident("p"), "Observation", "d"), std::nullopt);
  EXPECT_EQ(code_of([&] { record_->read_version(resident("p"), "Observation", "d", 1); }),
            ErrorCode::not_found);
  EXPECT_EQ(record_->read_version(of_a_, "Observation", "d", 1).number, 1);
  const auto versions = [&](const Principal& principal) {
    return Json::parse(record_->history(principal, "Observation", "d", {})).get("entry").size();
  };
  EXPECT_EQ(versions(resident("p")), 1u);
  EXPECT_EQ(versions(of_a_), 2u);
}

TEST_F(StoreAccess, KeepsWhatIsLabelledFromThePatient) {
  put(R"({"resourceType":"Observation","id":"l","status":"cancelled","code":{"text":"x"},"subject":{"reference":"Patient/p"},
    "meta":{"security":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"NOPAT"}]}})");
  EXPECT_EQ(reading(of_a_, "Observation", "l"), std::nullopt);
  EXPECT_EQ(reading(resident("p"), "Observation", "l"), ErrorCode::not_found);
}

TEST_F(StoreAccess, BindsABinaryToItsSecurityContext) {
  put(R"({"resourceType":"Binary","id":"b","contentType":"text/plain","securityContext":{"reference":"Patient/p"},"data":"eA=="})");
  put(R"({"resourceType":"Binary","id":"c","contentType":"text/plain","securityContext":{"reference":"Observation/o"},"data":"eA=="})");
  EXPECT_THAT(seen(of_a_, "Binary"), ElementsAre("b", "c"));
  EXPECT_THAT(seen(resident("p"), "Binary"), ElementsAre("b", "c"));
  EXPECT_THAT(seen(of_b_, "Binary"), IsEmpty());
  EXPECT_THAT(seen(resident("q"), "Binary"), IsEmpty());
  EXPECT_EQ(reading(of_b_, "Binary", "c"), ErrorCode::not_found);
}

TEST_F(StoreAccess, BindsAProvenanceToWhatItIsOf) {
  const Json bundle = Json::parse(R"({"resourceType":"Bundle","type":"transaction","entry":[
    {"request":{"method":"PUT","url":"Provenance/v"},"resource":{"resourceType":"Provenance","id":"v",
      "target":[{"reference":"Observation/n"}],"recorded":"2026-01-01T00:00:00Z","agent":[{"who":{"display":"x"}}]}},
    {"request":{"method":"PUT","url":"Observation/n"},"resource":{"resourceType":"Observation","id":"n",
      "status":"final","code":{"text":"x"},"subject":{"reference":"Patient/p"}}}]})");
  record_->execute(system_, bundle);
  EXPECT_THAT(seen(of_a_, "Provenance"), ElementsAre("v"));
  EXPECT_THAT(seen(resident("p"), "Provenance"), ElementsAre("v"));
  EXPECT_THAT(seen(of_b_, "Provenance"), IsEmpty());
}

TEST_F(StoreAccess, ShowsClinicalContentWithoutPatientToTheOrganizationThatWroteIt) {
  const std::string binary =
      R"({"resourceType":"Binary","id":"own","contentType":"text/plain","data":"eA=="})";
  record_->update(of_a_, Json::parse(binary));
  put(R"({"resourceType":"Binary","id":"own","contentType":"text/plain","data":"eQ=="})");
  EXPECT_THAT(seen(of_a_, "Binary"), ElementsAre("own"));
  EXPECT_THAT(seen(of_b_, "Binary"), IsEmpty());
  EXPECT_THAT(seen(resident("p"), "Binary"), IsEmpty());
  EXPECT_EQ(code_of([&] { record_->update(of_b_, Json::parse(binary)); }), ErrorCode::forbidden);
}

TEST_F(StoreAccess, BindsATaskToThePatientItIsFor) {
  put(R"({"resourceType":"Task","id":"t","status":"requested","intent":"order","for":{"reference":"Patient/p"}})");
  EXPECT_THAT(seen(of_a_, "Task"), ElementsAre("t"));
  EXPECT_THAT(seen(resident("p"), "Task"), ElementsAre("t"));
  EXPECT_THAT(seen(of_b_, "Task"), IsEmpty());
}

TEST_F(StoreAccess, AnswersNoQuestionThroughWhatMayNotBeSeen) {
  put(R"({"resourceType":"Practitioner","id":"d"})");
  put(R"({"resourceType":"Observation","id":"secret","status":"final","code":{"coding":[{"code":"hiv"}]},
    "subject":{"reference":"Patient/p"},"performer":[{"reference":"Practitioner/d"}]})");
  const Parameters asking{{"_has:Observation:performer:code", "hiv"}};
  EXPECT_THAT(seen(of_a_, "Practitioner", asking), ElementsAre("d"));
  EXPECT_THAT(seen(of_b_, "Practitioner", asking), IsEmpty());
  EXPECT_THAT(seen(of_b_, "Organization", {{"_has:Patient:organization:_id", "p"}}), IsEmpty());
}

}  // namespace
}  // namespace meridian::record
