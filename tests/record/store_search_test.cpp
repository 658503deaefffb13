#include <gmock/gmock.h>

#include "record/query/query_string.h"
#include "record/store_fixture.h"

namespace meridian::record {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

class StoreSearch : public StoreTest {
 protected:
  void SetUp() override {
    StoreTest::SetUp();
    put(R"({"resourceType":"Organization","id":"clinic","name":"Village Clinic"})");
    put(R"({"resourceType":"Patient","id":"anna","active":true,"gender":"female","birthDate":"1970-05-02",
      "meta":{"tag":[{"system":"t","code":"demo"}],"profile":["http://example.org/p"]},
      "identifier":[{"system":"urn:ids","value":"1|1"}],"name":[{"family":"Müller-Smith","given":["Anna","Maria"]}],
      "managingOrganization":{"reference":"Organization/clinic"}})");
    put(R"({"resourceType":"Patient","id":"bo","gender":"male","birthDate":"1980",
      "name":[{"family":"Smythe","given":["Bo"]}]})");
    put(R"({"resourceType":"Observation","id":"weight","status":"final","subject":{"reference":"Patient/anna"},
      "code":{"coding":[{"system":"http://loinc.org","code":"29463-7"}]},"effectiveDateTime":"2026-11-24T08:30:00Z",
      "valueQuantity":{"value":60.0,"unit":"kg","system":"http://unitsofmeasure.org","code":"kg"}})");
    put(R"({"resourceType":"Observation","id":"stay","status":"preliminary","subject":{"reference":"Patient/bo"},
      "code":{"coding":[{"system":"urn:own","code":"29463-7"}]},
      "effectivePeriod":{"start":"2026-01-01","end":"2026-06-30"},
      "valueQuantity":{"value":7,"unit":"days"}})");
    put(R"({"resourceType":"Observation","id":"loose","status":"final","code":{"text":"x"},
      "subject":{"identifier":{"system":"urn:ids","value":"9"}}})");
  }
  std::optional<ErrorCode> refused(const std::string& type, const Parameters& parameters) {
    return code_of([&] { search(type, parameters); });
  }
};

TEST_F(StoreSearch, FindsStrings) {
  EXPECT_THAT(found("Patient", {{"family", "sm"}}), ElementsAre("bo"));
  EXPECT_THAT(found("Patient", {{"family", "MULLER"}}), ElementsAre("anna"));
  EXPECT_THAT(found("Patient", {{"name", "maria"}}), ElementsAre("anna"));
  EXPECT_THAT(found("Patient", {{"family:contains", "smith"}}), ElementsAre("anna"));
  EXPECT_THAT(found("Patient", {{"family:exact", "Smythe"}}), ElementsAre("bo"));
  EXPECT_THAT(found("Patient", {{"family:exact", "smythe"}}), IsEmpty());
  EXPECT_THAT(found("Patient", {{"given", "anna,bo"}}), ElementsAre("anna", "bo"));
  EXPECT_THAT(found("Patient", {{"given", "anna"}, {"gender", "male"}}), IsEmpty());
}

TEST_F(StoreSearch, FindsTokens) {
  EXPECT_THAT(found("Observation", {{"code", "29463-7"}}), ElementsAre("weight", "stay"));
  EXPECT_THAT(found("Observation", {{"code", "http://loinc.org|29463-7"}}), ElementsAre("weight"));
  EXPECT_THAT(found("Observation", {{"code", "urn:own|"}}), ElementsAre("stay"));
  EXPECT_THAT(found("Observation", {{"code", "|29463-7"}}), IsEmpty());
  EXPECT_THAT(found("Observation", {{"status:not", "final"}}), ElementsAre("stay"));
  EXPECT_THAT(found("Patient", {{"identifier", "urn:ids|1\\|1"}}), ElementsAre("anna"));
  EXPECT_THAT(found("Patient", {{"active", "true"}}), ElementsAre("anna"));
  EXPECT_THAT(found("Patient", {{"_tag", "t|demo"}}), ElementsAre("anna"));
  EXPECT_THAT(found("Patient", {{"_profile", "http://example.org/p"}}), ElementsAre("anna"));
  EXPECT_THAT(found("Patient", {{"_id", "bo,anna,none"}}), ElementsAre("anna", "bo"));
}

TEST_F(StoreSearch, TokensThatAreStringsAreFoundInAnyCase) {
  put(R"({"resourceType":"ConceptMap","id":"m","status":"active","version":"2-Beta"})");
  EXPECT_THAT(found("ConceptMap", {{"version", "2-bETA"}}), ElementsAre("m"));
  EXPECT_THAT(found("ConceptMap", {{"version", "|2-BETA"}}), ElementsAre("m"));
  EXPECT_THAT(found("ConceptMap", {{"version:not", "2-beta"}}), IsEmpty());
  EXPECT_THAT(found("ConceptMap", {{"version", "2"}}), IsEmpty());
  EXPECT_THAT(found("Patient", {{"gender", "Female"}}), IsEmpty()) << "codes are told apart by their case";
}

TEST_F(StoreSearch, FindsWhatIsMissing) {
  EXPECT_THAT(found("Patient", {{"active:missing", "true"}}), ElementsAre("bo"));
  EXPECT_THAT(found("Patient", {{"active:missing", "false"}}), ElementsAre("anna"));
  EXPECT_THAT(found("Observation", {{"subject:missing", "true"}}), IsEmpty());
  EXPECT_EQ(refused("Patient", {{"active:missing", "maybe"}}), ErrorCode::invalid_value);
}

TEST_F(StoreSearch, FindsReferences) {
  for (const std::string value : {"Patient/anna", "anna", "http://node.example/fhir/Patient/anna"})
    EXPECT_THAT(found("Observation", {{"subject", value}}), ElementsAre("weight")) << value;
  EXPECT_THAT(found("Observation", {{"subject:Patient", "anna"}}), ElementsAre("weight"));
  EXPECT_THAT(found("Observation", {{"patient", "bo"}}), ElementsAre("stay"));
  EXPECT_THAT(found("Observation", {{"subject:identifier", "urn:ids|9"}}), ElementsAre("loose"));
  EXPECT_THAT(found("Observation", {{"subject", "Group/anna"}}), IsEmpty());
}

TEST_F(StoreSearch, FindsDatesByTheirIntervals) {
  EXPECT_THAT(found("Patient", {{"birthdate", "1970"}}), ElementsAre("anna"));
  EXPECT_THAT(found("Patient", {{"birthdate", "1980-01-01"}}), IsEmpty());
  EXPECT_THAT(found("Patient", {{"birthdate", "gt1970-05-01"}}), ElementsAre("anna", "bo"));
  EXPECT_THAT(found("Patient", {{"birthdate", "gt1970-05-02"}}), ElementsAre("bo"));
  EXPECT_THAT(found("Patient", {{"birthdate", "ge1970-05-02"}, {"birthdate", "lt1975"}}),
              ElementsAre("anna"));
  EXPECT_THAT(found("Patient", {{"birthdate", "ne1970-05-02"}}), ElementsAre("bo"));
  EXPECT_THAT(found("Observation", {{"date", "gt2026-03"}}), ElementsAre("weight", "stay"));
  EXPECT_THAT(found("Observation", {{"date", "sa2026-03"}}), ElementsAre("weight"));
  EXPECT_THAT(found("Observation", {{"date", "eb2026-07"}}), ElementsAre("stay"));
  EXPECT_THAT(found("Observation", {{"date", "2026-11-24"}}), ElementsAre("weight"));
  EXPECT_THAT(found("Observation", {{"date", "2026-11-24T09:30:00+01:00"}}), ElementsAre("weight"));
  EXPECT_THAT(found("Patient", {{"_lastUpdated", "ge2020"}}), ElementsAre("anna", "bo"));
  EXPECT_THAT(found("Patient", {{"_lastUpdated", "lt2020"}}), IsEmpty());
}

TEST_F(StoreSearch, FindsQuantitiesInAnyUnit) {
  EXPECT_THAT(found("Observation", {{"value-quantity", "gt50"}}), ElementsAre("weight"));
  EXPECT_THAT(found("Observation", {{"value-quantity", "60|http://unitsofmeasure.org|kg"}}),
              ElementsAre("weight"));
  EXPECT_THAT(found("Observation", {{"value-quantity", "60000|http://unitsofmeasure.org|g"}}),
              ElementsAre("weight"));
  EXPECT_THAT(found("Observation", {{"value-quantity", "le60000|http://unitsofmeasure.org|g"}}),
              ElementsAre("weight"));
  EXPECT_THAT(found("Observation", {{"value-quantity", "60||g"}}), IsEmpty());
  EXPECT_THAT(found("Observation",
                    {{"code-value-quantity", "http://loinc.org|29463-7$gt59|http://unitsofmeasure.org|kg"}}),
              ElementsAre("weight"));
  EXPECT_THAT(found("Observation", {{"code-value-quantity", "29463-7$lt10"}}), ElementsAre("stay"));
}

TEST_F(StoreSearch, FindsUris) {
  for (const std::string url : {"http://h/a", "http://h/a/b", "http://h/ab"})
    create(R"({"resourceType":"ValueSet","status":"draft","url":")" + url + "\"}");
  EXPECT_THAT(found("ValueSet", {{"url", "http://h/a"}}), SizeIs(1));
  EXPECT_THAT(found("ValueSet", {{"url:below", "http://h/a"}}), SizeIs(2));
  EXPECT_THAT(found("ValueSet", {{"url:above", "http://h/a/b/c"}}), SizeIs(2));
}

TEST_F(StoreSearch, FollowsChainsBothWays) {
  EXPECT_THAT(found("Observation", {{"subject:Patient.name", "anna"}}), ElementsAre("weight"));
  EXPECT_THAT(found("Observation", {{"patient.gender", "male"}}), ElementsAre("stay"));
  EXPECT_THAT(found("Observation", {{"subject:Patient.organization.name", "village"}}),
              ElementsAre("weight"));
  EXPECT_THAT(found("Patient", {{"_has:Observation:patient:code", "http://loinc.org|29463-7"}}),
              ElementsAre("anna"));
  EXPECT_THAT(found("Organization", {{"_has:Patient:organization:_has:Observation:subject:status", "final"}}),
              ElementsAre("clinic"));
  EXPECT_EQ(refused("Observation", {{"status.name", "x"}}), ErrorCode::invalid_request);
  EXPECT_EQ(refused("Observation", {{"subject:Patient.nonsense", "x"}}), ErrorCode::invalid_request);
  EXPECT_EQ(refused("Patient", {{"_has:Observation:code", "x"}}), ErrorCode::invalid_request);
  std::string chain = "subject:Patient";
  for (int i = 0; i < 20; ++i) chain += ".link:Patient";
  EXPECT_EQ(refused("Observation", {{chain + ".name", "x"}}), ErrorCode::invalid_request);
}

TEST_F(StoreSearch, BringsAlongWhatBelongsToTheMatches) {
  const Json with = search(
      "Observation",
      {{"_id", "weight"}, {"_include", "Observation:subject"}, {"_include:iterate", "Patient:organization"}});
  EXPECT_THAT(ids(with, "match"), ElementsAre("weight"));
  EXPECT_THAT(ids(with, "include"), ElementsAre("anna", "clinic"));
  const Json back = search("Patient", {{"_id", "anna"}, {"_revinclude", "Observation:subject"}});
  EXPECT_THAT(ids(back, "include"), ElementsAre("weight"));
  EXPECT_THAT(ids(search("Patient", {{"_revinclude", "Observation:*"}}), "include"),
              UnorderedElementsAre("weight", "stay"));
  EXPECT_EQ(refused("Patient", {{"_include", "Patient:gender"}}), ErrorCode::invalid_request);
}

TEST_F(StoreSearch, BringsAlongWhatIsOfAnyType) {
  put(R"({"resourceType":"Provenance","id":"pr","target":[{"reference":"Observation/weight"}],
    "recorded":"2026-01-01T00:00:00Z","agent":[{"who":{"reference":"Organization/clinic"}}]})");
  EXPECT_THAT(ids(search("Patient", {{"_id", "anna"}, {"_revinclude", "*"}}), "include"),
              UnorderedElementsAre("weight"));
  EXPECT_THAT(ids(search("Patient", {{"_id", "anna"}, {"_revinclude:iterate", "*"}}), "include"),
              UnorderedElementsAre("weight", "pr"));
  EXPECT_THAT(ids(search("Observation", {{"_id", "weight"}, {"_include", "*"}}), "include"),
              UnorderedElementsAre("anna"));
  EXPECT_THAT(ids(search("Observation", {{"_id", "weight"}, {"_include:iterate", "*"}}), "include"),
              UnorderedElementsAre("anna", "clinic"));
}

TEST_F(StoreSearch, SaysWhatItDoesNotDoWithContainedResources) {
  EXPECT_EQ(refused("Patient", {{"_contained", "false"}}), std::nullopt);
  EXPECT_EQ(refused("Patient", {{"_contained", "true"}}), ErrorCode::invalid_request);
  EXPECT_EQ(refused("Patient", {{"_contained", "both"}}), ErrorCode::invalid_request);
  EXPECT_EQ(refused("Patient", {{"_containedType", "container"}}), ErrorCode::invalid_request);
  const Json lenient = search("Patient", {{"_contained", "true"}, {"handling", "lenient"}});
  EXPECT_THAT(ids(lenient, "match"), SizeIs(2));
  EXPECT_THAT(ids(lenient, "outcome"), SizeIs(1));
}

TEST_F(StoreSearch, KnowsThatAllHaveAnIdAndATime) {
  for (const std::string code : {"_id", "_lastUpdated"}) {
    EXPECT_THAT(found("Patient", {{code + ":missing", "false"}}), UnorderedElementsAre("anna", "bo")) << code;
    EXPECT_THAT(found("Patient", {{code + ":missing", "true"}}), IsEmpty()) << code;
    EXPECT_EQ(refused("Patient", {{code + ":missing", "maybe"}}), ErrorCode::invalid_value) << code;
  }
}

TEST_F(StoreSearch, SortsWithWhatHasNoValueLast) {
  EXPECT_THAT(found("Patient", {{"_sort", "-birthdate"}}), ElementsAre("bo", "anna"));
  EXPECT_THAT(found("Observation", {{"_sort", "date"}}), ElementsAre("stay", "weight", "loose"));
  EXPECT_THAT(found("Observation", {{"_sort", "-date"}}), ElementsAre("weight", "stay", "loose"));
  EXPECT_THAT(found("Observation", {{"_sort", "status,-_id"}}), ElementsAre("weight", "loose", "stay"));
  EXPECT_THAT(found("Observation", {{"_sort", "-value-quantity"}}), ElementsAre("weight", "stay", "loose"));
  EXPECT_EQ(refused("Observation", {{"_sort", "nonsense"}}), ErrorCode::invalid_request);
}

TEST_F(StoreSearch, PagesWithoutRepeatingOrMissingAny) {
  for (int i = 0; i < 25; ++i)
    put(R"({"resourceType":"Basic","id":"b)" + std::to_string(i) +
        R"(","code":{"text":"x"},"created":"2026-01-)" +
        (i % 7 < 3 ? "0" + std::to_string(1 + i % 7) + "\"}" : "10\"}"));
  for (const std::string sort : {"", "created", "-created", "-_lastUpdated"}) {
    std::vector<std::string> seen;
    Parameters parameters{{"_count", "4"}, {"_sort", sort}};
    for (int page = 0; page < 10; ++page) {
      const Json bundle = search("Basic", parameters);
      for (const std::string& id : ids(bundle, "match")) seen.push_back(id);
      const std::string next = link(bundle, "next");
      if (next.empty()) break;
      parameters = parse_query(next.substr(next.find('?')));
      create(R"({"resourceType":"Patient"})");
    }
    EXPECT_EQ(seen.size(), 25u) << sort;
    EXPECT_EQ(std::set<std::string>(seen.begin(), seen.end()).size(), 25u) << sort;
  }
}

// Between two pages: resources on pages already seen and on pages still to come are changed and deleted, and
// new ones made.
TEST_F(StoreSearch, PagesStablyWhileOthersWrite) {
  const auto basic = [](int number, const std::string& text) {
    return R"({"resourceType":"Basic","id":"b)" + std::to_string(number) + R"(","code":{"text":")" + text +
           R"("},"created":"2026-01-)" + std::to_string(10 + number % 9) + "\"}";
  };
  for (const std::string sort : {"", "created", "-created", "_id"}) {
    for (int i = 100; i < 140; ++i) put(basic(i, sort + "as first written"));
    const std::vector<std::string> before = found("Basic", {{"_count", "1000"}, {"_sort", sort}});
    std::vector<std::string> seen;
    Parameters parameters{{"_count", "7"}, {"_sort", sort}};
    for (std::size_t page = 1;; ++page) {
      const Json bundle = search("Basic", parameters);
      for (const std::string& id : ids(bundle, "match")) seen.push_back(id);
      const std::string next = link(bundle, "next");
      if (next.empty()) break;
      parameters = parse_query(next.substr(next.find('?')));
      put(basic(100 + static_cast<int>(page), sort + "changed while paging"));
      put(basic(139 - static_cast<int>(page), sort + "changed while paging"));
      record_->remove(system_, "Basic", seen[page]);
      create(R"({"resourceType":"Basic","code":{"text":"new"},"created":"2026-01-14"})");
    }
    EXPECT_EQ(std::set<std::string>(seen.begin(), seen.end()).size(), seen.size()) << sort;
    for (const std::string& id : before) EXPECT_THAT(seen, ::testing::Contains(id)) << sort;
  }
}

TEST_F(StoreSearch, RefusesAForeignCursor) {
  for (const std::string cursor : {"x", "00", "5b5d", "5b2261225d", "5b312c322c335d"})
    EXPECT_EQ(refused("Patient", {{"_cursor", cursor}}), ErrorCode::invalid_value) << cursor;
}

TEST_F(StoreSearch, Counts) {
  const Json count = search("Patient", {{"_summary", "count"}});
  EXPECT_EQ(count.get("total").as_int(), 2);
  EXPECT_THAT(ids(count, "match"), IsEmpty());
  EXPECT_EQ(search("Observation", {{"_count", "1"}, {"_total", "accurate"}}).get("total").as_int(), 3);
  EXPECT_EQ(search("Observation", {{"_count", "0"}}).get("total").as_int(), 3);
  EXPECT_EQ(search("Observation", {}).get("total").as_int(), 3);
}

TEST_F(StoreSearch, GivesPartsOfResources) {
  const Json part =
      search("Observation", {{"_id", "weight"}, {"_elements", "subject"}}).get("entry").at(0).get("resource");
  EXPECT_EQ(part.text("subject.reference"), "Patient/anna");
  EXPECT_EQ(part.text("status"), "final") << "mandatory elements stay";
  EXPECT_FALSE(part.contains("valueQuantity"));
  EXPECT_EQ(part.text("meta.tag.code"), "SUBSETTED");
}

TEST_F(StoreSearch, RefusesUnknownParametersUnlessLenient) {
  EXPECT_EQ(refused("Patient", {{"nonsense", "1"}}), ErrorCode::invalid_request);
  EXPECT_EQ(refused("Patient", {{"family:nonsense", "1"}}), ErrorCode::invalid_request);
  EXPECT_EQ(refused("Patient", {{"birthdate", "yesterday"}}), ErrorCode::invalid_value);
  EXPECT_EQ(refused("Patient", {{"birthdate", "1970-02-30"}}), ErrorCode::invalid_value);
  EXPECT_EQ(refused("Observation", {{"value-quantity", "ten"}}), ErrorCode::invalid_value);
  EXPECT_EQ(refused("Observation", {{"code", "a|b|c"}}), ErrorCode::invalid_value);
  EXPECT_EQ(refused("Patient", {{"_count", "-1"}}), ErrorCode::invalid_value);
  EXPECT_EQ(refused("Nonsense", {}), ErrorCode::not_found);
  const Json lenient = search("Patient", {{"nonsense", "1"}, {"handling", "lenient"}, {"gender", "male"}});
  EXPECT_THAT(ids(lenient, "match"), ElementsAre("bo"));
  EXPECT_EQ(link(lenient, "self"), "http://node.example/fhir/Patient?gender=male");
  std::string many = "a";
  for (int i = 0; i < 300; ++i) many += ",a" + std::to_string(i);
  EXPECT_EQ(refused("Patient", {{"family", many}}), ErrorCode::invalid_request);
}

TEST_F(StoreSearch, TakesHostileValuesAsText) {
  for (const std::string value : {"'; DROP TABLE resource; --", "%", "_", "\\", "a$b|c,d"})
    EXPECT_THAT(found("Patient", {{"name:exact", value}}), IsEmpty()) << value;
  // What is no UTF-8: SQLite finds nothing, PostgreSQL refuses.
  const auto code = code_of([&] { EXPECT_THAT(found("Patient", {{"name:exact", "\xff\xfe"}}), IsEmpty()); });
  EXPECT_EQ(code.value_or(ErrorCode::invalid_value), ErrorCode::invalid_value);
  EXPECT_THAT(found("Patient", {{"gender", "male"}}), SizeIs(1));
}

TEST_F(StoreSearch, FindsWhatAnUpdateMadeOfIt) {
  put(R"({"resourceType":"Patient","id":"bo","gender":"other"})");
  EXPECT_THAT(found("Patient", {{"gender", "male"}}), IsEmpty());
  EXPECT_THAT(found("Patient", {{"gender", "other"}}), ElementsAre("bo"));
}

TEST_F(StoreSearch, ListsVersionsNewestFirst) {
  put(R"({"resourceType":"Patient","id":"bo","gender":"other"})");
  record_->remove(system_, "Patient", "bo");
  const Json history = Json::parse(record_->history(system_, "Patient", "bo", {}));
  ASSERT_THAT(history.get("entry").items(), SizeIs(3));
  EXPECT_EQ(history.get("entry").at(0).text("request.method"), "DELETE");
  EXPECT_EQ(history.get("entry").at(1).text("resource.gender"), "other");
  EXPECT_EQ(history.get("entry").at(2).text("request.method"), "POST");
  EXPECT_EQ(history.get("total").as_int(), 3);
  EXPECT_THAT(Json::parse(record_->history(system_, "", "", {})).get("entry").items(), SizeIs(8));
  const Json page = Json::parse(record_->history(system_, "Patient", "", {{"_count", "3"}}));
  const std::string next = link(page, "next");
  const Json rest =
      Json::parse(record_->history(system_, "Patient", "", parse_query(next.substr(next.find('?')))));
  EXPECT_THAT(rest.get("entry").items(), SizeIs(1));
  EXPECT_EQ(code_of([&] { record_->history(system_, "Patient", "none", {}); }), ErrorCode::not_found);
  EXPECT_EQ(code_of([&] {
              record_->history(system_, "Patient", "bo", {{"_cursor", "zz"}});
            }),
            ErrorCode::invalid_value);
}

TEST_F(StoreSearch, ListsWhatWasCurrentAtATime) {
  const auto history = [&](const std::string& type, const Parameters& parameters) {
    std::vector<std::string> versions;
    const Json bundle = Json::parse(record_->history(system_, type, "", parameters));
    if (const Json* entries = bundle.find("entry"))
      for (const Json& entry : entries->items())
        versions.push_back(entry.text("resource.id") + "/" + entry.text("resource.meta.versionId"));
    return versions;
  };
  put(R"({"resourceType":"Patient","id":"bo","gender":"other"})");
  EXPECT_THAT(history("Patient", {{"_at", "2020"}}), IsEmpty());
  EXPECT_THAT(history("Patient", {{"_at", "2019-01-01,2100"}}), UnorderedElementsAre("anna/1", "bo/2"));
  EXPECT_THAT(history("Patient", {{"_at", "gt2100"}}), UnorderedElementsAre("anna/1", "bo/2"));
  EXPECT_THAT(history("Patient", {{"_at", "lt2020"}}), IsEmpty());
  EXPECT_EQ(code_of([&] { history("Patient", {{"_at", "ne2020"}}); }), ErrorCode::invalid_request);
  const auto time = [](const Version& version) { return Json::parse(version.body).text("meta.lastUpdated"); };
  const std::string second = time(record_->read(system_, "Patient", "bo"));
  Version last;
  do {  // until the clock has gone on
    last = put(R"({"resourceType":"Patient","id":"bo","birthDate":"19)" +
               std::to_string(10 + last.number % 90) + "\"}");
  } while (time(last) == second);
  const std::string newest = "bo/" + std::to_string(last.number);
  EXPECT_THAT(history("Patient", {{"_at", second}}), AllOf(Contains("bo/2"), Not(Contains(newest))));
  EXPECT_THAT(history("Patient", {{"_at", time(last)}}), AllOf(Contains(newest), Not(Contains("bo/1"))));
  put(R"({"resourceType":"List","id":"l","status":"current","mode":"working",
          "entry":[{"item":{"reference":"Patient/bo"}}]})");
  EXPECT_THAT(history("", {{"_list", "l"}}),
              AllOf(Contains("bo/1"), Contains(newest), Not(Contains("anna/1"))));
  EXPECT_THAT(history("Patient", {{"_list", "none"}}), IsEmpty());
}

TEST_F(StoreSearch, GivesOtherRoomsResources) {
  const std::vector<Json> all = record_->find(system_, "Observation", {{"status", "final"}});
  ASSERT_THAT(all, SizeIs(2));
  EXPECT_EQ(all[0].text("id"), "weight");
  EXPECT_THAT(record_->find(system_, "Observation", {{"_count", "1"}}), SizeIs(1));
}

TEST(QueryString, ComesBackAsItWas) {
  const Parameters parameters{{"name", "李 & co+%"}, {"code", "a|b,c$d"}};
  EXPECT_EQ(parse_query(format_query(parameters)), parameters);
  EXPECT_EQ(parse_query("?a=1&&b&c=x+y%20z"), (Parameters{{"a", "1"}, {"b", ""}, {"c", "x y z"}}));
  EXPECT_TRUE(code_of([] { parse_query("a=%4"); }));
  EXPECT_TRUE(code_of([] { parse_query("a=%zz"); }));
}

}  // namespace
}  // namespace meridian::record
