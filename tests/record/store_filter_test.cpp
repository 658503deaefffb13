// The parameter _filter, searches across types, and the operations that give a patient's record.
#include <gmock/gmock.h>

#include "record/store_fixture.h"

namespace meridian::record {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

class StoreFilter : public StoreTest {
 protected:
  void SetUp() override {
    StoreTest::SetUp();
    patient("wang", "Wang", "1950-05-05", "male");
    patient("li", "Li", "1980-08-08", "female");
    patient("wangmei", "Wang-Mei", "1990-01-01", "female");
    observation("o1", "Patient/wang", "2020-03-01");
    observation("o2", "Patient/li", "2021-03-01");
  }
  void patient(const std::string& id, const std::string& family, const std::string& born,
               const std::string& gender) {
    put(R"({"resourceType":"Patient","id":")" + id + R"(","name":[{"family":")" + family +
        R"("}],"birthDate":")" + born + R"(","gender":")" + gender + R"("})");
  }
  void observation(const std::string& id, const std::string& subject, const std::string& date) {
    put(R"({"resourceType":"Observation","id":")" + id + R"(","status":"final","code":{"coding":[
            {"system":"urn:c","code":"w","display":"Weight"}]},"subject":{"reference":")" +
        subject + R"("},"effectiveDateTime":")" + date + R"(","valueQuantity":{"value":70,"unit":"kg"}})");
  }
  std::vector<std::string> filtered(const std::string& type, const std::string& filter) {
    return found(type, {{"_filter", filter}});
  }
};

TEST_F(StoreFilter, ComparesStrings) {
  EXPECT_THAT(filtered("Patient", "family eq wang"), ElementsAre("wang"));
  EXPECT_THAT(filtered("Patient", "family ne wang"), UnorderedElementsAre("li", "wangmei"));
  EXPECT_THAT(filtered("Patient", "family co \"ang\""), UnorderedElementsAre("wang", "wangmei"));
  EXPECT_THAT(filtered("Patient", "family sw wang"), UnorderedElementsAre("wang", "wangmei"));
  EXPECT_THAT(filtered("Patient", "family ew mei"), ElementsAre("wangmei"));
}

TEST_F(StoreFilter, ComparesWhatIsOrdered) {
  EXPECT_THAT(filtered("Patient", "birthdate lt 1980-08-08"), ElementsAre("wang"));
  EXPECT_THAT(filtered("Patient", "birthdate ge 1980-08-08"), UnorderedElementsAre("li", "wangmei"));
  EXPECT_THAT(filtered("Patient", "birthdate ne 1990"), UnorderedElementsAre("wang", "li"));
  EXPECT_THAT(filtered("Observation", "date po 2020-03"), ElementsAre("o1"));
  EXPECT_THAT(filtered("Observation", "value-quantity gt 69"), SizeIs(2));
}

TEST_F(StoreFilter, ComparesCodesReferencesAndPresence) {
  EXPECT_THAT(filtered("Patient", "gender eq female"), UnorderedElementsAre("li", "wangmei"));
  EXPECT_THAT(filtered("Observation", "code eq urn:c|w"), SizeIs(2));
  EXPECT_THAT(filtered("Observation", "code co weig"), SizeIs(2));
  EXPECT_THAT(filtered("Patient", "gender in http://hl7.org/fhir/ValueSet/administrative-gender"), SizeIs(3));
  EXPECT_THAT(filtered("Observation", "subject re Patient/li"), ElementsAre("o2"));
  EXPECT_THAT(filtered("Observation", "subject.family eq li"), ElementsAre("o2"));
  EXPECT_THAT(filtered("Observation", "subject:Patient.gender eq male"), ElementsAre("o1"));
  EXPECT_THAT(filtered("Patient", "address pr true"), IsEmpty());
  EXPECT_THAT(filtered("Patient", "address pr false"), SizeIs(3));
  EXPECT_THAT(filtered("Patient", "_id eq li"), ElementsAre("li"));
}

TEST_F(StoreFilter, CombinesConditions) {
  EXPECT_THAT(filtered("Patient", "family sw wang and gender eq female"), ElementsAre("wangmei"));
  EXPECT_THAT(filtered("Patient", "family eq li or family sw wang and gender eq female"),
              UnorderedElementsAre("li", "wangmei"))
      << "and binds tighter";
  EXPECT_THAT(filtered("Patient", "(family eq li or family sw wang) and gender eq male"),
              ElementsAre("wang"));
  EXPECT_THAT(filtered("Patient", "not (gender eq male) and not(family eq li)"), ElementsAre("wangmei"));
  EXPECT_THAT(found("Patient", {{"_filter", "gender eq female"}, {"family", "li"}}), ElementsAre("li"));
}

TEST_F(StoreFilter, RefusesWhatIsNoFilter) {
  for (const char* wrong :
       {"family", "family eq", "eq", "family like x", "family eq li and", "(family eq li", "family eq li)",
        "not family eq li", "family eq \"li", "colour eq red", "gender gt male", "birthdate pr maybe", "()"})
    EXPECT_EQ(code_of([&] { filtered("Patient", wrong); }), ErrorCode::invalid_request) << wrong;
  EXPECT_EQ(code_of([&] { filtered("Patient", "birthdate ge soon"); }), ErrorCode::invalid_value);
}

TEST_F(StoreFilter, IsBounded) {
  const auto code = [&](const std::string& filter) { return code_of([&] { filtered("Patient", filter); }); };
  EXPECT_EQ(code(std::string(30, '(') + "family eq li" + std::string(30, ')')), ErrorCode::invalid_request);
  std::string many = "family eq a";
  for (int i = 0; i < 60; ++i) many += " or family eq a";
  EXPECT_EQ(code(many), ErrorCode::invalid_request);
  EXPECT_EQ(code("family eq " + std::string(5000, 'a')), ErrorCode::invalid_request);
}

TEST_F(StoreFilter, RevealsNothingThatTheAskerMayNotSee) {
  const Json bundle = search_as(clinician("other"), "Observation", {{"_filter", "subject.family eq li"}});
  EXPECT_THAT(ids(bundle, "match"), IsEmpty());
}

TEST_F(StoreFilter, SearchesAcrossTypes) {
  put(R"({"resourceType":"Organization","id":"org","name":"East"})");
  EXPECT_THAT(found("", {{"_type", "Patient,Organization"}}),
              UnorderedElementsAre("wang", "li", "wangmei", "org"));
  EXPECT_THAT(found("", {{"_id", "li"}}), ElementsAre("li"));
  EXPECT_THAT(found("", {{"_type", "Patient,Organization"}, {"name", "east"}}), ElementsAre("org"));
  EXPECT_THAT(found("", {{"_lastUpdated", "gt2000"}}), SizeIs(6));
  EXPECT_EQ(search("", {{"_summary", "count"}}).get("total").as_int(), 6);
  EXPECT_EQ(code_of([&] {
              found("", {{"_type", "Patient,Organization"}, {"birthdate", "1990"}});
            }),
            ErrorCode::invalid_request)
      << "not of both";
  EXPECT_EQ(code_of([&] { found("", {{"name", "li"}}); }), ErrorCode::invalid_request);
  EXPECT_EQ(code_of([&] { found("", {{"_type", "Nonsense"}}); }), ErrorCode::invalid_request);
  EXPECT_THAT(found("", {{"_type", "Basic"}}), IsEmpty());
}

TEST_F(StoreFilter, PagesAcrossTypesWithoutRepeating) {
  std::vector<std::string> all;
  Parameters parameters{{"_type", "Patient,Observation"}, {"_sort", "-_lastUpdated"}, {"_count", "2"}};
  for (int page = 0; page < 10; ++page) {
    const Json bundle = search("", parameters);
    for (std::string& id : ids(bundle, "match")) all.push_back(std::move(id));
    const std::string next = link(bundle, "next");
    if (next.empty()) break;
    parameters.resize(3);
    parameters.emplace_back("_cursor", next.substr(next.find("_cursor=") + 8));
  }
  EXPECT_THAT(all, UnorderedElementsAre("wang", "li", "wangmei", "o1", "o2"));
}

TEST_F(StoreFilter, SearchesOnlyTypesThatTheRoleMayRead) {
  const Principal administrator{"root", "Root", trust::Role::administrator, "Practitioner/r", ""};
  EXPECT_EQ(code_of([&] { search_as(administrator, "", {{"_type", "Patient"}}); }), ErrorCode::forbidden);
  EXPECT_THAT(ids(search_as(clinician("other"), ""), "match"), IsEmpty());
}

TEST_F(StoreFilter, GivesAPatientsWholeRecord) {
  put(R"({"resourceType":"Practitioner","id":"doc"})");
  put(R"({"resourceType":"Encounter","id":"e","status":"finished","class":{"code":"AMB"},
          "subject":{"reference":"Patient/wang"},
          "participant":[{"individual":{"reference":"Practitioner/doc"}}]})");
  const auto everything = [&](const Parameters& parameters = {}) {
    return Json::parse(record_->operate(system_, "everything", {"Patient", "wang", parameters}));
  };
  EXPECT_THAT(ids(everything(), "match"), UnorderedElementsAre("wang", "o1", "e"));
  EXPECT_THAT(ids(everything(), "include"), ElementsAre("doc"));
  EXPECT_THAT(ids(everything({{"_type", "Observation"}}), "match"), ElementsAre("o1"));
  EXPECT_THAT(ids(everything({{"_since", "2100"}}), "match"), IsEmpty());
  const Json first = everything({{"_count", "2"}});
  const std::string next = link(first, "next");
  ASSERT_NE(next, "");
  const Json second = everything({{"_count", "2"}, {"_cursor", next.substr(next.find("_cursor=") + 8)}});
  EXPECT_THAT(ids(first, "match"), SizeIs(2));
  EXPECT_THAT(ids(second, "match"), SizeIs(1));
  EXPECT_EQ(code_of([&] { everything({{"colour", "red"}}); }), ErrorCode::invalid_request);
  EXPECT_EQ(code_of([&] {
              record_->operate(system_, "everything", {"Patient", "none", {}});
            }),
            ErrorCode::not_found);
  EXPECT_EQ(code_of([&] {
              record_->operate(clinician("other"), "everything", {"Patient", "wang", {}});
            }),
            ErrorCode::not_found);
}

TEST_F(StoreFilter, FiltersWhatAPathLeadsTo) {
  EXPECT_THAT(filtered("Observation", "subject:Patient[family eq wang].gender eq male"), ElementsAre("o1"));
  EXPECT_THAT(filtered("Observation", "patient[gender eq female and birthdate lt 1985].family sw \"l\""),
              ElementsAre("o2"));
  EXPECT_THAT(filtered("Observation", "not (subject[family eq wang].gender eq male) and date gt 2020"),
              ElementsAre("o2"));
  EXPECT_THAT(filtered("Observation", "subject[family eq wang].gender eq female"), IsEmpty());
  for (const char* wrong :
       {"subject[family eq wang", "subject[family eq wang] eq x", "subject[].gender eq male",
        "subject[a eq b].c", "code[family eq wang].gender eq male"})
    EXPECT_EQ(code_of([&] { filtered("Observation", wrong); }), ErrorCode::invalid_request) << wrong;
  EXPECT_EQ(code_of([&] { filtered("Provenance", "target[status eq final].code eq x"); }),
            ErrorCode::invalid_request)
      << "of any type";
}

TEST_F(StoreFilter, GivesTheNewestObservationsOfEachCode) {
  observation("o3", "Patient/wang", "2022-03-01");
  put(R"({"resourceType":"Observation","id":"other","status":"final","code":{"text":"Mood"},
          "subject":{"reference":"Patient/wang"},"effectiveDateTime":"2019"})");
  const auto last = [&](const Parameters& parameters) {
    return ids(Json::parse(record_->operate(system_, "lastn", {"Observation", "", parameters})), "match");
  };
  EXPECT_THAT(last({{"patient", "wang"}}), UnorderedElementsAre("o3", "other"));
  EXPECT_THAT(last({{"patient", "wang"}, {"code", "urn:c|w"}, {"max", "3"}}), ElementsAre("o3", "o1"));
  EXPECT_EQ(code_of([&] { last({{"code", "w"}}); }), ErrorCode::invalid_request);
  EXPECT_EQ(code_of([&] { last({{"patient", "wang"}, {"max", "0"}}); }), ErrorCode::invalid_value);
}

TEST_F(StoreFilter, ObservationsThatShareACodingAreOfOneCode) {
  const auto coded = [&](const std::string& id, const std::string& year, const std::string& codings) {
    put(R"({"resourceType":"Observation","id":")" + id + R"(","status":"final","effectiveDateTime":")" +
        year + R"(","code":{"coding":[)" + codings + R"(]},"subject":{"reference":"Patient/sun"}})");
  };
  const auto coding = [](const std::string& system, const std::string& code) {
    return R"({"system":")" + system + R"(","code":")" + code + R"("})";
  };
  put(R"({"resourceType":"Patient","id":"sun"})");
  coded("loinc", "2020", coding("urn:loinc", "8867-4"));
  coded("both", "2021", coding("urn:local", "pulse") + "," + coding("urn:loinc", "8867-4"));
  coded("local", "2022", coding("urn:local", "pulse"));
  coded("other", "2019", coding("urn:other", "pulse"));
  const auto last = [&](const char* max) {
    return ids(Json::parse(record_->operate(system_, "lastn",
                                            {"Observation", "", {{"patient", "sun"}, {"max", max}}})),
               "match");
  };
  EXPECT_THAT(last("1"), UnorderedElementsAre("local", "other"));
  EXPECT_THAT(last("2"), UnorderedElementsAre("local", "both", "other"));
}

}  // namespace
}  // namespace meridian::record
