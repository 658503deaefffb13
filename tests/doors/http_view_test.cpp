// ViewDefinition/$run.
#include <map>

#include "base/encoding.h"
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

TEST_F(HttpViewTest, ConstantsHaveTheirTypes) {
  person("old", R"q("birthDate":"1950-02-03","deceasedDateTime":"2020-01-02T10:00:00Z")q");
  const auto found = [&](const std::string& path, const std::string& value) {
    return rows(R"q({"column":[{"name":"id","path":"getResourceKey()"}]})q",
                R"q("constant":[{"name":"c",)q" + value + R"q(}],"where":[{"path":")q" + path + R"q("}])q");
  };
  const std::string old = "{\"id\":\"old\"}\n";
  EXPECT_EQ(found("birthDate < %c", R"q("valueDate":"1951-01-01")q"), old);
  EXPECT_EQ(found("birthDate = %c", R"q("valueDate":"1950-02-03")q"), old);
  EXPECT_EQ(found("deceased.ofType(dateTime) > %c", R"q("valueDateTime":"2020-01-02T11:00:00+02:00")q"), old);
  EXPECT_EQ(found("meta.lastUpdated > %c and id = 'old'", R"q("valueInstant":"2020-01-02T11:00:00Z")q"), old);
  EXPECT_EQ(found("@T10:00 < %c and id = 'old'", R"q("valueTime":"11:00:00")q"), old);
  EXPECT_EQ(found("id = %c", R"q("valueId":"old")q"), old);
  EXPECT_EQ(run(view(kIds, R"q("constant":[{"name":"c","valueDate":"1950-13"}])q")).status, 422);
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

TEST_F(HttpViewTest, IsOfTheMembersOfAGroup) {
  const HttpAnswer made = send("PUT", "/fhir/Group/g", R"q({"resourceType":"Group","id":"g","type":"person",
      "actual":true,"member":[{"entity":{"reference":"Patient/b"}}]})q");
  ASSERT_EQ(made.status, 201) << made.body;
  for (const char* group : {"Group/g", "g"})
    EXPECT_EQ(run(view(kIds), std::string("?group=") + group).body, "{\"id\":\"b\",\"gender\":\"male\"}\n");
  EXPECT_EQ(run(view(kIds), "?group=g&patient=a").body, "");
  sign_in("zhao");
  const HttpAnswer theirs = run(view(kIds), "?group=g");
  EXPECT_EQ(theirs.status == 200 ? theirs.body : "", "") << "patients of another clinic";
}

// What is sent is made into the table; the record has no part in it.
TEST_F(HttpViewTest, MakesATableOfWhatIsSent) {
  const auto sent = [&](const std::string& resources, const std::string& query = {}) {
    return run(R"q({"resourceType":"Parameters","parameter":[{"name":"viewResource","resource":)q" +
                   view(kIds) + "}," + resources + "]}",
               query);
  };
  const auto resource = [](const std::string& json) {
    return R"q({"name":"resource","resource":)q" + json + "}";
  };
  const std::string mine = resource(R"q({"resourceType":"Patient","id":"mine","gender":"other"})q"),
                    other = resource(R"q({"resourceType":"Organization","id":"o","name":"O"})q");
  EXPECT_EQ(sent(mine + "," + other + "," + mine).body,
            "{\"id\":\"mine\",\"gender\":\"other\"}\n{\"id\":\"mine\",\"gender\":\"other\"}\n");
  EXPECT_EQ(sent(mine + "," + mine, "?_limit=1&_format=json").body, R"q([{"id":"mine","gender":"other"}])q");
  EXPECT_EQ(sent(resource(R"q({"resourceType":"Patient","gender":"perhaps"})q")).status, 422);
  EXPECT_EQ(sent(resource(R"q({"resourceType":"Nothing"})q")).status / 100, 4);
  EXPECT_EQ(sent(resource("5")).status / 100, 4);
  EXPECT_EQ(sent(mine, "?patient=a").status, 400);
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

// Whoever may write Libraries writes what they like.
TEST_F(HttpViewTest, OneThatCannotBeReadHidesNoOther) {
  sign_in("root");
  const auto library = [](const std::string& id, const std::string& data) {
    return R"q({"resourceType":"Library","id":")q" + id +
           R"q(","status":"active","type":{"coding":[{"system":"https://sql-on-fhir.org/ig/StructureDefinition/ViewDefinition",
           "code":"ViewDefinition"}]},"content":[{"contentType":"application/fhir+json","data":")q" +
           data + R"q("}]})q";
  };
  ASSERT_EQ(send("PUT", "/fhir/ViewDefinition/good", view(kIds, R"q("id":"good","status":"active")q")).status,
            201);
  const std::string other = view(kIds, R"q("id":"good","meta":{"versionId":"77"},"status":"active")q");
  for (const auto& [id, content] : std::map<std::string, std::string>{{"no-json", "no JSON"},
                                                                      {"a-list", "[" + other + "]"},
                                                                      {"a-patient", patient()},
                                                                      {"disguised", other}}) {
    const HttpAnswer made = send("PUT", "/fhir/Library/" + id, library(id, to_base64(content)));
    ASSERT_EQ(made.status, 201) << made.body;
  }
  const Json all = get("/fhir/ViewDefinition").json();
  std::vector<std::string> views;
  int outcomes = 0;
  for (const Json& entry : all.get("entry").items())
    if (entry.text("search.mode") == "outcome")
      ++outcomes;
    else
      views.push_back(entry.text("resource.id"));
  EXPECT_THAT(views, ::testing::UnorderedElementsAre("good", "disguised"));
  EXPECT_EQ(outcomes, 3);
  const Json disguised = get("/fhir/ViewDefinition/disguised").json();
  EXPECT_EQ(disguised.text("id"), "disguised") << "its content does not say who it is";
  EXPECT_EQ(disguised.text("meta.versionId"), "1");
  sign_in("wang");
  for (const char* id : {"no-json", "a-list", "a-patient"}) {
    EXPECT_EQ(get("/fhir/ViewDefinition/" + std::string(id)).status, 404) << id;
    EXPECT_EQ(get("/fhir/ViewDefinition/" + std::string(id) + "/$run").status, 404) << id;
  }
}

TEST_F(HttpViewTest, ShowsOfEachWhatIsAskedFor) {
  sign_in("root");
  for (const char* id : {"a", "b"})
    ASSERT_EQ(send("PUT", "/fhir/ViewDefinition/" + std::string(id),
                   view(kIds, R"q("status":"active","name":"n","title":"t","description":"d","id":")q" +
                                  std::string(id) + "\""))
                  .status,
              201);
  const auto members = [](const Json& resource) {
    std::vector<std::string> names;
    for (const auto& [name, value] : resource.members()) names.push_back(name);
    return names;
  };
  const Json page = get("/fhir/ViewDefinition?_summary=true&_count=1&_sort=_id").json();
  EXPECT_THAT(members(page.get("entry.resource")),
              ::testing::UnorderedElementsAre("resourceType", "id", "meta", "status", "name", "title",
                                              "resource", "select"));
  EXPECT_EQ(page.text("entry.resource.resourceType"), "ViewDefinition");
  EXPECT_EQ(page.text("entry.resource.meta.tag.code"), "SUBSETTED");
  EXPECT_THAT(page.text("entry.fullUrl"), HasSubstr("/fhir/ViewDefinition/a"));
  std::string next;
  for (const Json& link : page.get("link").items())
    if (link.text("relation") == "next") next = link.text("url");
  ASSERT_NE(next, "");
  const Json second = get(next.substr(next.find("/fhir/"))).json();
  EXPECT_EQ(second.text("entry.resource.id"), "b");
  EXPECT_FALSE(second.get("entry.resource").contains("description")) << "the next page as well";
  EXPECT_THAT(members(get("/fhir/ViewDefinition/a?_elements=description").json()),
              ::testing::UnorderedElementsAre("resourceType", "id", "meta", "status", "description",
                                              "resource", "select"));
  const Json counted = get("/fhir/ViewDefinition?_summary=count").json();
  EXPECT_EQ(counted.get("total").as_int(), 2);
  EXPECT_FALSE(counted.contains("entry"));
  EXPECT_EQ(get("/fhir/ViewDefinition?_summary=some").status, 400);
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
  EXPECT_EQ(run(view(kIds), "?source=http://elsewhere.example/data").status, 501);
  EXPECT_EQ(run(view(kIds), "?group=Group/none").status, 404);
  EXPECT_EQ(run(view(kIds), "?resource=Patient/a").status, 400);
}

TEST_F(HttpViewTest, KeepsToAccess) {
  sign_in("zhao");
  EXPECT_EQ(run(view(kIds)).body, "") << "patients of another clinic";
  sign_in("root");
  EXPECT_EQ(run(view(kIds)).status, 403);
}

}  // namespace
}  // namespace meridian::doors::http
