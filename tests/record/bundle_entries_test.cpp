// What the entries of a Bundle may ask for, and how one of a batch fails alone.
#include <gmock/gmock.h>

#include "record/bundle/links.h"
#include "record/store_fixture.h"

namespace meridian::record {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;
using ::testing::StartsWith;
using ::testing::UnorderedElementsAre;

constexpr const char* kUuid1 = "urn:uuid:0d3f1c3a-7a2e-4f57-9d8b-2b6b0d0a9c11";
constexpr const char* kUuid2 = "urn:uuid:0d3f1c3a-7a2e-4f57-9d8b-2b6b0d0a9c12";

class BundleEntries : public StoreTest {
 protected:
  static std::string bundle(const std::string& type, const std::string& entries) {
    return R"({"resourceType":"Bundle","type":")" + type + R"(","entry":[)" + entries + "]}";
  }
  static std::string request(const std::string& method, const std::string& url,
                             const std::string& more = {}) {
    return R"({"request":{"method":")" + method + R"(","url":")" + url + "\"" + more + "}}";
  }
  static std::string entry(const std::string& method, const std::string& url, const std::string& resource,
                           const std::string& full_url = "urn:none", const std::string& more = {}) {
    return R"({"fullUrl":")" + full_url + R"(","resource":)" + resource + R"(,"request":{"method":")" +
           method + R"(","url":")" + url + "\"" + more + "}}";
  }
  std::vector<std::string> statuses(const std::string& type, const std::string& entries) {
    std::vector<std::string> statuses;
    const Json answered = execute(bundle(type, entries));
    for (const Json& one : answered.get("entry").items()) statuses.push_back(one.text("response.status"));
    return statuses;
  }
  // What the entry is answered with.
  Json answer(const std::string& one) {
    const Json answered = execute(bundle("batch", one)).get("entry").at(0);
    EXPECT_THAT(answered.text("response.status"), StartsWith("200")) << answered.dump();
    return answered.get("resource");
  }
  void patient(const std::string& more = {}) {
    put(R"({"resourceType":"Patient","id":"p","name":[{"family":"Wang"}])" + more + "}");
  }
};

TEST_F(BundleEntries, OneOfABatchFailsAlone) {
  EXPECT_THAT(statuses("batch", request("GET", "Nonsense/1") + "," + request("BREW", "Patient") + "," +
                                    R"({"resource":{"resourceType":"Patient"}},7,)" +
                                    request("POST", "Patient") + "," + request("DELETE", "Patient/a b") +
                                    "," + entry("POST", "Observation", R"({"resourceType":"Patient"})") +
                                    "," + entry("POST", "Patient", R"({"resourceType":"Patient"})")),
              ElementsAre("404", "422", "422", "422", "422", "422", "400", "201 Created"));
  EXPECT_EQ(
      execute(bundle("batch", request("GET", "Nonsense/1"))).text("entry.response.outcome.resourceType"),
      "OperationOutcome");
  EXPECT_EQ(execute(bundle("batch", request("GET", "Patient") + "," + request("GET", "Patient/p/q/r")))
                .get("entry")
                .at(1)
                .get("response.outcome")
                .get("issue")
                .at(0)
                .get("expression")
                .at(0)
                .as_string(),
            "Bundle.entry[1].request.url");
  EXPECT_THAT(found("Patient", {}), SizeIs(1));
}

TEST_F(BundleEntries, ReadWhatAClientCanRead) {
  patient();
  patient(R"(,"active":true)");
  put(R"({"resourceType":"Observation","id":"o","status":"final","code":{"text":"x"},
          "subject":{"reference":"Patient/p"}})");
  const auto get = [&](const std::string& url) { return answer(request("GET", url)); };
  EXPECT_FALSE(get("Patient/p/_history/1").contains("active"));
  EXPECT_THAT(get("Patient/p/_history").get("entry").items(), SizeIs(2));
  EXPECT_THAT(get("Patient/_history?_count=1").get("entry").items(), SizeIs(1));
  EXPECT_THAT(get("_history").get("entry").items(), SizeIs(3));
  EXPECT_THAT(ids(get("Patient/p/$everything"), "match"), SizeIs(2));
  EXPECT_THAT(ids(get("Patient/p/Observation?status=final"), "match"), ElementsAre("o"));
  EXPECT_THAT(ids(get("Patient/p/*"), "match"), ElementsAre("o"));
  EXPECT_EQ(get("metadata").text("resourceType"), "CapabilityStatement");
  EXPECT_THAT(ids(get("?_type=Patient,Observation"), "match"), SizeIs(2));
  const Json part = get("/Patient/p?_elements=active");
  EXPECT_TRUE(part.contains("active"));
  EXPECT_FALSE(part.contains("name"));
  EXPECT_EQ(answer(entry("POST", "CodeSystem/$subsumes",
                         R"({"resourceType":"Parameters","parameter":[{"name":"codeA","valueCode":"male"},
                              {"name":"codeB","valueCode":"male"},
                              {"name":"system","valueUri":"http://hl7.org/fhir/administrative-gender"}]})"))
                .text("parameter.valueCode"),
            "equivalent");
}

TEST_F(BundleEntries, WhatCannotBeReadIsToldWhereItWasAskedFor) {
  EXPECT_THAT(
      statuses("batch", request("GET", "Patient/none/_history/1") + "," +
                            request("GET", "Patient/p/_history/x") + "," + request("GET", "Patient/p/q/r") +
                            "," + request("GET", "Patient/$grow") + "," + request("GET", "")),
      ElementsAre("404", "404", "404", "501", "422"));
  EXPECT_THAT(statuses("transaction", entry("POST", "Patient", R"({"resourceType":"Patient"})") + "," +
                                          request("GET", "Patient/none")),
              ElementsAre("201 Created", "404"))
      << "what was written stays written";
}

// One writes at a time: what waits for it within a write would wait for ever.
TEST_F(BundleEntries, ThatOnlyReadDoNotWaitForWhoWrites) {
  patient();
  const std::string entries = request("GET", "Patient/p") + "," + request("GET", "Patient?name=wang") + "," +
                              request("GET", "Patient/p/_history");
  record_->write(system_, [&](Writer& writer) {
    writer.create(Json::parse(R"({"resourceType":"Basic","code":{"text":"x"}})"));
    for (const char* type : {"batch", "transaction"})
      EXPECT_THAT(statuses(type, entries), ElementsAre("200 OK", "200 OK", "200 OK")) << type;
  });
}

TEST_F(BundleEntries, LinksBetweenThemAreRewrittenWhereverTheyStand) {
  const std::string reference =
      R"({"resourceType":"DocumentReference","status":"current","text":{"status":"generated",
      "div":"<div xmlns=\"http://www.w3.org/1999/xhtml\"><a href=\")" +
      std::string(kUuid1) + R"(\">it</a><img src=\")" + kUuid1 + R"(\" alt=\"it\"/><p>)" + kUuid1 +
      R"(</p></div>"},
      "extension":[{"url":"urn:y","valueUri":")" +
      kUuid1 + R"("},{"url":"urn:x","valueCanonical":")" + kUuid1 +
      R"("}],
      "masterIdentifier":{"system":"urn:ietf:rfc:3986","value":")" +
      kUuid1 + R"("},
      "content":[{"attachment":{"url":")" +
      kUuid1 + R"("}}],
      "context":{"related":[{"reference":")" +
      kUuid1 + R"(/_history/1"}]}})";
  execute(
      bundle("transaction",
             entry("POST", "DocumentReference", reference, kUuid2) + "," +
                 entry("POST", "Binary", R"({"resourceType":"Binary","contentType":"text/plain"})", kUuid1)));
  const Json stored = search("DocumentReference").get("entry").at(0).get("resource");
  const std::string binary = "Binary/" + std::string(kUuid1).substr(9);
  EXPECT_EQ(stored.text("content.attachment.url"), binary);
  EXPECT_EQ(stored.text("text.div"), R"(<div xmlns="http://www.w3.org/1999/xhtml"><a href=")" + binary +
                                         R"(">it</a><img src=")" + binary + R"(" alt="it"/><p>)" + kUuid1 +
                                         "</p></div>");
  EXPECT_EQ(stored.text("context.related.reference"), binary + "/_history/1");
  EXPECT_EQ(stored.get("extension").at(0).text("valueUri"), binary);
  EXPECT_EQ(stored.get("extension").at(1).text("valueCanonical"), kUuid1) << "canonicals stay";
  EXPECT_EQ(stored.text("masterIdentifier.value"), kUuid1) << "so do strings";
}

TEST(Links, AreVisitedWhereverTheyStand) {
  Json resource = Json::parse(R"({"resourceType":"Observation","subject":{"reference":"urn:uuid:1"},
    "status":"final","_status":{"extension":[{"url":"u","valueReference":{"reference":"urn:uuid:2"}}]},
    "contained":[{"resourceType":"Device","url":"urn:uuid:3","owner":{"reference":"#x"}}],"nothing":[{"a":1}]})");
  std::vector<std::string> references, addresses;
  for_each_link(resource, [&](LinkKind kind, std::string& link) {
    (kind == LinkKind::reference ? references : addresses).push_back(link);
    if (link == "urn:uuid:1") link = "Patient/9";
  });
  EXPECT_THAT(references, UnorderedElementsAre("urn:uuid:1", "urn:uuid:2", "#x"));
  EXPECT_THAT(addresses, UnorderedElementsAre("u", "urn:uuid:3"));
  EXPECT_EQ(resource.text("subject.reference"), "Patient/9");
}

std::string with_links_rewritten(const std::string& narrative) {
  Json resource = Json::object({{"resourceType", "Basic"}, {"text", Json::object({{"div", narrative}})}});
  for_each_link(resource, [](LinkKind, std::string& link) {
    if (link == "urn:1") link = "Patient/1";
  });
  return resource.text("text.div");
}

TEST(Links, OfANarrativeAreThoseOfItsTags) {
  EXPECT_EQ(with_links_rewritten(R"(<a title="urn:1" href = 'urn:1'>urn:1</a><a href="urn:11"/><img
      src="urn:1"/>)"),
            R"(<a title="urn:1" href = 'Patient/1'>urn:1</a><a href="urn:11"/><img
      src="Patient/1"/>)");
  EXPECT_EQ(with_links_rewritten(R"(<!-- <a href="urn:1"> --><a href="urn:1">)"),
            R"(<!-- <a href="urn:1"> --><a href="Patient/1">)");
  for (const char* other :
       {"<", "<a", "<a href", "<a href=", R"(<a href="urn:1)", "<a href=urn:1>", "<!-- ", R"(<p ="urn:1">)",
        R"(<b href="urn:1">)", R"(<a src="urn:1">)", R"(href="urn:1")"})
    EXPECT_EQ(with_links_rewritten(other), other);
}

// None of these comes to an end if each tag is looked at up to the end of the text, or moves all behind it.
TEST(Links, OfALongNarrativeAreFoundInOnePass) {
  const auto repeated = [](const std::string& text) {
    std::string all;
    for (int i = 0; i < 500'000; ++i) all += text;
    return all;
  };
  for (const char* open : {"<", "<a", R"(<a x="1" x=")", "<a x=", "<!--"})
    EXPECT_EQ(with_links_rewritten(repeated(open)).size(), 500'000 * std::string(open).size());
  EXPECT_EQ(with_links_rewritten(repeated(R"(<a href="urn:1">)")), repeated(R"(<a href="Patient/1">)"));
}

TEST_F(BundleEntries, RelativeReferencesAreOfTheServerThatTheirEntryComesFrom) {
  std::string entries;
  for (const char* server : {"http://a/fhir", "http://b/fhir"}) {
    const std::string base(server);
    entries +=
        entry("POST", "Patient", R"({"resourceType":"Patient","identifier":[{"value":")" + base + "\"}]}",
              base + "/Patient/1") +
        "," +
        entry("POST", "Observation",
              R"({"resourceType":"Observation","status":"final","code":{"text":"x"},
                         "identifier":[{"value":")" +
                  base + R"("}],"subject":{"reference":"Patient/1"}})",
              base + "/Observation/2") +
        ",";
  }
  entries += entry("POST", "Observation",
                   R"({"resourceType":"Observation","status":"final","code":{"text":"x"},
                       "identifier":[{"value":"here"}],"subject":{"reference":"Patient/1"}})",
                   kUuid1);
  execute(bundle("transaction", entries));
  for (const char* server : {"http://a/fhir", "http://b/fhir"})
    EXPECT_THAT(found("Observation", {{"identifier", server}, {"subject.identifier", server}}), SizeIs(1))
        << server;
  EXPECT_THAT(found("Observation", {{"identifier", "here"}, {"subject", "Patient/1"}}), SizeIs(1))
      << "of no other server: of this one";
}

TEST_F(BundleEntries, OnlyReferencesAreConditional) {
  put(R"({"resourceType":"Patient","id":"p","identifier":[{"system":"s","value":"1"}]})");
  const std::string condition = "Patient?identifier=s|1";
  execute(bundle("transaction", entry("POST", "DocumentReference",
                                      R"({"resourceType":"DocumentReference","status":"current",
          "subject":{"reference":")" + condition +
                                          R"("},"content":[{"attachment":{"url":")" + condition + R"("}}],
          "context":{"sourcePatientInfo":{"reference":")" +
                                          condition + R"("}}})",
                                      kUuid1)));
  const Json stored = search("DocumentReference").get("entry").at(0).get("resource");
  EXPECT_EQ(stored.text("subject.reference"), "Patient/p");
  EXPECT_EQ(stored.text("context.sourcePatientInfo.reference"), "Patient/p");
  EXPECT_EQ(stored.text("content.attachment.url"), condition);
}

TEST_F(BundleEntries, CanonicalUrlsStayWhatTheyAre) {
  execute(bundle("transaction",
                 entry("POST", "CodeSystem",
                       R"({"resourceType":"CodeSystem","url":"http://a/CodeSystem/c","status":"active",
                           "content":"complete"})",
                       "http://a/CodeSystem/c") +
                     "," +
                     entry("POST", "ValueSet",
                           R"({"resourceType":"ValueSet","url":"http://a/ValueSet/v","status":"active",
                               "compose":{"include":[{"system":"http://a/CodeSystem/c"}]}})",
                           "http://a/ValueSet/v")));
  EXPECT_THAT(found("CodeSystem", {{"url", "http://a/CodeSystem/c"}}), SizeIs(1));
  EXPECT_THAT(found("ValueSet", {{"url", "http://a/ValueSet/v"}, {"reference", "http://a/CodeSystem/c"}}),
              SizeIs(1));
}

TEST_F(BundleEntries, ConditionsOfTheirs) {
  patient();
  const std::string resource = R"({"resourceType":"Patient","id":"p","active":true})";
  const auto put_if = [&](const std::string& condition) {
    return statuses("batch", entry("PUT", "Patient/p", resource, "urn:none", "," + condition)).front();
  };
  EXPECT_EQ(put_if(R"("ifNoneMatch":"*")"), "412");
  EXPECT_EQ(put_if(R"("ifNoneMatch":"W/\"1\"")"), "412");
  EXPECT_EQ(put_if(R"("ifMatch":"W/\"8\", W/\"9\"")"), "412");
  EXPECT_EQ(put_if(R"("ifMatch":"W/\"8\", W/\"1\"")"), "200 OK");
  EXPECT_EQ(put_if(R"("ifMatch":"*")"), "200 OK");
  EXPECT_EQ(
      statuses("batch", request("GET", "Patient/p", R"(,"ifModifiedSince":"2100-01-01T00:00:00Z")")).front(),
      "304 Not Modified");
  EXPECT_EQ(
      statuses("batch", request("GET", "Patient/p", R"(,"ifModifiedSince":"2020-01-01T00:00:00Z")")).front(),
      "200 OK");
}

}  // namespace
}  // namespace meridian::record
