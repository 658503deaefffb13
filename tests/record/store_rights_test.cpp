// What a role may not read of a type answers no question about another.
#include <gmock/gmock.h>

#include <set>

#include "record/store_fixture.h"

namespace meridian::record {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

class StoreRights : public StoreTest {
 protected:
  void SetUp() override {
    StoreTest::SetUp();
    administrator_.role = trust::Role::administrator;
    device_.role = trust::Role::device;
    put(R"({"resourceType":"Organization","id":"a","name":"A"})");
    put(R"({"resourceType":"Patient","id":"p","name":[{"family":"Wang"}],
            "managingOrganization":{"reference":"Organization/a"}})");
    put(R"({"resourceType":"Condition","id":"c","code":{"coding":[{"code":"hiv"}]},
            "subject":{"reference":"Patient/p"}})");
    put(R"({"resourceType":"Observation","id":"o","status":"final","code":{"text":"x"},
            "subject":{"reference":"Patient/p"},"hasMember":[{"reference":"Observation/o"}]})");
    put(R"({"resourceType":"List","id":"l","status":"current","mode":"working",
            "entry":[{"item":{"reference":"Patient/p"}}],"subject":{"reference":"Patient/p"}})");
  }
  std::optional<ErrorCode> refused(const Principal& principal, const std::string& type,
                                   const Parameters& parameters) {
    return code_of([&] { record_->search(principal, type, parameters); });
  }
  std::vector<std::string> included(const Principal& principal, const std::string& type,
                                    const Parameters& parameters) {
    return ids(search_as(principal, type, parameters), "include");
  }

  Principal administrator_ = clinician("a"), device_ = clinician("a");
};

TEST_F(StoreRights, IncludesOnlyTypesThatTheRoleMayRead) {
  EXPECT_THAT(included(administrator_, "Organization", {{"_revinclude", "Patient:organization"}}), IsEmpty());
  EXPECT_THAT(included(device_, "Patient", {{"_revinclude", "Condition:patient"}}), IsEmpty());
  EXPECT_THAT(included(device_, "Patient", {{"_revinclude", "Observation:patient"}}), ElementsAre("o"));
  EXPECT_THAT(included(clinician("a"), "Patient", {{"_revinclude", "Condition:patient"}}), ElementsAre("c"));
}

TEST_F(StoreRights, AsksNothingOfTypesThatTheRoleMayNotRead) {
  EXPECT_EQ(refused(administrator_, "Organization", {{"_has:Patient:organization:family", "Wang"}}),
            ErrorCode::forbidden);
  EXPECT_EQ(refused(device_, "Patient", {{"_has:Condition:patient:code", "hiv"}}), ErrorCode::forbidden);
  EXPECT_EQ(refused(device_, "DiagnosticReport", {{"_filter", "based-on:ServiceRequest.status eq active"}}),
            ErrorCode::forbidden);
  EXPECT_EQ(refused(device_, "Patient", {{"_list", "l"}}), ErrorCode::forbidden);
  EXPECT_EQ(refused(device_, "DiagnosticReport", {{"based-on:ServiceRequest.status", "active"}}),
            ErrorCode::forbidden);
  EXPECT_EQ(refused(device_, "Observation", {{"has-member.code", "x"}}), std::nullopt)
      << "of several types, those that may be read are asked";
  EXPECT_EQ(refused(administrator_, "Location", {{"_has:Encounter:location:status", "planned"}}),
            ErrorCode::forbidden);
}

TEST_F(StoreRights, NothingAboveOrBelowWhatTheRoleMayNotRead) {
  EXPECT_EQ(refused(device_, "Provenance", {{"target:below", "Task/t"}}), ErrorCode::forbidden);
  EXPECT_EQ(refused(device_, "Provenance", {{"target:below", "Encounter/e"}}), std::nullopt);
  EXPECT_EQ(refused(clinician("a"), "Provenance", {{"target:below", "Task/t"}}), std::nullopt);
  EXPECT_EQ(refused(device_, "Provenance", {{"target:below", "Patient/p"}}), ErrorCode::invalid_request)
      << "a Patient is part of no other";
}

TEST_F(StoreRights, ShowsNothingAboveOrBelowThroughWhatMayNotBeSeen) {
  const auto encounter = [&](const std::string& id, const std::string& patient, const std::string& whole) {
    put(R"({"resourceType":"Encounter","id":")" + id + R"(","status":"finished","class":{"code":"AMB"},
            "subject":{"reference":"Patient/)" +
        patient + R"("})" + (whole.empty() ? "" : R"(,"partOf":{"reference":"Encounter/)" + whole + R"("})") +
        "}");
    put(R"({"resourceType":"Observation","id":"in-)" + id + R"(","status":"final","code":{"text":"x"},
            "subject":{"reference":"Patient/p"},"encounter":{"reference":"Encounter/)" +
        id + R"("}})");
  };
  put(R"({"resourceType":"Patient","id":"other","managingOrganization":{"reference":"Organization/b"}})");
  encounter("stay", "p", "");
  encounter("hidden", "other", "stay");
  encounter("visit", "p", "hidden");
  const auto seen = [&](const Principal& principal, const std::string& name, const std::string& value) {
    return ids(search_as(principal, "Observation", {{name, value}}), "match");
  };
  EXPECT_THAT(seen(system_, "encounter:below", "stay"),
              UnorderedElementsAre("in-stay", "in-hidden", "in-visit"));
  EXPECT_THAT(seen(clinician("a"), "encounter:below", "stay"), ElementsAre("in-stay"))
      << "what the hidden one is part of is not told";
  EXPECT_THAT(seen(system_, "encounter:above", "visit"),
              UnorderedElementsAre("in-visit", "in-hidden", "in-stay"));
  EXPECT_THAT(seen(clinician("a"), "encounter:above", "visit"), UnorderedElementsAre("in-visit", "in-hidden"))
      << "what the visit is part of, it says itself";
}

TEST_F(StoreRights, HistoryShowsOnlyTypesThatTheRoleMayRead) {
  const auto types = [&](const Principal& principal) {
    std::set<std::string> types;
    const Json history = Json::parse(record_->history(principal, "", "", {}));
    for (const Json& entry : history.get("entry").items()) types.insert(entry.text("resource.resourceType"));
    return types;
  };
  EXPECT_THAT(types(device_), UnorderedElementsAre("Organization", "Patient", "Observation"));
  EXPECT_THAT(types(clinician("a")),
              UnorderedElementsAre("Organization", "Patient", "Observation", "Condition", "List"));
  EXPECT_THAT(types(administrator_), UnorderedElementsAre("Organization"));
}

TEST_F(StoreRights, ConditionalReferencesLookOnlyAtWhatTheRoleMayRead) {
  const Json bundle = Json::parse(
      R"({"resourceType":"Bundle","type":"transaction","entry":[{"resource":{"resourceType":"Observation",
        "status":"final","code":{"text":"x"},"subject":{"reference":"Patient/p"},
        "basedOn":[{"reference":"ServiceRequest?status=active"}]},"request":{"method":"POST","url":"Observation"}}]})");
  EXPECT_EQ(code_of([&] { record_->execute(device_, bundle); }), ErrorCode::forbidden);
}

}  // namespace
}  // namespace meridian::record
