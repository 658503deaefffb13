// FHIRPath beside HL7's own suite: what that does not try.
#include <gmock/gmock.h>

#include "base/error_of.h"
#include "record/fhirpath/engine.h"

namespace meridian::record::fhirpath {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> evaluated(const std::string& expression,
                                   const std::string& json = R"({"resourceType":"Basic"})") {
  const Json resource = Json::parse(json);
  const Environment environment = environment_of(resource);
  std::vector<std::string> texts;
  for (const Item& item : evaluate(parse(expression), environment.resource, environment))
    texts.push_back(text_of(item).value_or("?"));
  return texts;
}

TEST(FhirPath, QuantitiesAreConvertedToAUnit) {
  EXPECT_THAT(evaluated("1 'g'.toQuantity('mg')"), ElementsAre("1000 'mg'"));
  EXPECT_THAT(evaluated("'1.5 \\'kg\\''.toQuantity('g')"), ElementsAre("1500 'g'"));
  EXPECT_THAT(evaluated("1 day.toQuantity('hours')"), ElementsAre("24 hours"));
  EXPECT_THAT(evaluated("2 years.toQuantity('months')"), ElementsAre("24 months"));
  EXPECT_THAT(evaluated("2 'g'.toQuantity('g')"), ElementsAre("2 'g'"));
  EXPECT_THAT(evaluated("2 'g'.toQuantity()"), ElementsAre("2 'g'"));
  EXPECT_THAT(evaluated("'2020'.toQuantity('mg')"), IsEmpty());
  EXPECT_THAT(evaluated("1 year.toQuantity('d')"), IsEmpty()) << "no year has a length of its own";
  EXPECT_THAT(evaluated("1 'g'.toQuantity('no unit')"), IsEmpty());
  EXPECT_THAT(evaluated("1 'g'.toQuantity({})"), IsEmpty());
  EXPECT_THAT(evaluated("1 'g'.convertsToQuantity('mg')"), ElementsAre("true"));
  EXPECT_THAT(evaluated("1 'g'.convertsToQuantity('mm')"), ElementsAre("false"));
}

TEST(FhirPath, WhatGrowsWithoutEndIsStopped) {
  const auto code = [](const std::string& expression) {
    return code_of([&] { evaluated(expression, R"({"resourceType":"Patient","name":[{"text":"x"}]})"); });
  };
  const std::string eighty =
      "('abcdefghij' & 'abcdefghij' & 'abcdefghij' & 'abcdefghij' & 'abcdefghij' & "
      "'abcdefghij' & 'abcdefghij' & 'abcdefghij').toChars()";
  EXPECT_EQ(code(eighty + ".aggregate($total & $total, 'a')"), ErrorCode::too_large);
  EXPECT_EQ(code(eighty + ".aggregate($total + $total, 'a')"), ErrorCode::too_large);
  EXPECT_EQ(code(eighty + ".aggregate($total.combine($total), name)"), ErrorCode::too_large);
  EXPECT_EQ(code(eighty + ".aggregate($total & $this, '').length()"), std::nullopt);
}

TEST(FhirPath, LettersOfAllScriptsHaveCase) {
  EXPECT_THAT(evaluated("'Müller'.upper()"), ElementsAre("MÜLLER"));
  EXPECT_THAT(evaluated("'ΆΛΦΑ Łódź'.lower()"), ElementsAre("άλφα łódź"));
  EXPECT_THAT(evaluated("'abc 王'.upper()"), ElementsAre("ABC 王"));
  EXPECT_THAT(evaluated("'MÜLLER  straße' ~ 'müller STRASSE'"), ElementsAre("true"));
  EXPECT_THAT(evaluated("'Muller' ~ 'Müller'"), ElementsAre("false")) << "an accent is more than case";
  EXPECT_THAT(
      evaluated("name ~ name", R"({"resourceType":"Patient","name":[{"family":"Ö"},{"family":"P"}]})"),
      ElementsAre("true"));
}

TEST(FhirPath, ModifiersMustBeKnown) {
  const std::string json = R"({"resourceType":"Basic","code":{"text":"x"},
      "modifierExtension":[{"url":"urn:a","valueBoolean":true}]})";
  EXPECT_THAT(evaluated("checkModifiers('urn:a').code.text", json), ElementsAre("x"));
  EXPECT_THAT(evaluated("checkModifiers('urn:b', 'urn:a').code.text", json), ElementsAre("x"));
  EXPECT_EQ(code_of([&] { evaluated("checkModifiers('urn:b')", json); }), ErrorCode::invalid_value);
  EXPECT_EQ(code_of([&] { evaluated("checkModifiers()", json); }), ErrorCode::invalid_value);
  EXPECT_THAT(evaluated("checkModifiers().id", R"({"resourceType":"Basic","id":"b"})"), ElementsAre("b"));
}

TEST(FhirPath, TheSameCodeSubsumesItself) {
  const std::string json = R"({"resourceType":"Observation","code":{"coding":[{"system":"urn:c","code":"a"}]},
      "method":{"coding":[{"system":"urn:d","code":"x"},{"system":"urn:c","code":"a"}]},
      "bodySite":{"coding":[{"system":"urn:c","code":"b"}]}})";
  EXPECT_THAT(evaluated("code.subsumes(method)", json), ElementsAre("true"));
  EXPECT_THAT(evaluated("code.coding.subsumedBy(method)", json), ElementsAre("true"));
  EXPECT_THAT(evaluated("code.subsumes(bodySite)", json), IsEmpty()) << "nobody knows the system";
  EXPECT_THAT(evaluated("code.subsumes({})", json), IsEmpty());
  EXPECT_EQ(code_of([&] { evaluated("code.subsumes('a')", json); }), ErrorCode::invalid_value);
}

}  // namespace
}  // namespace meridian::record::fhirpath
