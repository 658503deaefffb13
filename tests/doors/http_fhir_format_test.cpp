// In which form FHIR resources come and go: JSON and XML, whole and in part, compressed, with or without a
// body.
#include <zlib.h>

#include "doors/http/compression.h"
#include "doors/http_node_fixture.h"
#include "record/xml/xml.h"

namespace meridian::doors::http {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

constexpr const char* kXmlType = "Content-Type: application/fhir+xml\r\n";
constexpr const char* kAcceptXml = "Accept: application/fhir+xml\r\n";

std::string unzipped(const std::string& bytes) {
  z_stream stream{};
  inflateInit2(&stream, 15 + 16);
  std::string out(1u << 22, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const int result = inflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  inflateEnd(&stream);
  return result == Z_STREAM_END ? out : std::string();
}

class HttpFhirFormatTest : public HttpNodeTest {
 protected:
  static std::string observation(const std::string& patient_id) {
    return R"({"resourceType":"Observation","status":"final","text":{"status":"generated",)"
           R"("div":"<div xmlns=\"http://www.w3.org/1999/xhtml\">Weight</div>"},)"
           R"("modifierExtension":[{"url":"urn:x","valueBoolean":false}],)"
           R"("code":{"text":"Weight"},"subject":{"reference":"Patient/)" +
           patient_id + R"("},"valueQuantity":{"value":70.10,"unit":"kg"},"note":[{"text":"fasting"}]})";
  }
  std::string create_observation() {
    return post("/fhir/Observation", observation(create_patient())).json().text("id");
  }
  static bool has_tag(const Json& resource) {
    for (const Json& tag :
         resource.get("meta.tag").is_null() ? Json::Array() : resource.get("meta").find("tag")->items())
      if (tag.text("code") == "SUBSETTED") return true;
    return false;
  }
};

TEST_F(HttpFhirFormatTest, AResourceGoesRoundInXml) {
  const std::string xml = record::write_xml(Json::parse(patient()));
  const HttpAnswer created = post("/fhir/Patient", xml, std::string(kXmlType) + kAcceptXml);
  ASSERT_EQ(created.status, 201) << created.body;
  EXPECT_EQ(created.header("content-type"), "application/fhir+xml; charset=utf-8");
  const Json resource = record::read_xml(created.body);
  EXPECT_EQ(resource.text("name.family"), "Wang");
  const std::string target = "/fhir/Patient/" + resource.text("id");
  EXPECT_EQ(get(target).json().dump(), resource.dump()) << "JSON and XML say the same";
  for (const char* format : {"xml", "application/fhir%2Bxml", "text/xml", "application/fhir+xml"})
    EXPECT_EQ(record::read_xml(get(target + "?_format=" + format).body).dump(), resource.dump()) << format;
  EXPECT_THAT(get(target + "?_format=json", kAcceptXml).header("content-type"), HasSubstr("json"))
      << "_format goes before Accept";
  EXPECT_THAT(get(target, "Accept: application/fhir+xml;q=0.5, application/fhir+json\r\n").body,
              StartsWith("{"));
  EXPECT_EQ(send("PUT", target, created.body, std::string(kXmlType) + "Prefer: return=minimal\r\n").status,
            200);
}

TEST_F(HttpFhirFormatTest, NarrativesKeepTheBlanksBetweenTheirElements) {
  const std::string text = R"(<div xmlns="http://www.w3.org/1999/xhtml"><p><b>a</b> <i>b</i></p></div>)";
  const HttpAnswer created =
      post("/fhir/Patient",
           R"(<Patient xmlns="http://hl7.org/fhir"><text><status value="generated"/>)" + text +
               "</text>\n</Patient>",
           kXmlType);
  ASSERT_EQ(created.status, 201) << created.body;
  const std::string target = "/fhir/Patient/" + created.json().text("id");
  EXPECT_EQ(get(target).json().text("text.div"), text);
  const HttpAnswer patched = send(
      "PATCH", target,
      R"(<diff><add sel="f:Patient"> <birthDate value="1971" xmlns="http://hl7.org/fhir"/></add></diff>)",
      "Content-Type: application/xml-patch+xml\r\n");
  ASSERT_EQ(patched.status, 200) << patched.body;
  EXPECT_EQ(patched.json().text("birthDate"), "1971");
  EXPECT_EQ(patched.json().text("text.div"), text);
}

TEST_F(HttpFhirFormatTest, BundlesAndOperationsAreXmlToo) {
  create_patient();
  EXPECT_EQ(record::read_xml(get("/fhir/Patient?name=wang", kAcceptXml).body).get("entry").size(), 1u);
  EXPECT_EQ(record::read_xml(get("/fhir/metadata?_format=xml").body).text("resourceType"),
            "CapabilityStatement");
  const std::string bundle =
      record::write_xml(Json::parse(R"({"resourceType":"Bundle","type":"transaction","entry":[{"resource":)" +
                                    patient("Sun") + R"(,"request":{"method":"POST","url":"Patient"}}]})"));
  const HttpAnswer answer = post("/fhir", bundle, std::string(kXmlType) + kAcceptXml);
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(record::read_xml(answer.body).text("entry.response.status"), "201 Created");
}

TEST_F(HttpFhirFormatTest, WhatIsWrongIsToldInTheFormatAskedFor) {
  const HttpAnswer missing = get("/fhir/Patient/none", kAcceptXml);
  EXPECT_EQ(missing.status, 404);
  EXPECT_EQ(record::read_xml(missing.body).text("issue.code"), "not-found");
  const HttpAnswer refused = post("/fhir/Patient", "<Patient xmlns=\"http://hl7.org/fhir\"><nmae/></Patient>",
                                  std::string(kXmlType) + kAcceptXml);
  EXPECT_EQ(refused.status, 422);
  EXPECT_EQ(record::read_xml(refused.body).text("resourceType"), "OperationOutcome");
}

TEST_F(HttpFhirFormatTest, RefusesHostileXml) {
  EXPECT_EQ(post("/fhir/Patient",
                 "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>"
                 "<Patient xmlns=\"http://hl7.org/fhir\"><id value=\"&e;\"/></Patient>",
                 kXmlType)
                .status,
            400);
  EXPECT_EQ(post("/fhir/Patient", "<Patient", kXmlType).status, 400);
  EXPECT_EQ(post("/fhir/Patient", "<Patient/>", kXmlType).status, 422);
  EXPECT_EQ(post("/fhir/Patient", patient(), kXmlType).status, 400) << "JSON that says it is XML";
}

TEST_F(HttpFhirFormatTest, WritesInLinesWhenAsked) {
  const std::string target = "/fhir/Patient/" + create_patient();
  EXPECT_THAT(get(target + "?_pretty=true").body, HasSubstr("\n  \"id\""));
  EXPECT_THAT(get(target).body, Not(HasSubstr("\n")));
  const HttpAnswer xml = get(target + "?_pretty=true&_format=xml");
  EXPECT_THAT(xml.body, HasSubstr("\n  <name>\n    <family value=\"Wang\"/>\n  </name>"));
  EXPECT_EQ(record::read_xml(xml.body).dump(), get(target).json().dump());
  EXPECT_EQ(get(target + "?_pretty=maybe").status, 400);
}

TEST_F(HttpFhirFormatTest, GivesTheBodyThatIsPreferred) {
  const auto prefer = [](const std::string& what) {
    return std::string(kFhirType) + "Prefer: " + what + "\r\n";
  };
  EXPECT_EQ(post("/fhir/Patient", patient(), prefer("return=\"minimal\"")).body, "");
  EXPECT_EQ(post("/fhir/Patient", patient(), prefer("return=representation")).json().text("resourceType"),
            "Patient");
  const HttpAnswer outcome =
      post("/fhir/Patient", patient(), prefer("respond-async=no, return=OperationOutcome"));
  EXPECT_EQ(outcome.status, 201);
  EXPECT_EQ(outcome.json().text("resourceType"), "OperationOutcome");
  const std::string location = outcome.header("location");
  const std::string target = location.substr(0, location.find("/_history"));
  const HttpAnswer deleted = send("DELETE", target, {}, "Prefer: return=OperationOutcome\r\n");
  EXPECT_EQ(deleted.status, 200);
  EXPECT_EQ(deleted.json().text("issue.severity"), "information");
}

TEST_F(HttpFhirFormatTest, HandlesUnknownParametersAsPreferred) {
  create_patient();
  EXPECT_EQ(get("/fhir/Patient?colour=red").status, 400);
  EXPECT_EQ(get("/fhir/Patient?colour=red", "Prefer: handling=strict\r\n").status, 400);
  EXPECT_EQ(get("/fhir/Patient?colour=red&handling=lenient").status, 400) << "it is a header";
  const HttpAnswer lenient = get("/fhir/Patient?colour=red", "Prefer: return=minimal; handling=lenient\r\n");
  EXPECT_EQ(lenient.status, 200) << lenient.body;
  EXPECT_EQ(lenient.json().get("entry").size(), 2u) << "the patient, and what was ignored";
  EXPECT_THAT(lenient.body, HasSubstr("colour"));
}

TEST_F(HttpFhirFormatTest, ReadsInPart) {
  const std::string target = "/fhir/Observation/" + create_observation();
  const Json summary = get(target + "?_summary=true").json();
  EXPECT_TRUE(has_tag(summary));
  EXPECT_TRUE(summary.contains("valueQuantity") && summary.contains("code")) << summary.dump();
  EXPECT_FALSE(summary.contains("note") || summary.contains("text")) << summary.dump();
  const Json text = get(target + "?_summary=text").json();
  EXPECT_TRUE(text.contains("text") && text.contains("status")) << "what is mandatory stays";
  EXPECT_FALSE(text.contains("valueQuantity"));
  const Json data = get(target + "?_summary=data").json();
  EXPECT_TRUE(data.contains("note"));
  EXPECT_FALSE(data.contains("text"));
  const Json elements = get(target + "?_elements=value").json();
  EXPECT_TRUE(elements.contains("valueQuantity") && elements.contains("modifierExtension"));
  EXPECT_FALSE(elements.contains("note") || elements.contains("subject")) << elements.dump();
  EXPECT_FALSE(has_tag(get(target + "?_summary=false").json()));
  EXPECT_EQ(get(target + "?_summary=count").status, 400);
  EXPECT_EQ(get(target + "?_summary=some").status, 400);
  EXPECT_EQ(get(target + "?_elements=,").status, 400);
}

TEST_F(HttpFhirFormatTest, SearchesInPart) {
  create_observation();
  const Json summary = get("/fhir/Observation?_summary=true").json();
  EXPECT_TRUE(has_tag(summary.get("entry.resource")));
  EXPECT_FALSE(summary.get("entry.resource").contains("note"));
  const Json counted = get("/fhir/Observation?_summary=count").json();
  EXPECT_EQ(counted.get("total").as_int(), 1);
  EXPECT_FALSE(counted.contains("entry"));
  const Json both = get("/fhir/Observation?_elements=status&_include=Observation:subject").json();
  EXPECT_TRUE(has_tag(both.get("entry").at(0).get("resource")));
  EXPECT_TRUE(both.get("entry").at(1).get("resource").contains("name")) << "what is included is whole";
  EXPECT_EQ(get("/fhir/Observation?_summary=text&_include=Observation:subject").status, 400);
}

TEST_F(HttpFhirFormatTest, HeadIsGetWithoutTheBody) {
  const std::string target = "/fhir/Patient/" + create_patient();
  const HttpAnswer whole = get(target), head = client_->request("HEAD", target);
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.body, "");
  EXPECT_EQ(head.header("content-length"), whole.header("content-length"));
  EXPECT_EQ(head.header("etag"), "W/\"1\"");
  EXPECT_EQ(client_->request("HEAD", "/fhir/Patient/none").status, 404);
  EXPECT_EQ(get(target).status, 200) << "the connection goes on";
}

TEST_F(HttpFhirFormatTest, ReadsWhatIsCompressed) {
  const HttpAnswer created =
      post("/fhir/Patient", gzipped(patient()), std::string(kFhirType) + "Content-Encoding: gzip\r\n");
  EXPECT_EQ(created.status, 201) << created.body;
  EXPECT_EQ(created.json().text("name.family"), "Wang");
  EXPECT_EQ(post("/fhir/Patient", patient(), std::string(kFhirType) + "Content-Encoding: zstd\r\n").status,
            415);
}

TEST_F(HttpFhirFormatTest, CompressesWhatIsLong) {
  for (int i = 0; i < 20; ++i) create_patient();
  const HttpAnswer plain = get("/fhir/Patient?_elements=name");
  const HttpAnswer zipped = get("/fhir/Patient?_elements=name", "Accept-Encoding: gzip\r\n");
  EXPECT_EQ(zipped.header("content-encoding"), "gzip");
  EXPECT_THAT(zipped.header("vary"), HasSubstr("Accept-Encoding"));
  EXPECT_LT(zipped.body.size(), plain.body.size() / 4);
  EXPECT_EQ(Json::parse(unzipped(zipped.body)).get("entry").size(), 20u);
  const HttpAnswer xml = get("/fhir/Patient?_format=xml", "Accept-Encoding: gzip\r\n");
  EXPECT_EQ(record::read_xml(unzipped(xml.body)).get("entry").size(), 20u);
  EXPECT_EQ(plain.header("content-encoding"), "");
}

}  // namespace
}  // namespace meridian::doors::http
