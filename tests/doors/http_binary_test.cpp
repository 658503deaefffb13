// A Binary goes as the content that it holds, and as a resource (FHIR R4, binary.html).
#include "base/encoding.h"
#include "doors/http_node_fixture.h"
#include "record/xml/xml.h"

namespace meridian::doors::http {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kPng = "Content-Type: image/png\r\n";
const std::string kPicture("\x89PNG\r\n\x1a\n\0\xff", 10);

class HttpBinaryTest : public HttpNodeTest {
 protected:
  // The address of a new Binary with the content.
  std::string keep(const std::string& content, const std::string& type, const std::string& more = {}) {
    const HttpAnswer answer = post("/fhir/Binary", content, "Content-Type: " + type + "\r\n" + more);
    EXPECT_EQ(answer.status, 201) << answer.body;
    const std::string location = answer.header("location");
    return location.substr(0, location.find("/_history"));
  }
};

TEST_F(HttpBinaryTest, KeepsAndGivesTheContentItself) {
  const std::string target = keep(kPicture, "image/png");
  const HttpAnswer answer = get(target);
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("content-type"), "image/png");
  EXPECT_EQ(answer.body, kPicture);
  EXPECT_EQ(answer.header("etag"), "W/\"1\"");
  EXPECT_EQ(get(target, "If-None-Match: W/\"1\"\r\n").status, 304);
  EXPECT_EQ(get(target, "Accept: image/*\r\n").body, kPicture);
  EXPECT_EQ(get(target, "Accept: text/html, application/xml;q=0.9, */*;q=0.8\r\n").body, kPicture)
      << "as browsers ask";
  EXPECT_EQ(get(target + "/_history/1", "Accept: image/png\r\n").body, kPicture);
  EXPECT_EQ(client_->request("HEAD", target).header("content-length"), "10");
}

TEST_F(HttpBinaryTest, GivesTheResourceToWhoAsksForIt) {
  const std::string target = keep(kPicture, "image/png");
  for (const char* accept :
       {"application/fhir+json", "application/json", "text/html;q=0.5, application/fhir+json",
        "application/fhir+json, image/png;q=0.9"})
    EXPECT_EQ(get(target, std::string("Accept: ") + accept + "\r\n").json().text("data"), to_base64(kPicture))
        << accept;
  EXPECT_EQ(get(target + "?_format=json").json().text("contentType"), "image/png");
  EXPECT_EQ(record::read_xml(get(target, "Accept: application/fhir+xml\r\n").body).text("data"),
            to_base64(kPicture));
  EXPECT_FALSE(get(target + "?_elements=contentType").json().contains("data"));
  EXPECT_EQ(get(target, "Accept: application/pdf\r\n").status, 406);
}

TEST_F(HttpBinaryTest, IsSearchedAndHasAHistoryAsOtherTypesHave) {
  const std::string id = keep(kPicture, "image/png").substr(std::string("/fhir/Binary/").size());
  keep("one", "text/plain");
  const Json history = get("/fhir/Binary/_history").json();
  EXPECT_EQ(history.text("type"), "history");
  EXPECT_EQ(history.get("entry").size(), 2u);
  EXPECT_EQ(get("/fhir/Binary/_history?_format=xml").header("content-type"),
            "application/fhir+xml; charset=utf-8");
  EXPECT_EQ(client_->request("HEAD", "/fhir/Binary/_history").status, 200);
  for (const HttpAnswer& answer :
       {get("/fhir/Binary/_search?_id=" + id),
        post("/fhir/Binary/_search", "_id=" + id, "Content-Type: application/x-www-form-urlencoded\r\n")}) {
    EXPECT_EQ(answer.json().text("type"), "searchset") << answer.body;
    EXPECT_EQ(answer.json().get("entry").size(), 1u);
  }
  const std::string given = R"({"resourceType":"Parameters","parameter":[{"name":"resource","resource":)"
                            R"({"resourceType":"Binary","contentType":"text/plain"}}]})";
  EXPECT_EQ(post("/fhir/Binary/$validate", given).json().text("resourceType"), "OperationOutcome");
  EXPECT_EQ(get("/fhir/Binary/$validate").status, 400) << "nothing is sent, but it is the operation";
  EXPECT_EQ(get("/fhir/Binary/" + id + "/$validate").json().text("resourceType"), "OperationOutcome");
}

TEST_F(HttpBinaryTest, WritesTheContentAnew) {
  const std::string target = keep("one", "text/plain");
  EXPECT_EQ(send("PUT", target, kPicture, kPng).status, 200);
  EXPECT_EQ(get(target).body, kPicture);
  EXPECT_EQ(get(target + "/_history/1").body, "one");
  EXPECT_EQ(send("PUT", target, "late", std::string(kPng) + "If-Match: W/\"1\"\r\n").status, 412);
  EXPECT_EQ(send("PUT", "/fhir/Binary/mine", "two", "Content-Type: text/plain; charset=utf-8\r\n").status,
            201);
  EXPECT_EQ(get("/fhir/Binary/mine").header("content-type"), "text/plain; charset=utf-8");
  EXPECT_EQ(post("/fhir/Binary", "x", {}).status, 415) << "of no type";
  EXPECT_EQ(post("/fhir/Patient", kPicture, kPng).status, 415);
}

TEST_F(HttpBinaryTest, TellsAResourceFromContentThatIsJsonOrXml) {
  const std::string resource = R"({"resourceType":"Binary","contentType":"text/plain","data":"b25l"})";
  EXPECT_EQ(get(keep(resource, "application/fhir+json")).body, "one");
  EXPECT_EQ(get(keep(record::write_xml(Json::parse(resource)), "application/fhir+xml")).body, "one");
  EXPECT_EQ(get(keep("[1,2]", "application/json"), "Accept: */*\r\n").body, "[1,2]");
  EXPECT_EQ(get(keep(patient(), "application/fhir+json")).body, patient());
  EXPECT_EQ(get(keep("<ClinicalDocument/>", "application/xml")).body, "<ClinicalDocument/>");
  EXPECT_EQ(post("/fhir/Binary", R"({"resourceType":"Binary")").status, 400);
  EXPECT_EQ(post("/fhir/Binary", R"({"resourceType":"Binary","data":"b25l"})").status, 422);
}

// The session's cookie goes with whatever a browser opens here.
TEST_F(HttpBinaryTest, NothingOfItRunsInABrowser) {
  const HttpAnswer page = get(keep("<script>alert(1)</script>", "text/html"));
  EXPECT_EQ(page.header("content-type"), "text/html");
  EXPECT_EQ(page.header("content-disposition"), "attachment");
  EXPECT_THAT(page.header("content-security-policy"), HasSubstr("sandbox"));
  EXPECT_THAT(page.header("content-security-policy"), Not(HasSubstr("script-src 'self'")));
  EXPECT_EQ(page.header("x-content-type-options"), "nosniff");
  EXPECT_EQ(get(keep("<svg/>", "image/svg+xml")).header("content-disposition"), "attachment");
  EXPECT_EQ(get(keep(kPicture, "image/png")).header("content-disposition"), "inline");
  for (const char* type : {"text/javascript", "application/x-javascript; charset=utf-8", "Text/ECMAScript"})
    EXPECT_EQ(get(keep("alert(1)", type)).header("content-type"), "application/octet-stream") << type;
  EXPECT_EQ(get(keep("x", "none"), "Accept: */*\r\n").header("content-type"), "application/octet-stream");
}

TEST_F(HttpBinaryTest, ItIsWhoseItsContextIs) {
  const std::string id = create_patient();
  const std::string target = keep("secret", "text/plain", "X-Security-Context: Patient/" + id + "\r\n");
  const HttpAnswer mine = get(target);
  EXPECT_EQ(mine.body, "secret");
  EXPECT_EQ(mine.header("x-security-context"), "Patient/" + id);
  sign_in("zhao");
  EXPECT_EQ(get(target).status, 404);
  EXPECT_EQ(get(target + "/_history/1").status, 404);
  sign_in("lin");
  EXPECT_EQ(get(target).status, 403);
  EXPECT_EQ(post("/fhir/Binary", "x", "Content-Type: text/plain\r\n").status, 403);
  client_->always("");
  EXPECT_EQ(get(target).status, 401);
}

}  // namespace
}  // namespace meridian::doors::http
