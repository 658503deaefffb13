// $graphql.
#include "doors/http_node_fixture.h"
#include "record/query/query_string.h"

namespace meridian::doors::http {
namespace {

using ::testing::HasSubstr;

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
  EXPECT_EQ(post("/fhir/$graphql", "{ PatientList { id } }", "Content-Type: application/graphql\r\n").body,
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
