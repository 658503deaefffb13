// $graphql.
#include <set>

#include "doors/http_node_fixture.h"
#include "record/query/query_string.h"

namespace meridian::doors::http {
namespace {

using ::testing::HasSubstr;

constexpr const char* kGraphql = "Content-Type: application/graphql\r\n";

class HttpGraphqlTest : public HttpNodeTest {
 protected:
  HttpGraphqlTest() {
    send("PUT", "/fhir/Patient/p", R"({"resourceType":"Patient","id":"p","gender":"female","name":[
        {"use":"official","family":"Li","given":["Na"]},{"use":"usual","family":"Lee"}],
        "managingOrganization":{"reference":"Organization/east"}})");
    send("PUT", "/fhir/Observation/o", R"({"resourceType":"Observation","id":"o","status":"final",
        "code":{"text":"weight"},"subject":{"reference":"Patient/p"},"valueQuantity":{"value":70.50,"unit":"kg"}})");
  }
  HttpAnswer ask(const std::string& query, const std::string& address = "/fhir/$graphql") {
    return get(address + "?query=" + record::encode_percent(query));
  }
  std::string data(const std::string& query, const std::string& address = "/fhir/$graphql") {
    const HttpAnswer answer = ask(query, address);
    EXPECT_EQ(answer.status, 200) << answer.body;
    return answer.status == 200 ? answer.json().get("data").dump() : answer.body;
  }
};

TEST_F(HttpGraphqlTest, ReadsOneResource) {
  EXPECT_EQ(
      data(R"({ Patient(id: "p") { id gender name { family given } } })"),
      R"({"Patient":{"id":"p","gender":"female","name":[{"family":"Li","given":["Na"]},{"family":"Lee"}]}})");
  EXPECT_EQ(data("{ id resourceType }", "/fhir/Patient/p/$graphql"),
            R"({"id":"p","resourceType":"Patient"})");
}

TEST_F(HttpGraphqlTest, ChoosesAmongValues) {
  EXPECT_EQ(data(R"({ Patient(id: "p") { name(use: usual) { family } } })"),
            R"({"Patient":{"name":[{"family":"Lee"}]}})");
  EXPECT_EQ(data(R"q({ Patient(id: "p") { own: name(fhirpath: "given.exists()") @first { family } }})q"),
            R"({"Patient":{"own":{"family":"Li"}}})");
  EXPECT_EQ(ask(R"({ Patient(id: "p") { name @singleton { family } } })").status, 422);
}

TEST_F(HttpGraphqlTest, FlattensAndSlicesLists) {
  EXPECT_EQ(data(R"({ Patient(id: "p") { id name @flatten { family given } } })"),
            R"({"Patient":{"id":"p","family":["Li","Lee"],"given":["Na"]}})");
  EXPECT_EQ(data(R"q({ Patient(id: "p") { name(use: official) @flatten { family @singleton } } })q"),
            R"({"Patient":{"family":"Li"}})");
  EXPECT_EQ(ask(R"({ Patient(id: "p") { name @flatten { family @singleton } } })").status, 422);
  EXPECT_EQ(data(R"q({ Patient(id: "p") { name @slice(fhirpath: "use") { family } } })q"),
            R"({"Patient":{"name.official":{"family":"Li"},"name.usual":{"family":"Lee"}}})");
  EXPECT_EQ(data(R"q({ Patient(id: "p") { name @slice(fhirpath: "$index") { family } } })q"),
            R"({"Patient":{"name.0":{"family":"Li"},"name.1":{"family":"Lee"}}})");
  EXPECT_EQ(ask(R"q({ Patient(id: "p") { name @slice(fhirpath: "period") { family } } })q").status, 422);
}

TEST_F(HttpGraphqlTest, GoesThroughPages) {
  for (const char* id : {"q", "r"})
    send("PUT", "/fhir/Patient/" + std::string(id),
         R"({"resourceType":"Patient","id":")" + std::string(id) + R"(",
        "managingOrganization":{"reference":"Organization/east"}})");
  const HttpAnswer first =
      ask("{ PatientConnection(_count: 2) { count pagesize next edges { mode resource { id } } } }");
  ASSERT_EQ(first.status, 200) << first.body;
  const Json page = first.json().get("data.PatientConnection");
  EXPECT_EQ(page.get("count").as_int(), 3);
  EXPECT_EQ(page.get("pagesize").as_int(), 2);
  EXPECT_EQ(page.get("edges").dump(),
            R"([{"mode":"match","resource":{"id":"p"}},{"mode":"match","resource":{"id":"q"}}])");
  EXPECT_EQ(data("{ PatientConnection(_count: 2, _cursor: \"" + page.text("next") +
                 "\") { next edges { resource { id } } } }"),
            R"({"PatientConnection":{"edges":[{"resource":{"id":"r"}}]}})");
  EXPECT_EQ(data("{ ObservationConnection(_reference: subject) { edges { resource { status } } } }",
                 "/fhir/Patient/p/$graphql"),
            R"({"ObservationConnection":{"edges":[{"resource":{"status":"final"}}]}})");
  EXPECT_EQ(ask("{ PatientConnection { offset } }").status, 501);
  EXPECT_EQ(ask("{ PatientConnection { nothing } }").status, 422);
}

// Pages of two from the last to the first, however they are found: by key, by a code, along an index, by what
// some do not have.
TEST_F(HttpGraphqlTest, GoesBackThroughPages) {
  const auto put_patient = [&](const std::string& id, const std::string& birthday,
                               const char* clinic = "east") {
    const std::string born = birthday.empty() ? "" : R"("birthDate":")" + birthday + R"(",)";
    send("PUT", "/fhir/Patient/" + id,
         R"({"resourceType":"Patient","id":")" + id + R"(","gender":"female",)" + born +
             R"("managingOrganization":{"reference":"Organization/)" + clinic + R"("}})");
  };
  sign_in("zhao");
  put_patient("theirs", "1970-01-01", "west");
  sign_in("wang");
  send("DELETE", "/fhir/Patient/p");
  for (const auto& [id, birthday] : {std::pair("a", "1950-01-01"),
                                     {"b", ""},
                                     {"c", "1990-01-01"},
                                     {"d", "1970-01-01"},
                                     {"e", "1970-01-01"},
                                     {"f", ""},
                                     {"g", "1960-01-01"}})
    put_patient(id, birthday);
  const auto page_at = [&](const std::string& search, const std::string& cursor) {
    return ask("{ PatientConnection(_count: 2, " + search + "_cursor: \"" + cursor +
               "\") { previous next last edges { resource { id } } } }")
        .json()
        .get("data.PatientConnection");
  };
  const auto ids_of = [](const Json& page) {
    std::string ids;
    for (const Json& edge : page.get("edges").items()) ids += edge.text("resource.id");
    return ids;
  };
  for (const auto& [search, all] : {std::pair("", "abcdefg"),
                                    {"gender: \"female\", ", "abcdefg"},
                                    {"_sort: \"birthdate\", ", "agdecbf"},
                                    {"_sort: \"-birthdate\", ", "cedgafb"},
                                    {"_sort: \"gender,-birthdate\", ", "cedgafb"}}) {
    Json page = page_at(search, "");
    EXPECT_FALSE(page.contains("previous")) << search;
    const std::string first = ids_of(page), last = page.text("last");
    for (std::string forwards = first; page.contains("next");) {
      const std::string here = ids_of(page);
      page = page_at(search, page.text("next"));
      EXPECT_EQ(ids_of(page_at(search, page.text("previous"))), here) << search;
      forwards += ids_of(page);
      if (!page.contains("next")) EXPECT_EQ(forwards, all) << search;
    }
    page = page_at(search, last);
    EXPECT_FALSE(page.contains("next"));
    std::string backwards = ids_of(page);
    for (int pages = 0; page.contains("previous") && pages < 10; ++pages) {
      const std::string here = ids_of(page);
      page = page_at(search, page.text("previous"));
      EXPECT_EQ(ids_of(page_at(search, page.text("next"))), here) << search;
      backwards = ids_of(page) + backwards;
    }
    EXPECT_EQ(backwards, all) << search;
  }
  EXPECT_EQ(ids_of(page_at("family: \"nobody\", ", page_at("", "").text("last"))), "");
  EXPECT_EQ(ask("{ PatientConnection(_sort: \"birthdate\", _cursor: \"" + page_at("", "").text("next") +
                "\") { count } }")
                .status,
            422)
      << "of another search";
}

TEST_F(HttpGraphqlTest, PagesHaveTypesAndFragments) {
  EXPECT_EQ(
      data("{ __typename PatientConnection { __typename ...page ... on Patient { id } } }"
           " fragment page on PatientConnection { count edges { __typename ... { mode }"
           " ... on PatientEdge { resource { __typename id } } } }"),
      R"({"__typename":"Query","PatientConnection":{"__typename":"PatientConnection","count":1,"edges":[)"
      R"({"__typename":"PatientEdge","mode":"match","resource":{"__typename":"Patient","id":"p"}}]}})");
}

TEST_F(HttpGraphqlTest, CountsAlsoWithoutAPage) {
  EXPECT_EQ(data("{ PatientConnection(_count: 0) { count edges { mode } } }"),
            R"({"PatientConnection":{"count":1,"edges":[]}})");
}

TEST_F(HttpGraphqlTest, TellsItsSchema) {
  EXPECT_EQ(
      data(
          R"q({ __type(name: "Patient_contact") { kind name } __typename: __type(name: "None") { name } })q"),
      R"({"__type":{"kind":"OBJECT","name":"Patient_contact"},"__typename":null})");
  const HttpAnswer answer = ask(
      "query { __schema { queryType { name } types { kind name description fields(includeDeprecated: true) "
      "{ name description args { name description type { ...ref } defaultValue } type { ...ref } "
      "isDeprecated deprecationReason } inputFields { name } interfaces { ...ref } enumValues { name } "
      "possibleTypes { ...ref } } directives { name description locations args { name type { ...ref } } } "
      "} } fragment ref on __Type { kind name ofType { kind name ofType { kind name } } }");
  ASSERT_EQ(answer.status, 200) << answer.body;
  std::set<std::string> types;
  const Json body = answer.json();
  for (const Json& type : body.get("data.__schema.types").items()) {
    EXPECT_TRUE(types.insert(type.text("name")).second) << type.text("name") << " is there twice";
    EXPECT_THAT(type.text("name"), ::testing::MatchesRegex("[_A-Za-z][_0-9A-Za-z]*"));
  }
  EXPECT_TRUE(types.contains("Patient") && types.contains("HumanName") &&
              types.contains("PatientConnection"));
  EXPECT_EQ(data("{ contact { __typename } }", "/fhir/Patient/p/$graphql"), "{}");
}

TEST_F(HttpGraphqlTest, GivesNoMoreThanAnAnswerHolds) {
  const auto many = [](int count, const std::string& field) {
    std::string query = "{";
    for (int i = 0; i < count; ++i) query += " a" + std::to_string(i) + ":" + field;
    return query + "}";
  };
  EXPECT_EQ(post("/fhir/$graphql", many(1000, "__schema{types{fields{args{name}}}}"), kGraphql).status, 413);
  EXPECT_EQ(post("/fhir/$graphql", many(1500, "__type(name:\"Query\"){fields{args{name}}}"), kGraphql).status,
            413);
  send("PUT", "/fhir/Binary/b",
       R"({"resourceType":"Binary","id":"b","contentType":"text/plain","securityContext":
      {"reference":"Patient/p"},"data":")" +
           std::string(1 << 20, 'A') + "\"}");
  EXPECT_EQ(post("/fhir/$graphql", "{ Binary(id: \"b\") " + many(40, "data") + " }", kGraphql).status, 413);
  for (int i = 0; i < 11; ++i)
    send("PUT", "/fhir/Patient/p" + std::to_string(i),
         R"({"resourceType":"Patient","id":"p)" + std::to_string(i) + R"(",
        "managingOrganization":{"reference":"Organization/east"}})");
  EXPECT_EQ(post("/fhir/$graphql", many(1000, "PatientConnection{edges{mode}}"), kGraphql).status, 413);
  EXPECT_EQ(post("/fhir/$graphql",
                 "{ PatientConnection { edges { resource " +
                     many(1000, "ObservationConnection(_reference:subject){count}") + " } } }",
                 kGraphql)
                .status,
            413);
}

TEST_F(HttpGraphqlTest, FollowsReferences) {
  EXPECT_EQ(
      data(R"({ Observation(id: "o") { valueQuantity { value } subject { resource { ... on Patient { gender }
                      ... on Group { type } } } } })"),
      R"({"Observation":{"valueQuantity":{"value":70.50},"subject":{"resource":{"gender":"female"}}}})");
  EXPECT_EQ(data("{ ObservationList(_reference: subject) { status } }", "/fhir/Patient/p/$graphql"),
            R"({"ObservationList":[{"status":"final"}]})");
}

TEST_F(HttpGraphqlTest, SearchesWithVariablesAndFragments) {
  const HttpAnswer answer =
      post("/fhir/$graphql", R"({"query":"query Q($family: String = \"none\", $all: Boolean) {
      PatientList(family: $family, _count: 5) { ...who name @include(if: $all) { given } } }
      fragment who on Patient { id }","variables":{"family":"Li","all":false}})");
  EXPECT_EQ(answer.status, 400) << "line ends stand in JSON as \\n";
  const std::string query =
      "query Q($family: String = \\\"none\\\", $all: Boolean) { PatientList(family: $family, _count: 5) { "
      "...who"
      " name @include(if: $all) { given } } } fragment who on Patient { id }";
  EXPECT_EQ(
      post("/fhir/$graphql", R"({"query":")" + query + R"(","variables":{"family":"Li","all":false}})").body,
      R"({"data":{"PatientList":[{"id":"p"}]}})");
  EXPECT_EQ(post("/fhir/$graphql", R"({"query":")" + query + R"(","variables":{"all":true}})").body,
            R"({"data":{"PatientList":[]}})");
  EXPECT_EQ(post("/fhir/$graphql", "{ PatientList { id } }", kGraphql).body,
            R"({"data":{"PatientList":[{"id":"p"}]}})");
}

TEST_F(HttpGraphqlTest, RefusesWhatIsNoQuery) {
  for (const char* wrong :
       {"{", "{ Patient(id: ) { id } }", "{ ...none }", "x", "{ Patient(id: \"p\") { id } } }"})
    EXPECT_EQ(ask(wrong).status, 400) << wrong;
  EXPECT_EQ(ask("{ Nothing { id } }").status, 422);
  EXPECT_EQ(ask("{ Patient { id } }").status, 422);
  EXPECT_EQ(ask("{ Patient(id: \"p\") { nothing } }").status, 422);
  EXPECT_EQ(ask("{ Patient(id: \"p\") { name } }").status, 422) << "without a selection";
  EXPECT_EQ(ask("{ Patient(id: $id) { id } }").status, 422);
  EXPECT_EQ(ask("mutation { x }").status, 501);
  EXPECT_EQ(ask("fragment f on Patient { ...f } { Patient(id: \"p\") { ...f } }").status, 413) << "a circle";
  EXPECT_EQ(get("/fhir/$graphql").status, 400);
}

TEST_F(HttpGraphqlTest, KeepsToAccess) {
  sign_in("zhao");
  EXPECT_EQ(ask("{ Patient(id: \"p\") { id } }").status, 404);
  EXPECT_EQ(data("{ PatientList { id } ObservationList { id } }"),
            R"({"PatientList":[],"ObservationList":[]})");
  EXPECT_EQ(ask("{ id }", "/fhir/Patient/p/$graphql").status, 404);
  sign_in("root");
  EXPECT_EQ(ask("{ PatientList { id } }").status, 403);
  EXPECT_THAT(data("{ OrganizationList { id } }"), HasSubstr("east"));
}

}  // namespace
}  // namespace meridian::doors::http
