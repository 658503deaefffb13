#include "record/validation/validator.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/error.h"
#include "base/file.h"
#include "base/project_folder.h"
#include "record/definitions/definitions.h"
#include "record/test_data.h"
#include "record/validation/rules.h"

namespace meridian::record {
namespace {

namespace fs = std::filesystem;

std::string first_error(const std::vector<Issue>& issues) {
  for (const Issue& issue : issues)
    if (issue.severity <= Issue::Severity::error)
      return issue.expression + ": " + issue.code + ": " + issue.text;
  return {};
}

std::string first_error(const Json& resource) {
  return first_error(validate(resource));
}

// "code @ expression" of the first error.
std::string verdict(const char* text) {
  for (const Issue& issue : validate(Json::parse(text)))
    if (issue.severity <= Issue::Severity::error) return issue.code + " @ " + issue.expression;
  return "valid";
}

fs::path examples() {
  return project_folder() / "node_modules" / "hl7.fhir.r4.examples";
}

TEST(Validation, AcceptsAPlainPatient) {
  EXPECT_EQ(
      verdict(R"({"resourceType":"Patient","id":"a","active":true,"name":[{"family":"Li","given":["Wei"]}],
    "gender":"male","birthDate":"1974-12","deceasedBoolean":false})"),
      "valid");
}

struct Case {
  const char *resource, *verdict;
};

class ValidationOfWrong : public testing::TestWithParam<Case> {};

TEST_P(ValidationOfWrong, NamesThePathOfTheFirstError) {
  EXPECT_EQ(verdict(GetParam().resource), GetParam().verdict);
}

INSTANTIATE_TEST_SUITE_P(
    Structure, ValidationOfWrong,
    testing::Values(
        Case{R"([])", "structure @ Resource"}, Case{R"({})", "required @ Resource"},
        Case{R"({"resourceType":"Pacient"})", "structure @ Resource"},
        Case{R"({"resourceType":"DomainResource"})", "structure @ DomainResource"},
        Case{R"({"resourceType":"HumanName"})", "structure @ HumanName"},
        Case{R"({"resourceType":"Patient","nmae":[]})", "structure @ Patient.nmae"},
        Case{R"({"resourceType":"Patient","name":{}})", "structure @ Patient.name"},
        Case{R"({"resourceType":"Patient","name":[]})", "structure @ Patient.name"},
        Case{R"({"resourceType":"Patient","name":[{}]})", "invariant @ Patient.name[0]"},
        Case{R"({"resourceType":"Patient","name":[{"given":["A",null]}]})",
             "structure @ Patient.name[0].given[1]"},
        Case{R"({"resourceType":"Patient","name":[{"family":["A"]}]})", "structure @ Patient.name[0].family"},
        Case{R"({"resourceType":"Patient","active":"true"})", "value @ Patient.active"},
        Case{R"({"resourceType":"Patient","deceasedBoolean":true,"deceasedDateTime":"2020"})",
             "structure @ Patient.deceasedDateTime"},
        Case{R"({"resourceType":"Patient","deceased":true})", "structure @ Patient.deceased"},
        Case{R"({"resourceType":"Patient","_name":[{"id":"a"}]})", "structure @ Patient._name"},
        Case{R"({"resourceType":"Patient","_birthDate":{}})", "structure @ Patient.birthDate"},
        Case{R"({"resourceType":"Patient","resourceType2":1})", "structure @ Patient.resourceType2"},
        Case{R"({"resourceType":"Patient","communication":[{"preferred":true}]})",
             "required @ Patient.communication[0].language"},
        Case{R"({"resourceType":"Observation","code":{"text":"x"}})", "required @ Observation.status"},
        Case{R"({"resourceType":"Patient","contained":[{"resourceType":"Nope"}]})",
             "structure @ Patient.contained[0]"},
        Case{
            R"({"resourceType":"Bundle","type":"collection","entry":[{"resource":{"resourceType":"Patient","x":1}}]})",
            "structure @ Bundle.entry[0].resource.x"}));

INSTANTIATE_TEST_SUITE_P(
    Values, ValidationOfWrong,
    testing::Values(
        Case{R"({"resourceType":"Patient","id":"a b"})", "value @ Patient.id"},
        Case{R"({"resourceType":"Patient","birthDate":"1974-13"})", "value @ Patient.birthDate"},
        Case{R"({"resourceType":"Patient","birthDate":"2023-02-29"})", "value @ Patient.birthDate"},
        Case{R"({"resourceType":"Patient","deceasedDateTime":"2020-01-02T10:00"})",
             "value @ Patient.deceasedDateTime"},
        Case{R"({"resourceType":"Patient","deceasedDateTime":"2020-01-02T10:00:00"})",
             "value @ Patient.deceasedDateTime"},
        Case{R"({"resourceType":"Patient","multipleBirthInteger":1.0})",
             "value @ Patient.multipleBirthInteger"},
        Case{R"({"resourceType":"Patient","multipleBirthInteger":3000000000})",
             "value @ Patient.multipleBirthInteger"},
        Case{R"({"resourceType":"Patient","name":[{"family":""}]})", "value @ Patient.name[0].family"},
        Case{R"({"resourceType":"Patient","gender":" male"})", "value @ Patient.gender"},
        Case{R"({"resourceType":"Patient","gender":"man"})", "code-invalid @ Patient.gender"},
        Case{R"({"resourceType":"Patient","photo":[{"contentType":"image/png","data":"%%%="}]})",
             "value @ Patient.photo[0].data"},
        Case{R"({"resourceType":"Patient","implicitRules":"a b"})", "value @ Patient.implicitRules"},
        Case{R"({"resourceType":"Patient","generalPractitioner":[{"reference":"Location/1"}]})",
             "value @ Patient.generalPractitioner[0].reference"},
        Case{R"({"resourceType":"Patient","generalPractitioner":[{"reference":"somebody"}]})",
             "value @ Patient.generalPractitioner[0].reference"},
        Case{R"({"resourceType":"Patient","generalPractitioner":[{"reference":"Practitioner/a_b"}]})",
             "value @ Patient.generalPractitioner[0].reference"},
        Case{
            R"({"resourceType":"Condition","subject":{"reference":"Patient/1"},"clinicalStatus":{"coding":[{"code":"active"}]}})",
            "code-invalid @ Condition.clinicalStatus"},
        Case{R"({"resourceType":"Invoice","status":"issued","totalNet":{"value":1,"currency":"eur"}})",
             "code-invalid @ Invoice.totalNet.currency"}));

INSTANTIATE_TEST_SUITE_P(
    Rules, ValidationOfWrong,
    testing::Values(
        Case{
            R"({"resourceType":"Patient","extension":[{"url":"u","valueString":"a","extension":[{"url":"v","valueString":"b"}]}]})",
            "invariant @ Patient.extension[0]"},
        Case{R"({"resourceType":"Patient","extension":[{"url":"u"}]})", "invariant @ Patient.extension[0]"},
        Case{R"({"resourceType":"Patient","contact":[{"gender":"male"}]})", "invariant @ Patient.contact[0]"},
        Case{R"({"resourceType":"Patient","name":[{"period":{"start":"2020","end":"2019"}}]})",
             "invariant @ Patient.name[0].period"},
        Case{R"({"resourceType":"Patient","managingOrganization":{"reference":"#nobody"}})",
             "invariant @ Patient.managingOrganization"},
        Case{
            R"({"resourceType":"Patient","contained":[{"resourceType":"Organization","id":"o","name":"n"}]})",
            "invariant @ Patient"},
        Case{
            R"({"resourceType":"Patient","text":{"status":"generated","div":"<div><script>x</script></div>"}})",
            "value @ Patient.text.div"},
        Case{
            R"({"resourceType":"Patient","text":{"status":"generated","div":"<div><p onclick='x'>y</p></div>"}})",
            "value @ Patient.text.div"},
        Case{R"({"resourceType":"Observation","status":"final","code":{"text":"x"},"valueString":"a",
          "dataAbsentReason":{"text":"none"}})",
             "invariant @ Observation"},
        Case{R"({"resourceType":"Organization"})", "invariant @ Organization"},
        Case{R"({"resourceType":"Organization","name":"n","address":[{"use":"home","city":"c"}]})",
             "invariant @ Organization.address[0]"}));

TEST(Validation, TellsAllErrorsAndStopsAtAHundred) {
  const auto issues = validate(Json::parse(R"({"resourceType":"Patient","gender":"x","birthDate":"y"})"));
  EXPECT_EQ(std::count_if(issues.begin(), issues.end(),
                          [](const Issue& issue) { return issue.severity == Issue::Severity::error; }),
            2);
  Json many = Json::parse(R"({"resourceType":"Patient"})");
  for (int i = 0; i < 1000; ++i) many["name"].push_back(Json::object({{"family", 5}}));
  EXPECT_EQ(validate(many).size(), 100u);
}

TEST(Validation, ThrowsWithThePathAndMakesAnOutcome) {
  const Json wrong = Json::parse(R"({"resourceType":"Patient","gender":"man"})");
  try {
    require_valid(wrong);
    FAIL() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::invalid_value);
    EXPECT_EQ(error.where(), "Patient.gender");
  }
  const Json outcome = operation_outcome(validate(wrong));
  EXPECT_EQ(first_error(outcome), "");
  EXPECT_EQ(outcome.text("issue.expression"), "");
  EXPECT_EQ(outcome.get("issue.expression").at(0).as_string(), "Patient.gender");
  EXPECT_EQ(first_error(operation_outcome(std::vector<Issue>())), "");
}

TEST(Validation, LeavesNoRuleUnchecked) {
  std::set<std::string> otherwise;
  for (const OtherwiseChecked& rule : rules_checked_otherwise()) otherwise.insert(std::string(rule.key));
  EXPECT_EQ(otherwise, (std::set<std::string>{"dom-6", "ele-1", "ext-1", "txt-1", "txt-2"}));
  std::size_t compiled = 0;
  for (const TypeDefinition& type : type_definitions()) {
    compiled += rules_of(type).size();
    for (const ElementDefinition& element : type.elements) compiled += rules_of(element).size();
  }
  EXPECT_GT(compiled, 800u);
}

// Examples of HL7 that break R4's rules themselves, by what they break.
const std::map<std::string, std::vector<std::string>>& wrong_examples() {
  static const std::map<std::string, std::vector<std::string>> known{
      {"a reference points to a type that is not allowed there",
       {"DeviceMetric-example", "DeviceUseStatement-example", "MedicationRequest-medrx0301",
        "Observation-clinical-gender"}},
      {"an item has no linkId", {"Questionnaire-qs1"}},
      {"it has no base",
       {"SearchParameter-codesystem-extensions-CodeSystem-author",
        "SearchParameter-codesystem-extensions-CodeSystem-effective",
        "SearchParameter-codesystem-extensions-CodeSystem-end",
        "SearchParameter-codesystem-extensions-CodeSystem-keyword",
        "SearchParameter-codesystem-extensions-CodeSystem-workflow",
        "SearchParameter-valueset-extensions-ValueSet-author",
        "SearchParameter-valueset-extensions-ValueSet-effective",
        "SearchParameter-valueset-extensions-ValueSet-end",
        "SearchParameter-valueset-extensions-ValueSet-keyword",
        "SearchParameter-valueset-extensions-ValueSet-workflow"}},
      {"it is not abstract and has no baseDefinition",
       {"StructureDefinition-Definition", "StructureDefinition-Event", "StructureDefinition-FiveWs",
        "StructureDefinition-Request"}},
      {"its id is longer than 64 characters",
       {"SearchParameter-questionnaireresponse-extensions-QuestionnaireResponse-item-subject"}},
      {"its narrative is empty",
       {"ActivityDefinition-blood-tubes-supply", "ActivityDefinition-heart-valve-replacement",
        "EventDefinition-example", "Questionnaire-zika-virus-exposure-assessment"}},
  };
  return known;
}

bool is_wrong(const std::string& name) {
  return std::ranges::any_of(wrong_examples(), [&](const auto& group) {
    return std::ranges::find(group.second, name) != group.second.end();
  });
}

bool is_example(const fs::path& file) {
  const std::string name = file.filename().string();
  const std::string type = name.substr(0, name.find('-'));
  return file.extension() == ".json" && is_resource_type(type) && fs::file_size(file) < (1u << 20);
}

TEST(Validation, AcceptsHl7sExamples) {
  std::size_t seen = 0, failed = 0;
  std::set<std::string> not_evaluated;
  for (const auto& entry : fs::directory_iterator(examples())) {
    if (!is_example(entry.path())) continue;
    ++seen;
    const std::string name = entry.path().stem().string();
    const std::vector<Issue> issues = validate(Json::parse(read_file(entry.path())));
    for (const Issue& issue : issues)
      if (issue.code == "not-supported") not_evaluated.insert(issue.text);
    const std::string error = first_error(issues);
    const bool known = is_wrong(name);
    if (!error.empty()) ++failed;
    if (!known)
      EXPECT_EQ(error, "") << name;
    else
      EXPECT_NE(error, "") << name << " is valid and need not be listed";
  }
  std::cout << seen << " examples, " << failed << " break R4's rules\n";
  EXPECT_GT(seen, 5000u);
  EXPECT_EQ(not_evaluated, std::set<std::string>()) << "rules that the FHIRPath engine cannot evaluate";
}

TEST(Validation, AcceptsSyntheaBundles) {
  const auto folder = unpacked("fhir/synthea_bundles.tar.zst");
  if (!folder) GTEST_SKIP() << "the Synthea bundles are not in the data folder";
  std::size_t bundles = 0;
  for (const auto& entry : fs::recursive_directory_iterator(*folder)) {
    if (entry.path().extension() != ".json" || bundles == 20) continue;
    ++bundles;
    EXPECT_EQ(first_error(Json::parse(read_file(entry.path()))), "") << entry.path().filename();
  }
  EXPECT_GT(bundles, 0u);
}

}  // namespace
}  // namespace meridian::record
