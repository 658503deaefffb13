// ViewDefinition/$run.
#include "doors/http_node_fixture.h"

namespace meridian::doors::http {
namespace {

using ::testing::HasSubstr;

class HttpViewTest : public HttpNodeTest {
 protected:
  HttpViewTest() {
    person("a", R"q("gender":"female","birthDate":"1970-01-02","name":[{"use":"official","family":"Li, \"L\"",
        "given":["Na","Mei"]},{"use":"usual","family":"Lee"}],"telecom":[{"system":"phone","value":"1"}])q");
    person("b", R"q("gender":"male")q");
  }
  void person(const std::string& id, const std::string& members) {
    const HttpAnswer answer = send("PUT", "/fhir/Patient/" + id,
                                   R"q({"resourceType":"Patient","id":")q" + id + "\"," + members + "}");
    EXPECT_EQ(answer.status, 201) << answer.body;
  }
  static std::string view(const std::string& selects, const std::string& more = {},
                          const std::string& resource = "Patient") {
    return R"q({"resourceType":"ViewDefinition","resource":")q" + resource + R"q(","select":[)q" + selects +
           "]" + (more.empty() ? "" : "," + more) + "}";
  }
  HttpAnswer run(const std::string& definition, const std::string& query = {}) {
    return post("/fhir/ViewDefinition/$run" + query, definition);
  }
  std::string rows(const std::string& selects, const std::string& more = {}) {
    const HttpAnswer answer = run(view(selects, more));
    EXPECT_EQ(answer.status, 200) << answer.body;
    return answer.body;
  }
  static constexpr const char* kIds =
      R"q({"column":[{"name":"id","path":"getResourceKey()"},{"name":"gender","path":"gender"}]})q";
};

TEST_F(HttpViewTest, GivesLinesOfJson) {
  const HttpAnswer answer = run(view(kIds));
  EXPECT_EQ(answer.header("content-type"), "application/x-ndjson");
  EXPECT_EQ(answer.body, "{\"id\":\"a\",\"gender\":\"female\"}\n{\"id\":\"b\",\"gender\":\"male\"}\n");
  EXPECT_EQ(run(view(kIds), "?_format=json&_limit=1").body, R"q([{"id":"a","gender":"female"}])q");
}

TEST_F(HttpViewTest, GivesCsv) {
  const std::string names = view(R"q({"column":[{"name":"id","path":"id"}],"select":[{"forEachOrNull":"name",
      "column":[{"name":"family","path":"family"},{"name":"given","path":"given","collection":true}]}]})q");
  const HttpAnswer answer = run(names, "?_format=csv");
  EXPECT_THAT(answer.header("content-type"), HasSubstr("text/csv"));
  EXPECT_EQ(answer.body,
            "id,family,given\r\na,\"Li, \"\"L\"\"\",\"[\"\"Na\"\",\"\"Mei\"\"]\"\r\na,Lee,[]\r\nb,,\r\n");
  EXPECT_EQ(run(view(kIds), "?_format=csv&header=false&_limit=1").body, "a,female\r\n");
}

TEST_F(HttpViewTest, SelectsForEachAndByConditions) {
  EXPECT_EQ(rows(R"q({"forEach":"name","column":[{"name":"f","path":"family"}]})q",
                 R"q("where":[{"path":"name.exists()"}])q"),
            "{\"f\":\"Li, \\\"L\\\"\"}\n{\"f\":\"Lee\"}\n");
  EXPECT_EQ(
      rows(R"q({"column":[{"name":"f","path":"name.where(use = %kind).family"}]})q",
           R"q("constant":[{"name":"kind","valueString":"usual"}],"where":[{"path":"gender = 'female'"}])q"),
      "{\"f\":\"Lee\"}\n");
}

TEST_F(HttpViewTest, UnitesSelections) {
  EXPECT_EQ(rows(R"q({"column":[{"name":"id","path":"id"}],"unionAll":[
      {"forEach":"telecom","column":[{"name":"text","path":"value"}]},
      {"forEach":"name","column":[{"name":"text","path":"family"}]}]})q"),
            "{\"id\":\"a\",\"text\":\"1\"}\n{\"id\":\"a\",\"text\":\"Li, "
            "\\\"L\\\"\"}\n{\"id\":\"a\",\"text\":\"Lee\"}\n");
}

TEST_F(HttpViewTest, RepeatsAPath) {
  sign_in("root");
  const HttpAnswer kept =
      post("/fhir/Questionnaire", R"q({"resourceType":"Questionnaire","status":"active","item":[
      {"linkId":"1","type":"group","item":[{"linkId":"1.1","type":"group","item":[{"linkId":"1.1.1","type":"string"}]},
      {"linkId":"1.2","type":"string"}]},{"linkId":"2","type":"string"}]})q");
  ASSERT_EQ(kept.status, 201) << kept.body;
  sign_in("wang");
  const std::string items = R"q({"repeat":["item"],"column":[{"name":"link","path":"linkId"}]})q";
  EXPECT_EQ(run(view(items, {}, "Questionnaire"), "?_format=csv&header=false").body,
            "1\r\n1.1\r\n1.1.1\r\n1.2\r\n2\r\n");
  EXPECT_EQ(run(view(R"q({"repeat":["item"],"forEach":"item","column":[{"name":"x","path":"linkId"}]})q", {},
                     "Questionnaire"))
                .status,
            422);
}

TEST_F(HttpViewTest, JoinsByKeys) {
  const HttpAnswer made = post("/fhir/Observation", R"q({"resourceType":"Observation","status":"final",
      "code":{"text":"w"},"subject":{"reference":"Patient/a"},"valueQuantity":{"value":70.50,"unit":"kg"}})q");
  ASSERT_EQ(made.status, 201);
  const std::string columns = R"q({"column":[{"name":"patient","path":"subject.getReferenceKey(Patient)"},
      {"name":"group","path":"subject.getReferenceKey(Group)"},
      {"name":"value","path":"value.ofType(Quantity).value"}]})q";
  EXPECT_EQ(run(view(columns, {}, "Observation")).body, "{\"patient\":\"a\",\"value\":70.50}\n");
  EXPECT_EQ(run(view(columns, {}, "Observation"), "?patient=Patient/b").body, "");
}

TEST_F(HttpViewTest, TakesParameters) {
  EXPECT_EQ(
      run(R"q({"resourceType":"Parameters","parameter":[{"name":"viewResource","resource":)q" + view(kIds) +
          R"q(},{"name":"_format","valueCode":"csv"},{"name":"header","valueBoolean":false},
                   {"name":"_limit","valueInteger":1}]})q")
          .body,
      "a,female\r\n");
}

TEST_F(HttpViewTest, KeepsViewsAndRunsThem) {
  const std::string kept =
      view(kIds, R"q("id":"ids","url":"http://x.example/ids","name":"ids","status":"active")q");
  EXPECT_EQ(send("PUT", "/fhir/ViewDefinition/ids", kept).status, 403) << "who runs the node defines";
  sign_in("root");
  const HttpAnswer made = send("PUT", "/fhir/ViewDefinition/ids", kept);
  ASSERT_EQ(made.status, 201) << made.body;
  EXPECT_THAT(made.header("location"), HasSubstr("/fhir/ViewDefinition/ids/_history/1"));
  EXPECT_EQ(get("/fhir/ViewDefinition/ids?_format=json").json().text("url"), "http://x.example/ids");
  EXPECT_EQ(
      post("/fhir/ViewDefinition", view(kIds, R"q("url":"http://x.example/other","status":"draft")q")).status,
      201);
  EXPECT_EQ(post("/fhir/Library", R"q({"resourceType":"Library","id":"no","status":"active",
      "type":{"text":"of another kind"}})q")
                .status,
            201);
  sign_in("wang");
  const Json all = get("/fhir/ViewDefinition").json();
  ASSERT_EQ(all.get("entry").size(), 2u) << all.dump();
  EXPECT_THAT(all.text("entry.fullUrl"), HasSubstr("/fhir/ViewDefinition/ids"));
  EXPECT_EQ(all.text("entry.resource.resourceType"), "ViewDefinition");
  EXPECT_THAT(all.text("link.url"), HasSubstr("/fhir/ViewDefinition?"));
  EXPECT_EQ(get("/fhir/ViewDefinition?url=http://x.example/ids").json().get("entry").size(), 1u);
  const std::string rows = "{\"id\":\"a\",\"gender\":\"female\"}\n{\"id\":\"b\",\"gender\":\"male\"}\n";
  for (const char* address : {"/fhir/ViewDefinition/ids/$run", "/fhir/ViewDefinition/ids/$viewdefinition-run",
                              "/fhir/ViewDefinition/$run?viewReference=ViewDefinition/ids",
                              "/fhir/ViewDefinition/$run?viewReference=http://x.example/ids"})
    EXPECT_EQ(get(address).body, rows) << address;
  EXPECT_EQ(get("/fhir/ViewDefinition/ids/$run?_format=csv&_limit=1").body, "id,gender\r\na,female\r\n");
  EXPECT_EQ(post("/fhir/ViewDefinition/$run", R"q({"resourceType":"Parameters","parameter":[
      {"name":"viewReference","valueReference":{"reference":"ViewDefinition/ids"}}]})q")
                .body,
            rows);
  sign_in("zhao");
  EXPECT_EQ(get("/fhir/ViewDefinition/ids/$run").body, "") << "patients of another clinic";
}

TEST_F(HttpViewTest, ChangesAndRemovesKeptViews) {
  sign_in("root");
  const auto kept = [](const std::string& selects) {
    return view(selects, R"q("id":"v","status":"active")q");
  };
  EXPECT_EQ(send("PUT", "/fhir/ViewDefinition/v", kept(kIds)).status, 201);
  EXPECT_EQ(
      send("PUT", "/fhir/ViewDefinition/v", kept(kIds), std::string(kFhirType) + "If-Match: W/\"7\"\r\n")
          .status,
      412);
  EXPECT_EQ(send("PUT", "/fhir/ViewDefinition/v", kept(R"q({"column":[{"name":"x","path":"id."}]})q")).status,
            400)
      << "what is kept can be run";
  EXPECT_EQ(send("PUT", "/fhir/ViewDefinition/w", kept(kIds)).status, 400) << "another id";
  EXPECT_EQ(send("PUT", "/fhir/ViewDefinition/v", patient()).status, 400);
  const std::string library =
      R"q({"resourceType":"Library","id":"l","status":"active","type":{"text":"x"}})q";
  EXPECT_EQ(send("PUT", "/fhir/Library/l", library).status, 201);
  EXPECT_EQ(get("/fhir/ViewDefinition/l").status, 404);
  EXPECT_EQ(send("DELETE", "/fhir/ViewDefinition/l").status, 409);
  EXPECT_EQ(send("DELETE", "/fhir/ViewDefinition/v").status, 204);
  EXPECT_EQ(get("/fhir/ViewDefinition/v").status, 410);
  sign_in("wang");
  EXPECT_EQ(get("/fhir/ViewDefinition/v/$run").status, 410);
  EXPECT_EQ(get("/fhir/ViewDefinition/$run?viewReference=ViewDefinition/none").status, 404);
  EXPECT_EQ(get("/fhir/ViewDefinition/$run").status, 400);
}

TEST_F(HttpViewTest, RefusesWhatIsNoView) {
  const auto status = [&](const std::string& selects) { return run(view(selects)).status; };
  EXPECT_EQ(run(patient()).status, 400);
  EXPECT_EQ(run(R"q({"resourceType":"ViewDefinition","resource":"Nothing"})q").status, 422);
  EXPECT_EQ(status(R"q({"column":[{"name":"x","path":"name.family"}]})q"), 422) << "two values";
  EXPECT_EQ(status(R"q({"column":[{"name":"x","path":"id"},{"name":"x","path":"id"}]})q"), 422);
  EXPECT_EQ(status(R"q({"column":[{"name":"a b","path":"id"}]})q"), 422);
  EXPECT_EQ(status(R"q({"column":[{"name":"x","path":"id."}]})q"), 400);
  EXPECT_EQ(
      status(
          R"q({"unionAll":[{"column":[{"name":"x","path":"id"}]},{"column":[{"name":"y","path":"id"}]}]})q"),
      422);
  EXPECT_EQ(status(R"q({"repeat":"contact","column":[{"name":"x","path":"id"}]})q"), 422);
  EXPECT_EQ(run(view(kIds, R"q("where":{"path":"gender = 'male'"})q")).status, 422);
  EXPECT_EQ(run(view(kIds), "?_format=parquet").status, 422);
  EXPECT_EQ(run(view(kIds), "?nonsense=1").status, 400);
  EXPECT_EQ(run(view(kIds), "?group=Group/1").status, 501);
}

TEST_F(HttpViewTest, KeepsToAccess) {
  sign_in("zhao");
  EXPECT_EQ(run(view(kIds)).body, "") << "patients of another clinic";
  sign_in("root");
  EXPECT_EQ(run(view(kIds)).status, 403);
}

}  // namespace
}  // namespace meridian::doors::http
