// Searches by text, by the type of an identifier, by value sets and hierarchies of codes, by place and by
// list.
#include <gmock/gmock.h>

#include "record/store_fixture.h"

namespace meridian::record {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

class StoreModifier : public StoreTest {
 protected:
  void observation(const std::string& id, const std::string& code, const std::string& display = {}) {
    Json coding = Json::object({{"system", "urn:codes"}, {"code", code}});
    if (!display.empty()) coding["display"] = display;
    put(Json::object({{"resourceType", "Observation"},
                      {"id", id},
                      {"status", "final"},
                      {"code", Json::object({{"coding", Json::array({std::move(coding)})}})}})
            .dump());
  }
  void code_system() {
    put(R"({"resourceType":"CodeSystem","id":"cs","url":"urn:codes","status":"active","content":"complete",
            "concept":[{"code":"a","concept":[{"code":"a1","concept":[{"code":"a11"}]},{"code":"a2"}]},
                       {"code":"b","property":[{"code":"parent","valueCode":"a"}]},{"code":"c"}]})");
  }
  void location(const std::string& id, double latitude, double longitude) {
    put(Json::object({{"resourceType", "Location"},
                      {"id", id},
                      {"position", Json::object({{"latitude", latitude}, {"longitude", longitude}})}})
            .dump());
  }
};

TEST_F(StoreModifier, FindsTokensByTheirText) {
  observation("weight", "29463-7", "Body weight");
  observation("height", "8302-2", "Body height");
  put(R"({"resourceType":"Observation","id":"text","status":"final","code":{"text":"Gewicht, nüchtern"}})");
  EXPECT_THAT(found("Observation", {{"code:text", "body"}}), UnorderedElementsAre("weight", "height"));
  EXPECT_THAT(found("Observation", {{"code:text", "WEIGHT"}}), ElementsAre("weight")) << "a later word";
  EXPECT_THAT(found("Observation", {{"code:text", "eight"}}), IsEmpty()) << "the middle of a word";
  EXPECT_THAT(found("Observation", {{"code:text", "nuchtern"}}), ElementsAre("text"));
  EXPECT_THAT(found("Observation", {{"code:text", "body w,gewicht"}}),
              UnorderedElementsAre("weight", "text"));
  EXPECT_EQ(code_of([&] { found("Patient", {{"name:text", "x"}}); }), ErrorCode::invalid_request);
}

TEST_F(StoreModifier, FindsIdentifiersByTheirType) {
  const auto patient = [&](const std::string& id, const std::string& type) {
    put(R"({"resourceType":"Patient","id":")" + id +
        R"(","identifier":[{"system":"urn:a","value":"7","type":{"text":"Number","coding":[{"system":"urn:t","code":")" +
        type + R"("}]}}]})");
  };
  patient("mr", "MR");
  patient("ss", "SS");
  EXPECT_THAT(found("Patient", {{"identifier:of-type", "urn:t|MR|7"}}), ElementsAre("mr"));
  EXPECT_THAT(found("Patient", {{"identifier:of-type", "urn:t|MR|8"}}), IsEmpty());
  EXPECT_THAT(found("Patient", {{"identifier", "7"}}), UnorderedElementsAre("mr", "ss"));
  EXPECT_THAT(found("Patient", {{"identifier", "|7"}}), IsEmpty());
  EXPECT_THAT(found("Patient", {{"identifier:text", "number"}}), UnorderedElementsAre("mr", "ss"));
  for (const char* wrong : {"7", "urn:t|7", "urn:t||7", "urn:t|MR|", "a|b|c|d"})
    EXPECT_EQ(code_of([&] {
                found("Patient", {{"identifier:of-type", wrong}});
              }),
              ErrorCode::invalid_value)
        << wrong;
}

TEST_F(StoreModifier, FindsCodesOfAValueSet) {
  for (const char* code : {"a", "a1", "a11", "c"}) observation(code, code);
  code_system();
  put(R"({"resourceType":"ValueSet","id":"vs","url":"urn:vs","status":"active","compose":{
          "include":[{"system":"urn:codes","filter":[{"property":"concept","op":"is-a","value":"a"}]}],
          "exclude":[{"system":"urn:codes","concept":[{"code":"a11"}]}]}})");
  EXPECT_THAT(found("Observation", {{"code:in", "urn:vs"}}), UnorderedElementsAre("a", "a1"));
  EXPECT_THAT(found("Observation", {{"code:in", "ValueSet/vs"}}), UnorderedElementsAre("a", "a1"));
  EXPECT_THAT(found("Observation", {{"code:not-in", "urn:vs|1.0"}}), UnorderedElementsAre("a11", "c"));
  put(R"({"resourceType":"ValueSet","id":"all","url":"urn:all","status":"active","compose":{
          "include":[{"valueSet":["urn:vs"]},{"system":"urn:codes","concept":[{"code":"c"}]}]}})");
  EXPECT_THAT(found("Observation", {{"code:in", "urn:all"}}), UnorderedElementsAre("a", "a1", "c"));
  put(R"({"resourceType":"ValueSet","id":"done","url":"urn:done","status":"active","expansion":{
          "timestamp":"2026-01-01","contains":[{"system":"urn:codes","abstract":true,"code":"a",
          "contains":[{"system":"urn:codes","code":"a1"}]}]}})");
  EXPECT_THAT(found("Observation", {{"code:in", "urn:done"}}), ElementsAre("a1"));
}

TEST_F(StoreModifier, KnowsFhirsOwnValueSets) {
  observation("o", "x");
  put(R"({"resourceType":"Patient","id":"f","gender":"female"})");
  put(R"({"resourceType":"Patient","id":"none"})");
  EXPECT_THAT(found("Patient", {{"gender:in", "http://hl7.org/fhir/ValueSet/administrative-gender"}}),
              ElementsAre("f"));
  EXPECT_THAT(found("Observation", {{"status:in", "http://hl7.org/fhir/ValueSet/observation-status"}}),
              ElementsAre("o"));
  EXPECT_EQ(code_of([&] { found("Observation", {{"code:in", "urn:unknown"}}); }), ErrorCode::not_found);
  EXPECT_EQ(code_of([&] {
              found("Observation", {{"code:in", "http://hl7.org/fhir/ValueSet/observation-codes"}});
            }),
            ErrorCode::not_supported)
      << "LOINC is not carried";
}

TEST_F(StoreModifier, FindsCodesOfALargeValueSet) {
  observation("in", "c2999");
  observation("out", "other");
  const auto value_set_of = [&](int codes) {
    std::string concepts;
    for (int i = 0; i < codes; ++i)
      concepts += (i ? "," : "") + std::string(R"({"code":"c)") + std::to_string(i) + "\"}";
    put(R"({"resourceType":"ValueSet","id":"large","url":"urn:large","status":"active","compose":{
            "include":[{"system":"urn:codes","concept":[)" +
        concepts + "]}]}}");
  };
  value_set_of(3000);
  EXPECT_THAT(found("Observation", {{"code:in", "urn:large"}}), ElementsAre("in"));
  EXPECT_THAT(found("Observation", {{"code:not-in", "urn:large"}}), ElementsAre("out"));
  value_set_of(20'001);
  EXPECT_EQ(code_of([&] { found("Observation", {{"code:in", "urn:large"}}); }), ErrorCode::too_large);
}

TEST_F(StoreModifier, ValueSetsThatIncludeEachOtherAreRefused) {
  put(R"({"resourceType":"ValueSet","id":"x","url":"urn:x","status":"active",
          "compose":{"include":[{"valueSet":["urn:y"]}]}})");
  put(R"({"resourceType":"ValueSet","id":"y","url":"urn:y","status":"active",
          "compose":{"include":[{"valueSet":["urn:x"]}]}})");
  EXPECT_EQ(code_of([&] { found("Observation", {{"code:in", "urn:x"}}); }), ErrorCode::too_large);
}

TEST_F(StoreModifier, FindsWhatIsBelowAndAboveACode) {
  for (const char* code : {"a", "a1", "a11", "a2", "b", "c"}) observation(code, code);
  code_system();
  EXPECT_THAT(found("Observation", {{"code:below", "urn:codes|a"}}),
              UnorderedElementsAre("a", "a1", "a11", "a2", "b"));
  EXPECT_THAT(found("Observation", {{"code:above", "urn:codes|a11"}}),
              UnorderedElementsAre("a", "a1", "a11"));
  EXPECT_THAT(found("Observation", {{"code:below", "urn:codes|c"}}), ElementsAre("c"));
  EXPECT_EQ(code_of([&] { found("Observation", {{"code:below", "a"}}); }), ErrorCode::invalid_value);
}

TEST_F(StoreModifier, SaysWhereAHierarchyIsNotKnown) {
  observation("x", "73211009");
  const auto refused = [&](const std::string& name, const std::string& value) {
    return code_of([&] { search("Observation", {{name, value}}); });
  };
  EXPECT_EQ(refused("code:below", "http://snomed.info/sct|73211009"), ErrorCode::not_supported);
  EXPECT_EQ(refused("code:above", "http://snomed.info/sct|73211009"), ErrorCode::not_supported);
  put(R"({"resourceType":"CodeSystem","id":"s","url":"urn:unlisted","status":"active","content":"not-present"})");
  EXPECT_EQ(refused("code:below", "urn:unlisted|1"), ErrorCode::not_supported);
}

TEST_F(StoreModifier, FindsWhatRefersToAPartOfAWhole) {
  const auto place = [&](const std::string& id, const std::string& whole) {
    put(R"({"resourceType":"Location","id":")" + id + R"(","partOf":{"reference":"Location/)" + whole +
        "\"}}");
  };
  put(R"({"resourceType":"Location","id":"house"})");
  place("floor", "house");
  place("room", "floor");
  place("circle", "circle");
  for (const std::string id : {"house", "floor", "room"})
    put(R"({"resourceType":"Procedure","id":"in-)" + id +
        R"(","status":"completed","subject":{"reference":"Patient/p"},"location":{"reference":"Location/)" +
        id + "\"}}");
  EXPECT_THAT(found("Procedure", {{"location:below", "floor"}}), UnorderedElementsAre("in-floor", "in-room"));
  EXPECT_THAT(found("Procedure", {{"location:below", "Location/house"}}),
              UnorderedElementsAre("in-house", "in-floor", "in-room"));
  EXPECT_THAT(found("Procedure", {{"location:above", "floor"}}),
              UnorderedElementsAre("in-floor", "in-house"));
  EXPECT_THAT(found("Procedure", {{"location:below", "circle"}}), IsEmpty());
  EXPECT_THAT(found("Location", {{"partof:below", "house"}}), UnorderedElementsAre("floor", "room"));
  EXPECT_EQ(code_of([&] {
              search("Procedure", {{"subject:below", "Patient/p"}});
            }),
            ErrorCode::invalid_request);
}

TEST_F(StoreModifier, FindsCanonicalsByTheirVersions) {
  const auto response = [&](const std::string& id, const std::string& questionnaire) {
    put(R"({"resourceType":"QuestionnaireResponse","id":")" + id +
        R"(","status":"completed","questionnaire":")" + questionnaire + "\"}");
  };
  response("none", "http://q/a");
  response("one", "http://q/a|1");
  response("one-two", "http://q/a|1.2");
  response("twelve", "http://q/a|12");
  response("other", "http://q/a/b|1");
  EXPECT_THAT(found("QuestionnaireResponse", {{"questionnaire:below", "http://q/a"}}),
              UnorderedElementsAre("none", "one", "one-two", "twelve"));
  EXPECT_THAT(found("QuestionnaireResponse", {{"questionnaire:below", "http://q/a|1"}}),
              UnorderedElementsAre("one", "one-two"));
}

TEST_F(StoreModifier, FindsPlacesNearAPoint) {
  location("here", 31.2304, 121.4737);
  location("near", 31.3, 121.5);  // 8.1 km away
  location("far", 39.9, 116.4);
  location("fiji", -17.7, 179.99);
  location("samoa", -17.7, -179.99);
  location("pole", 89.99, 10);
  EXPECT_THAT(found("Location", {{"near", "31.2304|121.4737|10|km"}}), UnorderedElementsAre("here", "near"));
  EXPECT_THAT(found("Location", {{"near", "31.2304|121.4737|7"}}), ElementsAre("here"));
  EXPECT_THAT(found("Location", {{"near", "31.2304|121.4737|9000|m"}}), UnorderedElementsAre("here", "near"));
  EXPECT_THAT(found("Location", {{"near", "31.2304|121.4737"}}), UnorderedElementsAre("here", "near"));
  EXPECT_THAT(found("Location", {{"near", "-17.7|180|5|km"}}), UnorderedElementsAre("fiji", "samoa"));
  EXPECT_THAT(found("Location", {{"near", "90|0|5|km"}}), ElementsAre("pole"));
  EXPECT_THAT(found("Location", {{"near", "0|0|20016|km"}, {"_count", "10"}}).size(), 6u);
  for (const char* wrong : {"31", "a|b", "91|0", "0|181", "0|0|x", "0|0|5|kg", "0|0|-5|km", "0|0|1|km|x"})
    EXPECT_EQ(code_of([&] { found("Location", {{"near", wrong}}); }), ErrorCode::invalid_value) << wrong;
}

TEST_F(StoreModifier, SortsPlacesByTheirDistance) {
  location("far", 31.9, 121.4);
  location("here", 31.2304, 121.4737);
  location("near", 31.3, 121.5);
  location("nowhere-near", -31.3, 121.5);
  const std::string place = "31.23|121.47|200|km";
  EXPECT_THAT(found("Location", {{"near", place}, {"_sort", "near"}}), ElementsAre("here", "near", "far"));
  EXPECT_THAT(found("Location", {{"_sort", "-near"}, {"near", place}}), ElementsAre("far", "near", "here"));
  const Json first = search("Location", {{"near", place}, {"_sort", "near"}, {"_count", "2"}});
  const std::string next = link(first, "next");
  EXPECT_THAT(found("Location", {{"near", place},
                                 {"_sort", "near"},
                                 {"_count", "2"},
                                 {"_cursor", next.substr(next.find("_cursor=") + 8)}}),
              ElementsAre("far"));
  EXPECT_EQ(code_of([&] { found("Location", {{"_sort", "near"}}); }), ErrorCode::invalid_request);
}

TEST_F(StoreModifier, FindsWhatIsOnAList) {
  for (const char* id : {"p1", "p2", "p3"})
    put(R"({"resourceType":"Patient","id":")" + std::string(id) + "\"}");
  put(R"({"resourceType":"List","id":"l","status":"current","mode":"working","entry":[
          {"item":{"reference":"Patient/p1"}},{"item":{"reference":"Patient/p3"}}]})");
  EXPECT_THAT(found("Patient", {{"_list", "l"}}), ElementsAre("p1", "p3"));
  EXPECT_THAT(found("Patient", {{"_list", "none"}}), IsEmpty());
  EXPECT_THAT(ids(search_as(clinician("other"), "Patient", {{"_list", "l"}}), "match"), IsEmpty());
}

TEST_F(StoreModifier, FindsWhatIsOnTheListsThatNobodyKeeps) {
  const auto condition = [&](const std::string& id, const std::string& statuses) {
    put(R"({"resourceType":"Condition","id":")" + id + R"(","subject":{"reference":"Patient/p"})" + statuses +
        "}");
  };
  const auto status = [](const std::string& member, const std::string& code) {
    const std::string kind = member == "clinicalStatus" ? "condition-clinical" : "condition-ver-status";
    return ",\"" + member + R"(":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/)" + kind +
           R"(","code":")" + code + R"("}]})";
  };
  put(R"({"resourceType":"Patient","id":"p"})");
  condition("active", status("clinicalStatus", "active"));
  condition("unsaid", "");
  condition("resolved", status("clinicalStatus", "resolved"));
  condition("refuted", status("verificationStatus", "refuted"));
  EXPECT_THAT(found("Condition", {{"_list", "$current-problems"}, {"patient", "p"}}),
              UnorderedElementsAre("active", "unsaid"));
  EXPECT_THAT(found("Patient", {{"_list", "$current-problems"}}), IsEmpty());
  EXPECT_EQ(code_of([&] { found("Condition", {{"_list", "$current-troubles"}}); }), ErrorCode::not_supported);
}

TEST_F(StoreModifier, RefusesWhatNothingIsFoundBy) {
  EXPECT_EQ(code_of([&] { found("Patient", {{"_query", "x"}}); }), ErrorCode::invalid_request);
}

TEST_F(StoreModifier, SortsQuantitiesByWhatTheyAre) {
  const auto weight = [&](const std::string& id, const std::string& value, const std::string& unit) {
    put(R"({"resourceType":"Observation","id":")" + id +
        R"(","status":"final","code":{"text":"x"},"valueQuantity":{"value":)" + value +
        R"(,"system":"http://unitsofmeasure.org","code":")" + unit + R"("}})");
  };
  weight("g", "900", "g");
  weight("kg", "1", "kg");
  weight("mg", "5000", "mg");
  EXPECT_THAT(found("Observation", {{"_sort", "value-quantity"}}), ElementsAre("mg", "g", "kg"));
  EXPECT_THAT(found("Observation", {{"_sort", "-value-quantity"}}), ElementsAre("kg", "g", "mg"));
}

}  // namespace
}  // namespace meridian::record
