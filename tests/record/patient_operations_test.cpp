// Patient/$match, Patient/$summary, Patient/$everything, Observation/$stats.
#include <gmock/gmock.h>

#include "base/project_folder.h"
#include "record/profiles/profile_validator.h"
#include "record/store_fixture.h"
#include "record/terminology/packages.h"

namespace meridian::record {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::UnorderedElementsAre;

class PatientOperations : public StoreTest {
 protected:
  void patient(const std::string& id, const std::string& members, const std::string& organization = "east") {
    put(R"({"resourceType":"Patient","id":")" + id +
        R"(","managingOrganization":{"reference":"Organization/)" + organization + R"("})" +
        (members.empty() ? "" : "," + members) + "}");
  }
  Json operate(const char* name, const OperationCall& call) {
    return Json::parse(record_->operate(system_, name, call));
  }
};

class Match : public PatientOperations {
 protected:
  void SetUp() override {
    PatientOperations::SetUp();
    put(R"({"resourceType":"Organization","id":"east","name":"East"})");
    put(R"({"resourceType":"Organization","id":"west","name":"West"})");
    for (int i = 0; i < 20; ++i)
      patient("other" + std::to_string(i), R"("name":[{"family":"Other","given":["N)" + std::to_string(i) +
                                               R"("]}],"birthDate":"1950-01-01")");
    patient("li", R"("identifier":[{"system":"urn:id","value":"7"}],"name":[{"family":"Li","given":["Na"]}],
                     "gender":"female","birthDate":"1980-05-01","telecom":[{"system":"phone","value":"555-1"}])");
    patient("lisa", R"("name":[{"family":"Li","given":["Sa"]}],"gender":"female","birthDate":"1980-05-01")");
  }
  Json match(const std::string& members, const std::string& more = {}) {
    return match_as(system_, members, more);
  }
  Json match_as(const Principal& principal, const std::string& members, const std::string& more = {}) {
    return Json::parse(
        record_->operate(principal, "match",
                         {"Patient",
                          "",
                          {},
                          Json::parse(R"({"resourceType":"Parameters","parameter":[{"name":"resource",
            "resource":{"resourceType":"Patient",)" +
                                      members + "}}" + (more.empty() ? "" : "," + more) + "]}")}));
  }
  // "id grade" of each.
  static std::vector<std::string> grades(const Json& bundle) {
    std::vector<std::string> grades;
    for (const Json& entry : items_of(bundle, "entry"))
      grades.push_back(entry.text("resource.id") + " " + entry.text("search.extension.valueCode"));
    return grades;
  }
  static constexpr const char* kCertain = R"({"name":"onlyCertainMatches","valueBoolean":true})";
  static constexpr const char* kLi =
      R"("name":[{"family":"LI","given":["na"]}],"gender":"female","birthDate":"1980-05-01")";
};

TEST_F(Match, GradesWhomItFinds) {
  const Json found = match(kLi);
  EXPECT_EQ(grades(found).front(), "li certain") << found.dump();
  EXPECT_THAT(grades(found), Not(Contains("lisa certain")));
  EXPECT_THAT(grades(found), Not(Contains(HasSubstr("other"))));
  const double score = found.get("entry").at(0).get("search.score").as_double();
  EXPECT_GT(score, 0.99);
  EXPECT_LE(score, 1.0);
}

TEST_F(Match, AnIdentifierDecides) {
  EXPECT_EQ(grades(match(R"("identifier":[{"system":"urn:id","value":"7"}])")).front(), "li certain");
  EXPECT_THAT(grades(match(R"("identifier":[{"system":"urn:other","value":"7"}])")), IsEmpty());
  EXPECT_THAT(grades(match(R"("identifier":[{"system":"urn:id","value":"7"}],"name":[{"family":"Zhou",
      "given":["Wei"]}],"gender":"male","birthDate":"2001-01-01")")),
              Not(Contains("li certain")))
      << "all else is different";
}

TEST_F(Match, OnlyTheCertainOne) {
  const std::string number = R"("identifier":[{"system":"urn:id","value":"7"}])";
  EXPECT_THAT(grades(match(number, kCertain)), ElementsAre("li certain"));
  EXPECT_THAT(grades(match(kLi, kCertain)), IsEmpty()) << "a sister of the same birthday is probable";
  EXPECT_THAT(grades(match(R"("name":[{"family":"Li"}],"birthDate":"1980-05-01")", kCertain)), IsEmpty());
  EXPECT_THAT(grades(match(kLi, R"({"name":"count","valueInteger":1})")), ElementsAre("li certain"));
}

TEST_F(Match, FindsNobodyWhomTheAskerMayNotSee) {
  EXPECT_THAT(grades(match_as(clinician("west"), kLi)), IsEmpty());
  EXPECT_EQ(grades(match_as(clinician("east"), kLi)).front(), "li certain");
}

TEST_F(Match, RefusesWhatIsNoPatient) {
  EXPECT_EQ(code_of([&] { operate("match", {"Patient", ""}); }), ErrorCode::invalid_request);
  EXPECT_EQ(
      code_of([&] {
        operate("match", {"Patient", "", {}, Json::parse(R"({"resourceType":"Basic","code":{"text":"x"}})")});
      }),
      ErrorCode::invalid_value);
}

class Summary : public PatientOperations {
 protected:
  void SetUp() override {
    PatientOperations::SetUp();
    patient("p", R"("identifier":[{"system":"urn:id","value":"9"}],"name":[{"family":"A","given":["B"]}],
                    "birthDate":"1970-01-01")");
  }
  Json summary(const Principal& principal, const std::string& id = "p") {
    return Json::parse(record_->operate(principal, "summary", {"Patient", id}));
  }
  // The section of the Composition, by its LOINC code.
  static Json section(const Json& bundle, const std::string& code) {
    for (const Json& section : items_of(bundle.get("entry.resource"), "section"))
      if (section.text("code.coding.code") == code) return section;
    return {};
  }
  static std::vector<std::string> resources(const Json& bundle) {
    std::vector<std::string> names;
    for (const Json& entry : items_of(bundle, "entry"))
      names.push_back(entry.text("resource.resourceType") + "/" + entry.text("resource.id"));
    return names;
  }
  void condition(const std::string& id, const std::string& status) {
    put(R"({"resourceType":"Condition","id":")" + id + R"(","clinicalStatus":{"coding":[{"system":
        "http://terminology.hl7.org/CodeSystem/condition-clinical","code":")" +
        status + R"("}]},"code":{"text":"Asthma & <co>"},"subject":{"reference":"Patient/p"}})");
  }
  static constexpr const char* kProblems = "11450-4";
};

TEST_F(Summary, SaysWhereNothingIsKnown) {
  const Json bundle = summary(system_);
  EXPECT_EQ(bundle.text("type"), "document");
  EXPECT_EQ(bundle.text("entry.resource.resourceType"), "Composition");
  for (const char* required : {kProblems, "48765-2", "10160-0"}) {
    EXPECT_EQ(section(bundle, required).text("emptyReason.coding.code"), "unavailable") << required;
    EXPECT_FALSE(section(bundle, required).contains("entry"));
  }
  EXPECT_TRUE(section(bundle, "8716-3").is_null()) << "what is not required is left out";
  EXPECT_THAT(record_->validate(bundle).dump(), Not(HasSubstr("\"error\"")));
}

TEST_F(Summary, NamesWhatIsKnown) {
  condition("now", "active");
  condition("past", "resolved");
  put(R"({"resourceType":"Practitioner","id":"doctor","name":[{"family":"D"}]})");
  put(R"({"resourceType":"Immunization","id":"shot","status":"completed","vaccineCode":{"text":"BCG"},
          "patient":{"reference":"Patient/p"},"occurrenceDateTime":"2020-01-01",
          "performer":[{"actor":{"reference":"Practitioner/doctor"}}]})");
  put(R"({"resourceType":"Observation","id":"draft","status":"preliminary","code":{"text":"pulse"},
          "category":[{"coding":[{"code":"vital-signs"}]}],"subject":{"reference":"Patient/p"}})");
  const Json bundle = summary(system_);
  EXPECT_EQ(section(bundle, kProblems).text("entry.reference"), "Condition/now");
  EXPECT_THAT(section(bundle, kProblems).text("text.div"), HasSubstr("Asthma &amp; &lt;co&gt;"));
  EXPECT_EQ(section(bundle, "11348-0").text("entry.reference"), "Condition/past");
  EXPECT_EQ(section(bundle, "11369-6").text("entry.reference"), "Immunization/shot");
  EXPECT_TRUE(section(bundle, "8716-3").is_null()) << "a draft is no result";
  EXPECT_THAT(resources(bundle), Contains("Practitioner/doctor")) << "what is referred to";
  EXPECT_THAT(record_->validate(bundle).dump(), Not(HasSubstr("\"error\"")));
}

TEST_F(Summary, IsFoundByIdentifier) {
  const auto of = [&](const std::string& identifier) {
    return operate("summary", {"Patient", "", {{"identifier", identifier}}});
  };
  EXPECT_THAT(resources(of("urn:id|9")), Contains("Patient/p"));
  EXPECT_EQ(code_of([&] { of("urn:id|10"); }), ErrorCode::not_found);
  patient("q", R"("identifier":[{"system":"urn:id","value":"9"}])");
  EXPECT_EQ(code_of([&] { of("urn:id|9"); }), ErrorCode::precondition_failed);
}

TEST_F(Summary, KeepsToAccess) {
  condition("now", "active");
  EXPECT_EQ(code_of([&] { summary(clinician("west")); }), ErrorCode::not_found);
  EXPECT_THAT(resources(summary(clinician("east"))), Contains("Condition/now"));
  EXPECT_EQ(code_of([&] { summary(system_, "none"); }), ErrorCode::not_found);
  EXPECT_EQ(code_of([&] {
              operate("summary", {"Patient", "p", {{"profile", "urn:x"}}});
            }),
            ErrorCode::not_supported);
}

// By the profiles of HL7's package, where it lies beside FHIR's.
TEST_F(Summary, ConformsToTheInternationalPatientSummary) {
  const auto package = project_folder() / "node_modules" / "hl7.fhir.uv.ips";
  if (!std::filesystem::is_directory(package)) GTEST_SKIP() << "npm's hl7.fhir.uv.ips is not installed";
  condition("now", "active");
  const PackagedCanonicals source({package});
  std::vector<std::string> errors;
  for (const Issue& issue :
       validate(summary(system_), source, {"http://hl7.org/fhir/uv/ips/StructureDefinition/Bundle-uv-ips"}))
    if (issue.severity <= Issue::Severity::error) errors.push_back(issue.expression + ": " + issue.text);
  EXPECT_THAT(errors, IsEmpty());
}

class Everything : public PatientOperations {};

TEST_F(Everything, KeepsToThePeriodOfCare) {
  patient("p", "");
  const auto observation = [&](const std::string& id, const std::string& date) {
    put(R"({"resourceType":"Observation","id":")" + id + R"(","status":"final","code":{"text":"x"},
            "subject":{"reference":"Patient/p"},"effectiveDateTime":")" +
        date + R"("})");
  };
  observation("old", "2001-05-05");
  observation("new", "2020-05-05");
  put(R"({"resourceType":"MedicationRequest","id":"rx","status":"active","intent":"order",
          "medicationCodeableConcept":{"text":"m"},"subject":{"reference":"Patient/p"},"authoredOn":"2001-01-01"})");
  put(R"({"resourceType":"Coverage","id":"c","status":"active","beneficiary":{"reference":"Patient/p"},
          "payor":[{"reference":"Patient/p"}]})");
  const auto found = [&](const Parameters& query) {
    return ids(operate("everything", {"Patient", "p", query}), "match");
  };
  EXPECT_THAT(found({}), UnorderedElementsAre("p", "old", "new", "rx", "c"));
  EXPECT_THAT(found({{"start", "2010"}}), UnorderedElementsAre("p", "new", "c"));
  EXPECT_THAT(found({{"end", "2001-02"}}), UnorderedElementsAre("p", "rx", "c"));
  EXPECT_THAT(found({{"start", "2001-02-01"}, {"end", "2019"}}), UnorderedElementsAre("p", "old", "c"));
  EXPECT_EQ(code_of([&] { found({{"start", "soon"}}); }), ErrorCode::invalid_value);
}

TEST_F(Everything, OfAllPatientsAGroupOrAnEncounter) {
  for (const char* id : {"p", "q", "r"}) patient(id, "");
  put(R"({"resourceType":"Organization","id":"ward","name":"Ward"})");
  const auto encounter = [&](const std::string& id) {
    put(R"({"resourceType":"Encounter","id":")" + id + R"(","status":"finished","class":{"code":"AMB"},
            "subject":{"reference":"Patient/p"},"serviceProvider":{"reference":"Organization/ward"}})");
  };
  encounter("e");
  encounter("f");
  const auto observation = [&](const std::string& id, const std::string& of, const std::string& more) {
    put(R"({"resourceType":"Observation","id":")" + id + R"(","status":"final","code":{"text":"x"},
            "subject":{"reference":"Patient/)" +
        of + R"("})" + more + "}");
  };
  observation("of-e", "p", R"(,"encounter":{"reference":"Encounter/e"})");
  observation("of-f", "p", R"(,"encounter":{"reference":"Encounter/f"})");
  observation("of-q", "q", R"(,"effectiveDateTime":"2001")");
  observation("of-r", "r", "");
  put(R"({"resourceType":"Group","id":"g","type":"person","actual":true,"member":[
          {"entity":{"reference":"Patient/q"}},{"entity":{"reference":"Patient/r"}}]})");
  const auto found = [&](const char* type, const char* id, const char* mode = "match",
                         const Parameters& query = {}) {
    return ids(operate("everything", {type, id, query}), mode);
  };
  EXPECT_THAT(found("Encounter", "e"), UnorderedElementsAre("e", "of-e"));
  EXPECT_THAT(found("Encounter", "e", "include"), UnorderedElementsAre("p", "ward"));
  EXPECT_THAT(found("Group", "g"), UnorderedElementsAre("g", "q", "r", "of-q", "of-r"));
  EXPECT_THAT(found("Group", "g", "match", {{"start", "2010"}}), UnorderedElementsAre("g", "q", "r", "of-r"));
  EXPECT_THAT(found("Patient", ""),
              ::testing::IsSupersetOf({"p", "q", "r", "e", "f", "of-e", "of-q", "of-r"}));
  EXPECT_THAT(found("Patient", "", "match", {{"_type", "Observation"}}),
              UnorderedElementsAre("of-e", "of-f", "of-q", "of-r"));
  EXPECT_EQ(code_of([&] {
              found("Encounter", "e", "match", {{"start", "2010"}});
            }),
            ErrorCode::invalid_request);
  EXPECT_EQ(code_of([&] { found("Group", "none"); }), ErrorCode::not_found);
  const Json page = operate("everything", {"Group", "g", {{"_count", "3"}}});
  std::string next;
  for (const Json& link : page.find("link")->items())
    if (link.text("relation") == "next") next = link.text("url");
  ASSERT_THAT(next, HasSubstr("/Group/g/$everything?_count=3&_cursor="));
  const std::string cursor = next.substr(next.find("_cursor=") + 8);
  EXPECT_EQ(
      ids(page, "match").size() + found("Group", "g", "match", {{"_count", "3"}, {"_cursor", cursor}}).size(),
      5u);
  const auto seen = [&](const char* type, const char* id) {
    return ids(Json::parse(record_->operate(clinician("west"), "everything", {type, id})), "match");
  };
  EXPECT_THAT(seen("Patient", ""), ::testing::IsEmpty()) << "nothing of another clinic's";
  EXPECT_EQ(code_of([&] { seen("Encounter", "e"); }), ErrorCode::not_found);
}

class Statistics : public PatientOperations {
 protected:
  void SetUp() override {
    PatientOperations::SetUp();
    patient("p", "");
    int day = 1;
    for (const char* value : {"60", "70", "80", "90"}) weight(day++, value, "kg");
  }
  void weight(int day, const std::string& value, const std::string& unit) {
    put(R"({"resourceType":"Observation","id":"w)" + std::to_string(day) +
        R"(","status":"final","code":{"coding":[{"system":"urn:c","code":"w"}]},"subject":{"reference":"Patient/p"},
            "effectiveDateTime":"2026-01-0)" +
        std::to_string(day) + R"(","valueQuantity":{"value":)" + value +
        R"(,"system":"http://unitsofmeasure.org","code":")" + unit + R"("}})");
  }
  Json ask(const std::vector<std::string>& statistics, const Parameters& more = {}) {
    Parameters query{{"subject", "Patient/p"}, {"code", "w"}, {"system", "urn:c"}};
    for (const std::string& statistic : statistics) query.emplace_back("statistic", statistic);
    query.insert(query.end(), more.begin(), more.end());
    return operate("stats", {"Observation", "", query});
  }
  static double value(const Json& answer, const std::string& statistic) {
    for (const Json& component : answer.get("parameter.resource.component").items())
      if (component.text("code.coding.code") == statistic)
        return component.get("valueQuantity.value").as_double();
    return -1;
  }
};

TEST_F(Statistics, OfAllValues) {
  const Json answer = ask({"average", "minimum", "maximum", "median", "count", "sum", "std-dev", "variance",
                           "20-percent", "80-percent", "4-lower", "4-upper"});
  EXPECT_EQ(value(answer, "average"), 75);
  EXPECT_EQ(value(answer, "minimum"), 60);
  EXPECT_EQ(value(answer, "maximum"), 90);
  EXPECT_EQ(value(answer, "median"), 75);
  EXPECT_EQ(value(answer, "count"), 4);
  EXPECT_EQ(value(answer, "sum"), 300);
  EXPECT_NEAR(value(answer, "variance"), 500.0 / 3, 1e-9);
  EXPECT_NEAR(value(answer, "std-dev"), 12.909944, 1e-6);
  EXPECT_NEAR(value(answer, "20-percent"), 66, 1e-9);
  EXPECT_NEAR(value(answer, "80-percent"), 84, 1e-9);
  EXPECT_EQ(value(answer, "4-lower"), 67.5);
  EXPECT_EQ(value(answer, "4-upper"), 82.5);
  EXPECT_THAT(record_->validate(answer.get("parameter.resource")).dump(), Not(HasSubstr("\"error\"")));
}

TEST_F(Statistics, OfTheirDistribution) {
  weight(5, "150", "kg");  // 60, 70, 80, 90, 150
  const Json answer = ask({"4-dev", "5-1", "5-2", "5-3", "5-4", "skew", "kurtosis"});
  EXPECT_EQ(value(answer, "4-dev"), 10);
  EXPECT_NEAR(value(answer, "5-1"), 68, 1e-9);
  EXPECT_NEAR(value(answer, "5-2"), 76, 1e-9);
  EXPECT_NEAR(value(answer, "5-3"), 84, 1e-9);
  EXPECT_NEAR(value(answer, "5-4"), 102, 1e-9);
  // scipy.stats.skew and kurtosis(fisher=False)
  EXPECT_NEAR(value(answer, "skew"), 1.138419958, 1e-6);
  EXPECT_NEAR(value(answer, "kurtosis"), 2.788000000, 1e-6);
  for (const Json& component : answer.get("parameter.resource.component").items())
    EXPECT_EQ(
        component.get("valueQuantity").contains("code"),
        component.text("code.coding.code") != "skew" && component.text("code.coding.code") != "kurtosis")
        << "these two have no unit";
}

TEST_F(Statistics, InOneUnit) {
  weight(5, "100000", "g");
  EXPECT_EQ(value(ask({"maximum"}), "maximum"), 100000) << "in the unit of the newest";
  EXPECT_EQ(value(ask({"minimum"}), "minimum"), 60000);
  weight(6, "1", "m");
  EXPECT_EQ(code_of([&] { ask({"minimum"}); }), ErrorCode::invalid_value);
}

TEST_F(Statistics, OfAPeriodAndWithTheirSources) {
  const Json period = Json::parse(R"({"resourceType":"Parameters","parameter":[
      {"name":"subject","valueUri":"Patient/p"},{"name":"coding","valueCoding":{"system":"urn:c","code":"w"}},
      {"name":"period","valuePeriod":{"start":"2026-01-02","end":"2026-01-03"}},
      {"name":"statistic","valueCode":"average"},{"name":"include","valueBoolean":true}]})");
  const Json answer = operate("stats", {"Observation", "", {}, period});
  EXPECT_EQ(value(answer, "average"), 75);
  EXPECT_EQ(answer.get("parameter").size(), 3u) << "with the two that were looked at";
  EXPECT_EQ(value(ask({"count"}, {{"duration", "1"}}), "count"), 0) << "none within the last hour";
}

TEST_F(Statistics, RefusesWhatItCannotSay) {
  EXPECT_EQ(code_of([&] { ask({}); }), ErrorCode::invalid_request);
  EXPECT_EQ(code_of([&] { ask({"regression"}); }), ErrorCode::not_supported);
  EXPECT_EQ(code_of([&] {
              operate("stats", {"Observation", "", {{"code", "w"}, {"statistic", "sum"}}});
            }),
            ErrorCode::invalid_request);
  const Json hidden = Json::parse(record_->operate(
      clinician("west"), "stats",
      {"Observation",
       "",
       {{"subject", "Patient/p"}, {"code", "w"}, {"system", "urn:c"}, {"statistic", "count"}}}));
  EXPECT_EQ(value(hidden, "count"), 0) << "nothing of another clinic's";
  trust::Principal auditor = clinician("east");
  auditor.role = trust::Role::auditor;
  EXPECT_EQ(code_of([&] {
              record_->operate(auditor, "stats", {"Observation", "", {}});
            }),
            ErrorCode::forbidden);
}

}  // namespace
}  // namespace meridian::record
