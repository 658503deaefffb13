#include "record/search/extraction.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "record/search/plan.h"
#include "record/values/fold.h"

namespace meridian::record {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

template <typename Key>
std::vector<Key> keys_of(const Json& resource, std::string_view code) {
  std::vector<Key> keys;
  for (const IndexEntry& entry : extract(resource))
    if (entry.parameter->code == code) keys.push_back(std::get<Key>(entry.key));
  return keys;
}

std::vector<std::string> tokens_of(const Json& resource, std::string_view code) {
  std::vector<std::string> tokens;
  for (const TokenKey& key : keys_of<TokenKey>(resource, code)) tokens.push_back(key.system + "|" + key.code);
  return tokens;
}

std::vector<std::string> references_of(const Json& resource, std::string_view code) {
  std::vector<std::string> references;
  for (const ReferenceKey& key : keys_of<ReferenceKey>(resource, code))
    references.push_back(key.url.empty() ? key.type + "/" + key.id : key.url);
  return references;
}

const Json& patient() {
  static const Json resource = Json::parse(R"({
    "resourceType": "Patient", "id": "p1", "active": true,
    "meta": {"lastUpdated": "2024-05-01T10:00:00Z", "tag": [{"system": "urn:t", "code": "x"}]},
    "identifier": [{"system": "urn:mrn", "value": "42"}],
    "name": [{"family": "Müller-Lüdenscheidt", "given": ["Zoë", "Ann"]}, {"text": "张 伟"}],
    "telecom": [{"system": "phone", "value": "555"}, {"system": "email", "value": "a@b.c"}],
    "gender": "female", "birthDate": "1974-12",
    "deceasedDateTime": "2020-01-02",
    "address": [{"line": ["1 High St."], "city": "Leeds", "postalCode": "LS1"}],
    "generalPractitioner": [{"reference": "Practitioner/g1"}, {"reference": "Organization/o1"}],
    "managingOrganization": {"identifier": {"system": "urn:org", "value": "7"}}})");
  return resource;
}

const Json& observation() {
  static const Json resource = Json::parse(R"({
    "resourceType": "Observation", "id": "o1", "status": "final",
    "code": {"coding": [{"system": "http://loinc.org", "code": "29463-7", "display": "Weight"}], "text": "Body weight"},
    "subject": {"reference": "Patient/p1"},
    "effectivePeriod": {"start": "2024-05-01T10:00:00+02:00"},
    "valueQuantity": {"value": 70.50, "unit": "kg", "system": "http://unitsofmeasure.org", "code": "kg"},
    "component": [
      {"code": {"coding": [{"system": "http://loinc.org", "code": "c1"}]},
       "valueCodeableConcept": {"coding": [{"system": "urn:v", "code": "high"}]}},
      {"code": {"coding": [{"system": "http://loinc.org", "code": "c2"}]},
       "valueQuantity": {"value": 5, "comparator": "<", "system": "http://unitsofmeasure.org", "code": "mg/dL"}}]})");
  return resource;
}

TEST(Extraction, CompilesEveryParameterOfEveryType) {
  std::vector<std::string> interpreted;
  for (const std::string_view type : resource_types())
    for (const auto& entry : plan_of(type)->interpreted)
      interpreted.push_back(std::string(entry.parameter->url));
  // All others are compiled into the tree; these the FHIRPath engine evaluates.
  EXPECT_THAT(interpreted,
              UnorderedElementsAre("http://hl7.org/fhir/SearchParameter/Bundle-composition",
                                   "http://hl7.org/fhir/SearchParameter/Bundle-message",
                                   "http://hl7.org/fhir/SearchParameter/Patient-deceased",
                                   "http://hl7.org/fhir/SearchParameter/"
                                   "questionnaireresponse-extensions-QuestionnaireResponse-item-subject"));
}

TEST(Extraction, FoldsNames) {
  std::vector<std::string> folded;
  for (const StringKey& key : keys_of<StringKey>(patient(), "name")) folded.push_back(key.folded);
  EXPECT_THAT(folded, UnorderedElementsAre("mullerludenscheidt", "zoe", "ann", "张 伟"));
  EXPECT_EQ(keys_of<StringKey>(patient(), "family")[0].exact, "Müller-Lüdenscheidt");
  EXPECT_EQ(keys_of<StringKey>(patient(), "address-city")[0].folded, "leeds");
  EXPECT_EQ(fold("  O'Brien \t Straße\n"), "obrien strasse");
}

TEST(Extraction, GivesTokensWithTheSystemThatABindingImplies) {
  EXPECT_THAT(tokens_of(patient(), "gender"),
              ElementsAre("http://hl7.org/fhir/administrative-gender|female"));
  EXPECT_THAT(tokens_of(patient(), "identifier"), ElementsAre("urn:mrn|42"));
  EXPECT_THAT(tokens_of(patient(), "active"), ElementsAre("|true"));
  EXPECT_THAT(tokens_of(patient(), "_id"), ElementsAre("|p1"));
  EXPECT_THAT(tokens_of(patient(), "_tag"), ElementsAre("urn:t|x"));
  EXPECT_THAT(tokens_of(patient(), "email"), ElementsAre("|a@b.c"));
  EXPECT_THAT(tokens_of(patient(), "phone"), ElementsAre("|555"));
  EXPECT_THAT(tokens_of(patient(), "deceased"), ElementsAre("|true"));
  EXPECT_THAT(tokens_of(observation(), "code"), ElementsAre("http://loinc.org|29463-7", "|"));
  EXPECT_EQ(keys_of<TokenKey>(observation(), "code")[1].display, "Body weight");
  EXPECT_THAT(
      tokens_of(observation(), "combo-code"),
      UnorderedElementsAre("http://loinc.org|29463-7", "|", "http://loinc.org|c1", "http://loinc.org|c2"));
}

TEST(Extraction, GivesReferences) {
  EXPECT_THAT(references_of(patient(), "general-practitioner"),
              ElementsAre("Practitioner/g1", "Organization/o1"));
  EXPECT_THAT(references_of(observation(), "patient"), ElementsAre("Patient/p1"));
  EXPECT_THAT(references_of(observation(), "subject"), ElementsAre("Patient/p1"));
  const auto organization = keys_of<ReferenceKey>(patient(), "organization");
  ASSERT_EQ(organization.size(), 1u);
  EXPECT_EQ(organization[0].identifier_value, "7");
  const Json group = Json::parse(R"({"resourceType":"Observation","subject":{"reference":"Group/g"},
    "performer":[{"reference":"http://else.org/fhir/Practitioner/1"},{"reference":"urn:uuid:1"},{"reference":"#c"}]})");
  EXPECT_THAT(references_of(group, "patient"), IsEmpty());
  EXPECT_THAT(references_of(group, "performer"),
              ElementsAre("http://else.org/fhir/Practitioner/1", "urn:uuid:1"));
}

TEST(Extraction, GivesTheIntervalThatADateMayMean) {
  const auto birth = keys_of<DateKey>(patient(), "birthdate");
  ASSERT_EQ(birth.size(), 1u);
  EXPECT_EQ(birth[0].low, 155'088'000'000'000);       // 1974-12-01T00:00Z
  EXPECT_EQ(birth[0].high, 157'766'400'000'000 - 1);  // to the end of 1974
  const auto period = keys_of<DateKey>(observation(), "date");
  ASSERT_EQ(period.size(), 1u);
  EXPECT_EQ(period[0].low, 1'714'550'400'000'000);  // 2024-05-01T08:00Z
  EXPECT_EQ(period[0].high, std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(keys_of<DateKey>(patient(), "death-date").size(), 1u);
}

TEST(Extraction, BringsQuantitiesToBaseUnits) {
  const auto value = keys_of<QuantityKey>(observation(), "value-quantity");
  ASSERT_EQ(value.size(), 1u);
  EXPECT_EQ(value[0].canonical_unit, "g");
  EXPECT_DOUBLE_EQ(value[0].canonical.value, 70500);
  EXPECT_EQ(value[0].number.low, 70.5);
  EXPECT_EQ(value[0].number.high, 70.5);
  const auto component = keys_of<QuantityKey>(observation(), "component-value-quantity");
  ASSERT_EQ(component.size(), 1u);
  EXPECT_EQ(component[0].canonical_unit, "g.m-3");
  EXPECT_DOUBLE_EQ(component[0].canonical.high, 50);
  EXPECT_TRUE(std::isinf(component[0].canonical.low));
}

TEST(Extraction, OneGramIsAThousandMilligrams) {
  const auto canonical = [](const char* quantity) {
    Json resource = Json::parse(
        R"({"resourceType":"Observation","valueQuantity":{"system":"http://unitsofmeasure.org"}})");
    const Json parts = Json::parse(quantity);
    for (const auto& [name, value] : parts.members()) resource["valueQuantity"][name] = value;
    return keys_of<QuantityKey>(resource, "value-quantity").at(0);
  };
  const QuantityKey gram = canonical(R"({"value":0.3,"code":"g"})"),
                    milligrams = canonical(R"({"value":300,"code":"mg"})");
  EXPECT_EQ(gram.canonical_unit, milligrams.canonical_unit);
  EXPECT_EQ(gram.canonical.value, milligrams.canonical.value);
  EXPECT_EQ(canonical(R"({"value":37,"code":"Cel"})").canonical.value, 310.15);
  EXPECT_NEAR(canonical(R"({"value":98.6,"code":"[degF]"})").canonical.value, 310.15, 1e-9);
  EXPECT_EQ(canonical(R"({"value":1,"code":"mm[Hg]"})").canonical_unit, "g.m-1.s-2");
  EXPECT_EQ(canonical(R"({"value":1,"code":"bogus"})").canonical_unit, "");
}

TEST(Extraction, PairsTheComponentsOfAComposite) {
  const auto pairs = keys_of<CompositeKey>(observation(), "code-value-quantity");
  ASSERT_EQ(pairs.size(), 2u);  // the coding and the text of the code
  EXPECT_EQ(std::get<TokenKey>(pairs[0].components[0]).code, "29463-7");
  EXPECT_DOUBLE_EQ(std::get<QuantityKey>(pairs[0].components[1]).canonical.value, 70500);
  const auto component = keys_of<CompositeKey>(observation(), "component-code-value-concept");
  ASSERT_EQ(component.size(), 1u);
  EXPECT_EQ(std::get<TokenKey>(component[0].components[0]).code, "c1");
  EXPECT_EQ(std::get<TokenKey>(component[0].components[1]).code, "high");
}

TEST(Extraction, FindsThePatientsOfACompartment) {
  EXPECT_THAT(patients_of(observation()), ElementsAre("Patient/p1"));
  EXPECT_THAT(patients_of(patient()), ElementsAre("Patient/p1"));
  EXPECT_THAT(patients_of(Json::parse(R"({"resourceType":"Organization","id":"x"})")), IsEmpty());
}

TEST(Extraction, ToleratesWhatIsNoResource) {
  for (const char* text :
       {"null", "[]", "{}", R"({"resourceType":"Nothing"})", R"({"resourceType":5})",
        R"({"resourceType":"Patient","name":5,"birthDate":[{}],"telecom":"x","gender":null})"})
    for (const IndexEntry& entry : extract(Json::parse(text)))
      EXPECT_EQ(entry.parameter->code, "deceased") << text;
}

}  // namespace
}  // namespace meridian::record
