// FHIR's terminology operations over stored and defined resources.
#include <gmock/gmock.h>

#include "record/store_fixture.h"
#include "record/terminology/canonical_source.h"

namespace meridian::record {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class TerminologyOperations : public StoreTest {
 protected:
  void SetUp() override {
    StoreTest::SetUp();
    put(R"({"resourceType":"CodeSystem","id":"cs","url":"urn:codes","version":"2","name":"Codes","status":"active",
            "content":"complete","concept":[
             {"code":"a","display":"Animal","property":[{"code":"notSelectable","valueBoolean":true}],"concept":[
               {"code":"cat","display":"Cat","definition":"It purrs",
                "designation":[{"language":"zh","value":"猫"}],
                "property":[{"code":"legs","valueInteger":4}]},
               {"code":"dodo","display":"Dodo","property":[{"code":"inactive","valueBoolean":true},
                                                          {"code":"legs","valueInteger":2}]}]},
             {"code":"p","display":"Plant"}]})");
    put(R"({"resourceType":"ValueSet","id":"vs","url":"urn:vs","version":"1","status":"active",
            "compose":{"include":[{"system":"urn:codes"}]}})");
    put(R"({"resourceType":"ConceptMap","id":"cm","url":"urn:cm","status":"active","sourceUri":"urn:vs",
            "targetUri":"urn:other-vs","group":[{"source":"urn:codes","target":"urn:other","element":[
              {"code":"cat","target":[{"code":"felis","display":"Felis","equivalence":"wider"}]},
              {"code":"dodo","target":[{"equivalence":"unmatched"}]}],
              "unmapped":{"mode":"fixed","code":"thing"}}]})");
  }
  Json ask(const char* name, const char* type, const Parameters& query, const std::string& id = {}) {
    return Json::parse(record_->operate(system_, name, {type, id, query}));
  }
  Json send(const char* name, const char* type, const std::string& parameters) {
    return Json::parse(record_->operate(
        system_, name,
        {type, "", {}, Json::parse(R"({"resourceType":"Parameters","parameter":[)" + parameters + "]}")}));
  }
  static std::vector<std::string> codes(const Json& expanded) {
    std::vector<std::string> codes;
    for (const Json& item : items_of(expanded.get("expansion"), "contains"))
      codes.push_back(item.text("code"));
    return codes;
  }
  // The first parameter of the name.
  static Json out(const Json& parameters, std::string_view name) {
    for (const Json& item : items_of(parameters, "parameter"))
      if (item.text("name") == name) return item;
    return {};
  }
  static std::string part(const Json& parameter, std::string_view name, const char* path) {
    for (const Json& item : items_of(parameter, "part"))
      if (item.text("name") == name) return item.text(path);
    return {};
  }
  // The value of a concept's property in the answer of $lookup.
  static Json property(const Json& answer, const std::string& code) {
    for (const Json& item : items_of(answer, "parameter"))
      if (item.text("name") == "property" && part(item, "code", "valueCode") == code)
        return item.get("part").at(1);
    return {};
  }
};

TEST_F(TerminologyOperations, ExpandsAValueSet) {
  const Json all = ask("expand", "ValueSet", {{"url", "urn:vs"}});
  EXPECT_THAT(codes(all), ElementsAre("a", "cat", "dodo", "p"));
  EXPECT_EQ(all.get("expansion.contains").at(0).get("abstract"), Json(true));
  EXPECT_EQ(all.get("expansion.contains").at(2).get("inactive"), Json(true));
  EXPECT_FALSE(all.contains("compose"));
  EXPECT_THAT(codes(ask("expand", "ValueSet", {}, "vs")), ElementsAre("a", "cat", "dodo", "p"));
  EXPECT_THAT(codes(ask("expand", "ValueSet", {{"url", "urn:vs"}, {"activeOnly", "true"}})),
              ElementsAre("a", "cat", "p"));
  EXPECT_THAT(codes(ask("expand", "ValueSet", {{"url", "urn:vs"}, {"filter", "LANT"}})), ElementsAre("p"));
  const Json page = ask("expand", "ValueSet", {{"url", "urn:vs"}, {"offset", "1"}, {"count", "2"}});
  EXPECT_THAT(codes(page), ElementsAre("cat", "dodo"));
  EXPECT_EQ(page.get("expansion.total").as_int(), 4);
  EXPECT_EQ(page.get("expansion.offset").as_int(), 1);
}

TEST_F(TerminologyOperations, GivesDesignations) {
  const Json chinese = ask("expand", "ValueSet",
                           {{"url", "urn:vs"}, {"displayLanguage", "zh"}, {"includeDesignations", "true"}});
  EXPECT_EQ(chinese.get("expansion.contains").at(1).text("display"), "猫");
  EXPECT_EQ(chinese.get("expansion.contains").at(1).text("designation.value"), "猫");
  EXPECT_EQ(chinese.get("expansion.contains").at(3).text("display"), "Plant");
}

TEST_F(TerminologyOperations, ExpandsByFilters) {
  const auto filtered = [&](const std::string& property, const std::string& op, const std::string& value) {
    return codes(
        send("expand", "ValueSet",
             R"({"name":"valueSet","resource":{"resourceType":"ValueSet","status":"active","compose":{
                          "include":[{"system":"urn:codes","filter":[{"property":")" +
                 property + R"(","op":")" + op + R"(","value":")" + value + R"("}]}]}}})"));
  };
  EXPECT_THAT(filtered("concept", "is-a", "a"), ElementsAre("a", "cat", "dodo"));
  EXPECT_THAT(filtered("concept", "descendent-of", "a"), ElementsAre("cat", "dodo"));
  EXPECT_THAT(filtered("concept", "is-not-a", "a"), ElementsAre("p"));
  EXPECT_THAT(filtered("concept", "generalizes", "cat"), ElementsAre("a", "cat"));
  EXPECT_THAT(filtered("legs", "=", "4"), ElementsAre("cat"));
  EXPECT_THAT(filtered("legs", "in", "2,4"), ElementsAre("cat", "dodo"));
  EXPECT_THAT(filtered("code", "not-in", "a,p"), ElementsAre("cat", "dodo"));
  EXPECT_THAT(filtered("legs", "exists", "false"), ElementsAre("a", "p"));
  EXPECT_THAT(filtered("display", "regex", "D.d."), ElementsAre("dodo"));
  EXPECT_EQ(code_of([&] { filtered("display", "regex", "("); }), ErrorCode::invalid_value);
  EXPECT_EQ(code_of([&] { filtered("legs", "is-a", "x"); }), ErrorCode::not_supported);
}

TEST_F(TerminologyOperations, ExpandsFhirsOwn) {
  const Json gender =
      ask("expand", "ValueSet", {{"url", "http://hl7.org/fhir/ValueSet/administrative-gender"}});
  EXPECT_THAT(codes(gender), ElementsAre("male", "female", "other", "unknown"));
  EXPECT_EQ(gender.get("expansion.contains").at(0).text("display"), "Male");
}

TEST_F(TerminologyOperations, ExpandsWithoutWhatIsNotWanted) {
  const auto expanded = [&](const Parameters& more) {
    Parameters query{{"url", "urn:vs"}};
    query.insert(query.end(), more.begin(), more.end());
    return ask("expand", "ValueSet", query);
  };
  EXPECT_THAT(codes(expanded({{"excludeNotForUI", "true"}})), ElementsAre("cat", "dodo", "p"));
  EXPECT_THAT(codes(expanded({{"excludePostCoordinated", "true"}})), ElementsAre("a", "cat", "dodo", "p"));
  EXPECT_THAT(codes(expanded({{"exclude-system", "urn:codes"}})), ElementsAre());
  EXPECT_THAT(codes(expanded({{"exclude-system", "urn:codes|2"}})), ElementsAre());
  EXPECT_THAT(codes(expanded({{"exclude-system", "urn:codes|1"}})), ElementsAre("a", "cat", "dodo", "p"));
  EXPECT_TRUE(expanded({{"includeDefinition", "true"}}).contains("compose"));
  EXPECT_FALSE(expanded({}).contains("compose"));
  const auto designations = [&](const std::string& token) {
    return expanded({{"designation", token}, {"filter", "cat"}}).get("expansion.contains").at(0).dump();
  };
  EXPECT_THAT(designations("zh"), HasSubstr("猫"));
  EXPECT_THAT(designations("urn:ietf:bcp:47|zh"), HasSubstr("猫"));
  EXPECT_THAT(designations("de"), ::testing::Not(HasSubstr("designation")));
}

TEST_F(TerminologyOperations, ExpandsByTheVersionsAskedFor) {
  put(R"({"resourceType":"ValueSet","id":"old","url":"urn:old","status":"active",
          "compose":{"include":[{"system":"urn:codes","version":"1"}]}})");
  put(R"({"resourceType":"ValueSet","id":"both","url":"urn:both","status":"active",
          "compose":{"include":[{"valueSet":["urn:old"]}]}})");
  const auto fails = [&](const std::string& url, const char* name, const char* version) {
    return code_of([&] { ask("expand", "ValueSet", {{"url", url}, {name, version}}); });
  };
  const auto found = [&](const std::string& url, const char* name) {
    return codes(ask("expand", "ValueSet", {{"url", url}, {name, "urn:codes|2"}})).size();
  };
  EXPECT_EQ(found("urn:vs", "system-version"), 4u);
  EXPECT_EQ(found("urn:vs", "check-system-version"), 4u);
  EXPECT_EQ(found("urn:old", "force-system-version"), 4u);
  EXPECT_EQ(found("urn:both", "force-system-version"), 4u) << "also of the value sets that it names";
  EXPECT_EQ(fails("urn:vs", "system-version", "urn:codes|9"), ErrorCode::not_supported);
  EXPECT_EQ(fails("urn:old", "system-version", "urn:codes|2"), ErrorCode::not_supported)
      << "it names another";
  EXPECT_EQ(fails("urn:old", "check-system-version", "urn:codes|2"), ErrorCode::invalid_value);
  EXPECT_EQ(fails("urn:vs", "system-version", "urn:codes"), ErrorCode::invalid_value);
}

TEST_F(TerminologyOperations, RefusesWhatItCannotExpand) {
  const auto fails = [&](const Parameters& query) {
    return code_of([&] { ask("expand", "ValueSet", query); });
  };
  EXPECT_EQ(fails({}), ErrorCode::invalid_request);
  EXPECT_EQ(fails({{"url", "urn:none"}}), ErrorCode::not_found);
  EXPECT_EQ(fails({{"url", "urn:vs"}, {"valueSetVersion", "9"}}), ErrorCode::not_found);
  EXPECT_EQ(fails({{"url", "urn:vs"}, {"nonsense", "1"}}), ErrorCode::invalid_request);
  EXPECT_EQ(fails({{"url", "urn:vs"}, {"context", "1"}}), ErrorCode::not_supported);
  EXPECT_EQ(fails({{"url", "urn:vs"}, {"count", "-1"}}), ErrorCode::invalid_value);
  EXPECT_EQ(fails({{"url", "http://hl7.org/fhir/ValueSet/observation-codes"}}), ErrorCode::not_supported);
  EXPECT_EQ(code_of([&] { ask("expand", "ValueSet", {}, "none"); }), ErrorCode::not_found);
  EXPECT_EQ(code_of([&] { ask("expand", "CodeSystem", {}); }), ErrorCode::not_supported);
}

TEST_F(TerminologyOperations, ValidatesCodesOfAValueSet) {
  const auto verdict = [&](const Parameters& more) {
    Parameters query{{"url", "urn:vs"}, {"system", "urn:codes"}};
    query.insert(query.end(), more.begin(), more.end());
    return ask("validate-code", "ValueSet", query);
  };
  const Json right = verdict({{"code", "cat"}});
  EXPECT_EQ(out(right, "result").get("valueBoolean"), Json(true));
  EXPECT_EQ(out(right, "display").text("valueString"), "Cat");
  EXPECT_EQ(out(verdict({{"code", "cat"}, {"display", "CAT"}}), "result").get("valueBoolean"), Json(true));
  EXPECT_EQ(out(verdict({{"code", "cat"}, {"display", "猫"}}), "result").get("valueBoolean"), Json(true));
  const Json wrong_display = verdict({{"code", "cat"}, {"display", "Dog"}});
  EXPECT_EQ(out(wrong_display, "result").get("valueBoolean"), Json(false));
  EXPECT_EQ(out(wrong_display, "display").text("valueString"), "Cat");
  EXPECT_EQ(out(verdict({{"code", "dog"}}), "result").get("valueBoolean"), Json(false));
  EXPECT_THAT(out(verdict({{"code", "a"}}), "message").text("valueString"), HasSubstr("abstract"));
  EXPECT_EQ(out(verdict({{"code", "a"}, {"abstract", "true"}}), "result").get("valueBoolean"), Json(true));
  const Json concept_ = send("validate-code", "ValueSet", R"({"name":"url","valueUri":"urn:vs"},
      {"name":"codeableConcept","valueCodeableConcept":{"coding":[{"system":"urn:else","code":"x"},
                                                                {"system":"urn:codes","code":"p"}]}})");
  EXPECT_EQ(out(concept_, "result").get("valueBoolean"), Json(true)) << "one coding is enough";
  EXPECT_EQ(code_of([&] {
              ask("validate-code", "ValueSet", {{"url", "urn:vs"}, {"code", "cat"}});
            }),
            ErrorCode::invalid_request)
      << "without a system";
}

TEST_F(TerminologyOperations, ValidatesCodesOfASystem) {
  const auto result = [&](const Parameters& query, const std::string& id = {}) {
    return out(ask("validate-code", "CodeSystem", query, id), "result").get("valueBoolean");
  };
  EXPECT_EQ(result({{"url", "urn:codes"}, {"code", "cat"}}), Json(true));
  EXPECT_EQ(result({{"code", "cat"}}, "cs"), Json(true));
  EXPECT_EQ(result({{"url", "urn:codes"}, {"code", "dog"}}), Json(false));
  EXPECT_EQ(result({{"url", "http://hl7.org/fhir/administrative-gender"}, {"code", "male"}}), Json(true));
  EXPECT_EQ(code_of([&] { result({{"url", "urn:none"}, {"code", "cat"}}); }), ErrorCode::not_found);
}

TEST_F(TerminologyOperations, LooksUpACode) {
  const Json cat = ask("lookup", "CodeSystem", {{"system", "urn:codes"}, {"code", "cat"}});
  EXPECT_EQ(out(cat, "name").text("valueString"), "Codes");
  EXPECT_EQ(out(cat, "version").text("valueString"), "2");
  EXPECT_EQ(out(cat, "display").text("valueString"), "Cat");
  EXPECT_EQ(part(out(cat, "designation"), "value", "valueString"), "猫");
  EXPECT_EQ(property(cat, "parent").text("valueCode"), "a");
  EXPECT_EQ(property(cat, "legs").get("valueInteger").as_int(), 4);
  EXPECT_EQ(property(cat, "definition").text("valueString"), "It purrs");
  const Json one =
      ask("lookup", "CodeSystem", {{"system", "urn:codes"}, {"code", "cat"}, {"property", "legs"}});
  EXPECT_TRUE(property(one, "parent").is_null());
  EXPECT_FALSE(property(one, "legs").is_null());
  const Json coding =
      send("lookup", "CodeSystem", R"({"name":"coding","valueCoding":{"system":"urn:codes","code":"p"}})");
  EXPECT_EQ(out(coding, "display").text("valueString"), "Plant");
  EXPECT_EQ(code_of([&] {
              ask("lookup", "CodeSystem", {{"system", "urn:codes"}, {"code", "dog"}});
            }),
            ErrorCode::not_found);
  EXPECT_EQ(code_of([&] {
              ask("lookup", "CodeSystem", {{"system", "urn:none"}, {"code", "a"}});
            }),
            ErrorCode::not_found);
}

TEST_F(TerminologyOperations, ComparesCodes) {
  const auto outcome = [&](const char* a, const char* b) {
    return out(ask("subsumes", "CodeSystem", {{"system", "urn:codes"}, {"codeA", a}, {"codeB", b}}),
               "outcome")
        .text("valueCode");
  };
  EXPECT_EQ(outcome("a", "cat"), "subsumes");
  EXPECT_EQ(outcome("cat", "a"), "subsumed-by");
  EXPECT_EQ(outcome("cat", "cat"), "equivalent");
  EXPECT_EQ(outcome("cat", "dodo"), "not-subsumed");
  EXPECT_EQ(code_of([&] { outcome("cat", "dog"); }), ErrorCode::not_found);
  EXPECT_EQ(
      out(ask("subsumes", "CodeSystem", {{"codeA", "a"}, {"codeB", "p"}}, "cs"), "outcome").text("valueCode"),
      "not-subsumed");
}

TEST_F(TerminologyOperations, TranslatesACode) {
  const auto translated = [&](const Parameters& more) {
    Parameters query{{"system", "urn:codes"}};
    query.insert(query.end(), more.begin(), more.end());
    return ask("translate", "ConceptMap", query);
  };
  const Json cat = translated({{"url", "urn:cm"}, {"code", "cat"}});
  EXPECT_EQ(out(cat, "result").get("valueBoolean"), Json(true));
  EXPECT_EQ(part(out(cat, "match"), "equivalence", "valueCode"), "wider");
  EXPECT_EQ(part(out(cat, "match"), "concept", "valueCoding.code"), "felis");
  EXPECT_EQ(part(out(cat, "match"), "source", "valueUri"), "urn:cm");
  EXPECT_EQ(out(translated({{"code", "cat"}}), "result").get("valueBoolean"), Json(true)) << "any map";
  EXPECT_EQ(out(translated({{"code", "dodo"}}), "result").get("valueBoolean"), Json(false)) << "unmatched";
  EXPECT_EQ(part(out(translated({{"code", "p"}}), "match"), "concept", "valueCoding.code"), "thing");
  EXPECT_EQ(out(translated({{"code", "cat"}, {"targetsystem", "urn:x"}}), "result").get("valueBoolean"),
            Json(false));
  const Json back =
      ask("translate", "ConceptMap", {{"system", "urn:other"}, {"code", "felis"}, {"reverse", "true"}});
  EXPECT_EQ(part(out(back, "match"), "concept", "valueCoding.code"), "cat");
  EXPECT_EQ(part(out(back, "match"), "equivalence", "valueCode"), "narrower");
  const Json own = ask("translate", "ConceptMap",
                       {{"system", "http://hl7.org/fhir/administrative-gender"}, {"code", "male"}});
  EXPECT_EQ(part(out(own, "match"), "concept", "valueCoding.code"), "M") << "FHIR's map to v3";
}

TEST_F(TerminologyOperations, TranslatesByTheOtherMapThatOneNames) {
  for (const auto& [id, other] : std::map<std::string, std::string>{{"one", "two"}, {"two", "one"}})
    put(R"({"resourceType":"ConceptMap","id":")" + id + R"(","url":"urn:)" + id + R"(","status":"active",
            "group":[{"source":"urn:codes","target":"urn:other","element":[
              {"code":"only-)" +
        id + R"(","target":[{"code":"x-)" + id + R"(","equivalence":"equal"}]}],
              "unmapped":{"mode":"other-map","url":"urn:)" +
        other + R"("}}]})");
  const auto translated = [&](const std::string& code) {
    return ask("translate", "ConceptMap", {{"url", "urn:one"}, {"system", "urn:codes"}, {"code", code}});
  };
  EXPECT_EQ(part(out(translated("only-two"), "match"), "concept", "valueCoding.code"), "x-two");
  EXPECT_EQ(part(out(translated("only-two"), "match"), "source", "valueUri"), "urn:two");
  EXPECT_EQ(part(out(translated("only-one"), "match"), "concept", "valueCoding.code"), "x-one");
  EXPECT_EQ(out(translated("none"), "result").get("valueBoolean"), Json(false))
      << "though they go in a circle";
}

// Each of twenty maps has twenty groups that send on to the next: 20^20 ways, if each were gone.
TEST_F(TerminologyOperations, FollowsEachMapOnce) {
  constexpr int kMaps = 20;
  for (int i = 0; i < kMaps; ++i) {
    std::string groups;
    for (int j = 0; j < kMaps; ++j)
      groups += (j == 0 ? "" : ",") +
                (R"({"source":"urn:codes","target":"urn:other","element":[{"code":"else"}],
                     "unmapped":)" +
                 (i + 1 < kMaps ? R"({"mode":"other-map","url":"urn:map-)" + std::to_string(i + 1) + R"("}})"
                                : std::string(R"({"mode":"fixed","code":"end"}})")));
    put(R"({"resourceType":"ConceptMap","id":"map-)" + std::to_string(i) + R"(","url":"urn:map-)" +
        std::to_string(i) + R"(","status":"active","group":[)" + groups + "]}");
  }
  const Json answer =
      ask("translate", "ConceptMap", {{"url", "urn:map-0"}, {"system", "urn:codes"}, {"code", "c"}});
  EXPECT_EQ(part(out(answer, "match"), "concept", "valueCoding.code"), "end");
}

TEST_F(TerminologyOperations, TerminologyCapabilitiesNameTheSystems) {
  const Json capabilities = record_->terminology_capabilities();
  EXPECT_THAT(capabilities.dump(), HasSubstr("urn:codes"));
  EXPECT_THAT(capabilities.dump(), HasSubstr("http://hl7.org/fhir/administrative-gender"));
  EXPECT_EQ(record_->validate(capabilities).dump().find("\"error\""), std::string::npos);
}

TEST_F(TerminologyOperations, JudgesNoCodeOfASystemThatIsNotListed) {
  put(R"({"resourceType":"CodeSystem","id":"no","url":"urn:no","status":"active","content":"not-present"})");
  put(R"({"resourceType":"CodeSystem","id":"part","url":"urn:part","status":"active","content":"fragment",
          "concept":[{"code":"a","display":"A"}]})");
  const auto result = [&](const std::string& url, const std::string& code) {
    return out(ask("validate-code", "CodeSystem", {{"url", url}, {"code", code}}), "result")
        .get("valueBoolean")
        .as_bool();
  };
  EXPECT_EQ(code_of([&] { result("urn:no", "a"); }), ErrorCode::not_supported);
  EXPECT_EQ(code_of([&] { result("urn:part", "b"); }), ErrorCode::not_supported);
  EXPECT_TRUE(result("urn:part", "a"));
  EXPECT_FALSE(result("urn:codes", "none"));
}

}  // namespace
}  // namespace meridian::record
