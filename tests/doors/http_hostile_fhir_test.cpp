// What hostile and mistaken clients send to FHIR: each gets an OperationOutcome that says what is wrong and
// where.
#include "doors/http_node_fixture.h"
#include "record/query/query_string.h"

namespace meridian::doors::http {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr const char* kPatch = "Content-Type: application/fhir+json\r\n";

class HttpHostileFhirTest : public HttpNodeTest {
 protected:
  static void expect_refused(const HttpAnswer& answer, int status, const std::string& where = {}) {
    ASSERT_EQ(answer.status, status) << answer.body;
    const Json outcome = answer.json();
    EXPECT_EQ(outcome.text("resourceType"), "OperationOutcome");
    EXPECT_EQ(outcome.text("issue.severity"), "error");
    EXPECT_FALSE(outcome.text("issue.diagnostics").empty());
    if (where.empty()) return;
    const Json& expression = outcome.get("issue.expression");
    ASSERT_GT(expression.size(), 0u) << answer.body;
    EXPECT_THAT(expression.at(0).as_string(), StartsWith(where));
  }
  HttpAnswer create(const std::string& body) {
    return post("/fhir/" + Json::parse(body).text("resourceType"), body);
  }
  std::size_t count_of(const std::string& search) {
    const HttpAnswer answer = get("/fhir/" + search);
    EXPECT_EQ(answer.status, 200) << search << answer.body;
    return answer.json().get("entry").size();
  }
};

TEST_F(HttpHostileFhirTest, SaysWhereAResourceIsWrong) {
  expect_refused(post("/fhir/Patient", "{"), 400);
  expect_refused(post("/fhir/Patient", R"({"resourceType":"Patient","id":"a","id":"b"})"), 400);
  expect_refused(post("/fhir/Patient", "\xFF\xFE"), 400);
  expect_refused(post("/fhir/Patient", "[]"), 400);
  expect_refused(create(R"({"resourceType":"Patient","active":"yes"})"), 422, "Patient.active");
  expect_refused(create(R"({"resourceType":"Patient","colour":"red"})"), 422, "Patient.colour");
  expect_refused(create(R"({"resourceType":"Patient","birthDate":"2023-02-30"})"), 422, "Patient.birthDate");
  expect_refused(post("/fhir/Patient", R"({"resourceType":"Patient","name":[{"family":"\ud800"}]})"), 400);
}

TEST_F(HttpHostileFhirTest, ReadsNothingHugeOrDeeplyNested) {
  const std::string nested = std::string(20'000, '[') + std::string(20'000, ']');
  expect_refused(post("/fhir/Patient", R"({"resourceType":"Patient","contact":)" + nested + "}"), 413);
  std::string deep = R"({"url":"urn:x","valueString":"end"})";
  for (int i = 0; i < 200; ++i) deep = R"({"url":"urn:x","extension":[)" + deep + "]}";
  expect_refused(post("/fhir/Patient", R"({"resourceType":"Patient","extension":[)" + deep + "]}"), 413);
  HttpClient fresh(server_->port());
  EXPECT_TRUE(
      fresh.send("POST /fhir/Patient HTTP/1.1\r\nHost: test\r\nContent-Type: application/fhir+json\r\n"
                 "Content-Length: 999999999\r\n\r\n"));
  EXPECT_GE(fresh.answer().status, 400);
}

TEST_F(HttpHostileFhirTest, EndsExpressionsThatDoNot) {
  const std::string patient = create_patient();
  const auto patch = [&](const std::string& path) {
    return send("PATCH", "/fhir/Patient/" + patient,
                R"({"resourceType":"Parameters","parameter":[{"name":"operation","part":[
        {"name":"type","valueCode":"delete"},{"name":"path","valueString":")" +
                    path + R"("}]}]})",
                kPatch);
  };
  std::string wide = "(1|2|3|4|5|6|7|8|9)";
  for (int i = 0; i < 8; ++i) wide += ".select(1|2|3|4|5|6|7|8|9).combine(1|2|3|4|5|6|7|8|9)";
  EXPECT_GE(patch("Patient.where(" + wide + ".count() > 0)").status, 400);
  EXPECT_LT(patch("Patient.name.where(family.matches('(a+)+b$'))").status, 500);
  EXPECT_GE(patch(std::string(5000, '(')).status, 400);
}

TEST_F(HttpHostileFhirTest, TellsStaleAndContradictoryConditions) {
  const std::string patient = create_patient(), target = "/fhir/Patient/" + patient;
  const std::string body = get(target).body;
  expect_refused(send("PUT", target, body, std::string(kFhirType) + "If-Match: W/\"7\"\r\n"), 412);
  expect_refused(send("PUT", target, body, std::string(kFhirType) + "If-Match: yesterday\r\n"), 400);
  expect_refused(
      post("/fhir/Patient", HttpNodeTest::patient(), std::string(kFhirType) + "If-None-Exist: nothing=1\r\n"),
      400);
  create_patient();
  expect_refused(send("PUT", "/fhir/Patient?identifier=urn:test|Wang", HttpNodeTest::patient()), 412);
  EXPECT_EQ(count_of("Patient?gender=male&gender=female"), 0u);
  EXPECT_EQ(count_of("Patient?birthdate=gt2020&birthdate=lt2000"), 0u);
}

TEST_F(HttpHostileFhirTest, LivesWithReferencesToNothingAndInCircles) {
  EXPECT_EQ(
      create(
          R"({"resourceType":"Basic","id":"x","code":{"text":"x"},"author":{"reference":"Practitioner/none"}})")
          .status,
      201);
  EXPECT_EQ(count_of("Basic?_include=Basic:author"), 1u);
  for (const char* one : {"a", "b"})
    EXPECT_EQ(send("PUT", "/fhir/Observation/" + std::string(one),
                   R"({"resourceType":"Observation","id":")" + std::string(one) +
                       R"(","status":"final","code":{"text":"x"},"hasMember":[{"reference":"Observation/)" +
                       (one[0] == 'a' ? "b" : "a") + R"("}]})")
                  .status,
              201);
  EXPECT_EQ(count_of("Observation?_id=a&_include:iterate=Observation:has-member"), 2u);
  EXPECT_EQ(count_of("Observation?_id=a&_revinclude:iterate=Observation:has-member"), 2u);
  expect_refused(
      get("/fhir/Observation?has-member.has-member.has-member.has-member.has-member.has-member.status=final"),
      400);
}

TEST_F(HttpHostileFhirTest, FindsTextsOfAllScriptsAndTimesOfAllZones) {
  const std::string name = "\xE7\x8E\x8B\xE5\xB0\x8F\xE6\x98\x8E";  // Wang Xiaoming
  create(R"({"resourceType":"Patient","name":[{"family":")" + name + R"("}],"birthDate":"1974-12"})");
  EXPECT_EQ(count_of("Patient?family=" + record::encode_percent(name)), 1u);
  EXPECT_EQ(count_of("Patient?birthdate=1974"), 1u);
  EXPECT_EQ(count_of("Patient?birthdate=ge1974-12-01&birthdate=lt1975-01-01"), 1u);
  create(R"({"resourceType":"Observation","status":"final","code":{"text":"x"},
      "effectiveDateTime":"2020-01-01T07:30:00+08:00"})");
  EXPECT_EQ(count_of("Observation?date=2019-12-31T23:30:00Z"), 1u);
  EXPECT_EQ(count_of("Observation?date=lt2020-01-01T00:00:00Z"), 1u);
  EXPECT_EQ(count_of("Observation?date=ge2020-01-01T00:00:00Z"), 0u);
  expect_refused(get("/fhir/Observation?date=2020-13"), 422);
  expect_refused(get("/fhir/Observation?date=2020-01-01T25:00:00Z"), 422);
}

TEST_F(HttpHostileFhirTest, RevealsNothingByWhatIsAskedAboutTheHidden) {
  const std::string hidden = create_patient();
  post("/fhir/Observation",
       R"({"resourceType":"Observation","status":"final","code":{"coding":[{"code":"hiv"}]},
      "subject":{"reference":"Patient/)" +
           hidden + R"("}})");
  sign_in("zhao");
  for (const char* search :
       {"Patient?identifier=urn:test|Wang", "Patient?_sort=family",
        "Patient?_sort=-birthdate&_total=accurate", "Patient?_has:Observation:subject:code=hiv",
        "Observation?subject.family=Wang", "Observation?code=hiv",
        "Observation?_filter=subject%5Bfamily%20eq%20wang%5D.gender%20pr%20false",
        "Condition?_list=$current-problems", "Patient?_content=x"}) {
    const HttpAnswer answer = get("/fhir/" + std::string(search));
    EXPECT_THAT(answer.body, ::testing::Not(HasSubstr(hidden))) << search;
    if (answer.status == 200) {
      EXPECT_EQ(answer.json().get("entry").size(), 0u) << search;
    }
  }
  EXPECT_EQ(get("/fhir/Patient?_summary=count").json().get("total").as_int(), 0);
  EXPECT_EQ(get("/fhir/Patient?_total=accurate").json().get("total").as_int(), 0);
  const std::string theirs = post("/fhir/Patient", patient("Zhou", "west")).json().text("id");
  const HttpAnswer included = get("/fhir/Patient?_id=" + theirs + "&_revinclude=Observation:subject");
  EXPECT_EQ(included.json().get("entry").size(), 1u);
}

}  // namespace
}  // namespace meridian::doors::http
