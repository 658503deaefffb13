// Patches, and interactions with the one resource that meets a condition, as a FHIR client asks for them.
#include <barrier>
#include <thread>

#include "base/encoding.h"
#include "doors/http_node_fixture.h"

namespace meridian::doors::http {
namespace {

using ::testing::HasSubstr;

constexpr const char* kJsonPatch = "Content-Type: application/json-patch+json\r\n";

class HttpFhirWriteTest : public HttpNodeTest {
 protected:
  HttpAnswer patch(const std::string& target, const std::string& body,
                   const std::string& headers = kJsonPatch) {
    return send("PATCH", target, body, headers);
  }
  static std::string set_active(const std::string& value) {
    return R"([{"op":"add","path":"/active","value":)" + value + "}]";
  }
  static std::string fhirpath_patch(const std::string& path, const std::string& name,
                                    const std::string& value) {
    return R"({"resourceType":"Parameters","parameter":[{"name":"operation","part":[)"
           R"({"name":"type","valueCode":"add"},{"name":"path","valueString":")" +
           path + R"("},{"name":"name","valueString":")" + name + R"("},{"name":"value",)" + value + "}]}]}";
  }
  static std::string bundle(const std::string& type, const std::string& entries) {
    return R"({"resourceType":"Bundle","type":")" + type + R"(","entry":[)" + entries + "]}";
  }
  static std::string json_patch_entry(const std::string& url, const std::string& patch,
                                      const std::string& more = {}) {
    return R"({"resource":{"resourceType":"Binary","contentType":"application/json-patch+json","data":")" +
           to_base64(patch) + R"("},"request":{"method":"PATCH","url":")" + url + "\"" + more + "}}";
  }
  std::string with_id(const std::string& id, const std::string& family) {
    Json json = Json::parse(patient(family));
    json["id"] = id;
    return json.dump();
  }
};

TEST_F(HttpFhirWriteTest, PatchesByJsonPatch) {
  const std::string target = "/fhir/Patient/" + create_patient();
  const HttpAnswer patched = patch(target, set_active("true"));
  ASSERT_EQ(patched.status, 200) << patched.body;
  EXPECT_EQ(patched.header("etag"), "W/\"2\"");
  EXPECT_TRUE(patched.json().get("active").as_bool());
  EXPECT_EQ(get("/fhir/Patient?active=true").json().get("entry").size(), 1u) << "the index is new, too";
  EXPECT_EQ(patch(target, set_active("true")).header("etag"), "W/\"2\"") << "nothing changed";
  EXPECT_EQ(patch(target, set_active("false"), std::string(kJsonPatch) + "Prefer: return=minimal\r\n").body,
            "");
}

TEST_F(HttpFhirWriteTest, PatchesByFhirPathPatch) {
  const std::string target = "/fhir/Patient/" + create_patient();
  const HttpAnswer patched =
      patch(target, fhirpath_patch("Patient", "birthDate", R"("valueDate":"1960-02-29")"), kFhirType);
  ASSERT_EQ(patched.status, 200) << patched.body;
  EXPECT_EQ(patched.json().text("birthDate"), "1960-02-29");
  EXPECT_EQ(patch(target, fhirpath_patch("Patient.nothing", "x", R"("valueDate":"1960")"), kFhirType).status,
            422);
}

TEST_F(HttpFhirWriteTest, RefusesPatchesThatAreWrong) {
  const std::string target = "/fhir/Patient/" + create_patient();
  EXPECT_EQ(patch(target, set_active("\"perhaps\"")).status, 422) << "the result is validated";
  EXPECT_EQ(patch(target, R"([{"op":"replace","path":"/id","value":"other"}])").status, 422);
  EXPECT_EQ(patch(target, R"([{"op":"replace","path":"/resourceType","value":"Person"}])").status, 422);
  EXPECT_EQ(patch(target, R"([{"op":"replace","path":"","value":7}])").status, 422);
  EXPECT_EQ(patch(target, R"([{"op":"test","path":"/name/0/family","value":"Li"}])").status, 409);
  EXPECT_EQ(patch(target, R"([{"op":"remove","path":"/nowhere"}])").status, 422);
  EXPECT_EQ(patch(target, "[{").status, 400);
  EXPECT_EQ(patch(target, "{}").status, 415);
  EXPECT_EQ(patch(target, set_active("true"), kFhirType).status, 415);
  EXPECT_EQ(patch(target, "<diff/>", "Content-Type: application/xml-patch+xml\r\n").status, 422);
  EXPECT_EQ(patch("/fhir/Patient/none", set_active("true")).status, 404);
  EXPECT_EQ(patch("/fhir/Nonsense/1", set_active("true")).status, 404);
  EXPECT_EQ(get(target).header("etag"), "W/\"1\"");
}

TEST_F(HttpFhirWriteTest, PatchesOnlyWhatTheCallerMaySee) {
  const std::string id = create_patient(), target = "/fhir/Patient/" + id;
  sign_in("zhao");
  EXPECT_EQ(patch(target, set_active("true")).status, 404);
  EXPECT_EQ(patch("/fhir/Patient?identifier=urn:test|Wang", set_active("true")).status, 404);
  sign_in("root");
  EXPECT_EQ(patch(target, set_active("true")).status, 403);
  sign_in("wang");
  client_->request("DELETE", target);
  EXPECT_EQ(patch(target, set_active("true")).status, 410);
}

TEST_F(HttpFhirWriteTest, PatchesTheVersionThatIsExpected) {
  const std::string target = "/fhir/Patient/" + create_patient();
  const auto if_match = [](const std::string& tag) {
    return std::string(kJsonPatch) + "If-Match: " + tag + "\r\n";
  };
  EXPECT_EQ(patch(target, set_active("true"), if_match("W/\"1\"")).status, 200);
  EXPECT_EQ(patch(target, set_active("false"), if_match("W/\"1\"")).status, 412);
  EXPECT_EQ(patch(target, set_active("false"), if_match("2")).status, 200) << "quotes may be missing";
  EXPECT_EQ(patch(target, set_active("true"), if_match("\"3\"")).status, 200);
  EXPECT_EQ(patch(target, set_active("false"), if_match("newest")).status, 400);
}

TEST_F(HttpFhirWriteTest, PatchesTheOneThatMeetsTheCondition) {
  create_patient();
  EXPECT_EQ(patch("/fhir/Patient?identifier=urn:test|Wang", set_active("true")).status, 200);
  EXPECT_EQ(patch("/fhir/Patient?identifier=urn:test|Li", set_active("true")).status, 404);
  EXPECT_EQ(patch("/fhir/Patient", set_active("true")).status, 400);
  EXPECT_EQ(patch("/fhir/Patient?colour=red", set_active("true")).status, 400);
  create_patient();
  EXPECT_EQ(patch("/fhir/Patient?identifier=urn:test|Wang", set_active("false")).status, 412);
}

TEST_F(HttpFhirWriteTest, PatchesInBundles) {
  const std::string id = create_patient();
  const HttpAnswer done =
      post("/fhir", bundle("transaction", json_patch_entry("Patient/" + id, set_active("true"))));
  ASSERT_EQ(done.status, 200) << done.body;
  EXPECT_EQ(done.json().text("entry.response.etag"), "W/\"2\"");
  const std::string by_fhirpath =
      R"({"resource":)" + fhirpath_patch("Patient", "birthDate", R"("valueDate":"1960-02-29")") +
      R"(,"request":{"method":"PATCH","url":"Patient?identifier=urn:test|Wang"}})";
  const HttpAnswer batch =
      post("/fhir",
           bundle("batch", json_patch_entry("Patient/" + id, set_active("false"), R"(,"ifMatch":"W/\"1\"")") +
                               "," + by_fhirpath));
  EXPECT_EQ(batch.json().get("entry").at(0).text("response.status"), "412") << batch.body;
  EXPECT_EQ(batch.json().get("entry").at(1).text("response.status"), "200 OK");
  const Json now = get("/fhir/Patient/" + id).json();
  EXPECT_TRUE(now.get("active").as_bool());
  EXPECT_EQ(now.text("birthDate"), "1960-02-29");
}

TEST_F(HttpFhirWriteTest, ATransactionWithABadPatchLeavesNothing) {
  const std::string id = create_patient();
  const HttpAnswer answer = post(
      "/fhir",
      bundle("transaction", R"({"resource":{"resourceType":"Basic","code":{"text":"x"}},)"
                            R"("request":{"method":"POST","url":"Basic"}},)" +
                                json_patch_entry("Patient/" + id, R"([{"op":"remove","path":"/nowhere"}])")));
  EXPECT_EQ(answer.status, 422) << answer.body;
  EXPECT_THAT(answer.json().get("issue.expression").at(0).as_string(), HasSubstr("Bundle.entry[1]"));
  EXPECT_EQ(get("/fhir/Basic").json().get("entry").size(), 0u);
  EXPECT_EQ(post("/fhir", bundle("transaction", R"({"resource":{"resourceType":"Basic"},)"
                                                R"("request":{"method":"PATCH","url":"Patient/x"}})"))
                .status,
            422);
}

TEST_F(HttpFhirWriteTest, UpdatesTheOneThatMeetsTheCondition) {
  const std::string target = "/fhir/Patient?identifier=urn:test|Wang";
  const HttpAnswer created = send("PUT", target, patient());
  ASSERT_EQ(created.status, 201) << created.body;
  const std::string id = created.json().text("id");
  Json changed = Json::parse(patient());
  changed["active"] = true;
  const HttpAnswer updated = send("PUT", target, changed.dump());
  EXPECT_EQ(updated.status, 200) << updated.body;
  EXPECT_EQ(updated.json().text("id"), id);
  EXPECT_EQ(updated.header("etag"), "W/\"2\"");
  EXPECT_EQ(send("PUT", target, with_id("another", "Wang")).status, 400);
  EXPECT_EQ(send("PUT", target, with_id(id, "Wang")).status, 200);
  EXPECT_EQ(send("PUT", target, patient(), std::string(kFhirType) + "If-Match: W/\"1\"\r\n").status, 412);
  EXPECT_EQ(send("PUT", "/fhir/Patient", patient()).status, 400) << "no condition";
  EXPECT_EQ(send("PUT", "/fhir/Observation?code=x", patient()).status, 400);
  create_patient();
  EXPECT_EQ(send("PUT", target, patient()).status, 412) << "two meet it";
}

TEST_F(HttpFhirWriteTest, CreatesWithTheGivenIdWhatNothingMeets) {
  const std::string target = "/fhir/Patient?identifier=urn:test|Sun";
  EXPECT_EQ(send("PUT", target, with_id("sun", "Sun")).json().text("id"), "sun");
  EXPECT_EQ(send("PUT", "/fhir/Patient?identifier=urn:test|Qian", with_id("sun", "Qian")).status, 409)
      << "the id is another's";
  EXPECT_EQ(get("/fhir/Patient/sun").header("etag"), "W/\"1\"");
}

TEST_F(HttpFhirWriteTest, DeletesTheOneThatMeetsTheCondition) {
  const std::string target = "/fhir/Patient?identifier=urn:test|Wang", first = create_patient();
  EXPECT_EQ(send("DELETE", target).status, 204);
  EXPECT_EQ(get("/fhir/Patient/" + first).status, 410);
  EXPECT_EQ(send("DELETE", target).status, 204) << "nothing is left to delete";
  EXPECT_EQ(send("DELETE", "/fhir/Patient").status, 400);
  create_patient();
  create_patient();
  EXPECT_EQ(send("DELETE", target).status, 412);
  EXPECT_EQ(get(target).json().get("entry").size(), 2u);
}

TEST_F(HttpFhirWriteTest, DeletesTheVersionThatIsExpected) {
  const std::string target = "/fhir/Patient/" + create_patient();
  EXPECT_EQ(send("DELETE", target, {}, "If-Match: W/\"7\"\r\n").status, 412);
  EXPECT_EQ(send("DELETE", target, {}, "If-Match: 1\r\n").status, 204);
}

TEST_F(HttpFhirWriteTest, WritesOnTheConditionsOfItsHeaders) {
  const std::string id = create_patient(), target = "/fhir/Patient/" + id;
  const auto status = [&](const std::string& header) {
    return send("PUT", target, with_id(id, "Li"), std::string(kFhirType) + header + "\r\n").status;
  };
  EXPECT_EQ(status("If-None-Match: *"), 412);
  EXPECT_EQ(status("If-None-Match: W/\"1\""), 412);
  EXPECT_EQ(status("If-Match: W/\"7\", W/\"8\""), 412);
  EXPECT_EQ(get(target).json().text("meta.versionId"), "1");
  EXPECT_EQ(status("If-Match: W/\"7\", W/\"1\""), 200);
  EXPECT_EQ(status("If-Match: *"), 200);
  EXPECT_EQ(status("If-None-Match: W/\"9\""), 200);
  EXPECT_EQ(status("If-Match: abc"), 400);
  const auto put_new = [&](const std::string& header) {
    return send("PUT", "/fhir/Patient/new", with_id("new", "Li"), std::string(kFhirType) + header + "\r\n")
        .status;
  };
  EXPECT_EQ(put_new("If-Match: *"), 412);
  EXPECT_EQ(put_new("If-None-Match: *"), 201);
  EXPECT_EQ(send("DELETE", target, {}, "If-Match: *\r\n").status, 204);
}

TEST_F(HttpFhirWriteTest, AnswersATransactionAsItIsPreferred) {
  const std::string entries =
      R"({"resource":)" + patient() + R"(,"request":{"method":"POST","url":"Patient"}})";
  const auto answered = [&](const std::string& prefer) {
    return post("/fhir", bundle("transaction", entries), std::string(kFhirType) + prefer)
        .json()
        .get("entry")
        .at(0);
  };
  EXPECT_FALSE(answered("").contains("resource"));
  EXPECT_FALSE(answered("Prefer: return=minimal\r\n").contains("resource"));
  const Json whole = answered("Prefer: return=representation\r\n");
  EXPECT_EQ(whole.text("resource.name.family"), "Wang");
  EXPECT_EQ(whole.text("resource.meta.versionId"), "1");
  EXPECT_EQ(answered("Prefer: return=OperationOutcome\r\n").text("response.outcome.resourceType"),
            "OperationOutcome");
}

TEST_F(HttpFhirWriteTest, ToldWhatItKnowsAClientGetsNothing) {
  const std::string target = "/fhir/Patient/" + create_patient();
  for (const char* tag : {"W/\"1\"", "\"1\"", "1", "W/\"7\", W/\"1\"", "*"})
    EXPECT_EQ(get(target, std::string("If-None-Match: ") + tag + "\r\n").status, 304) << tag;
  for (const char* tag : {"W/\"2\"", "abc", "\"\""})
    EXPECT_EQ(get(target, std::string("If-None-Match: ") + tag + "\r\n").status, 200) << tag;
  const std::string modified = get(target).header("last-modified");
  EXPECT_EQ(get(target, "If-Modified-Since: " + modified + "\r\n").status, 304);
  EXPECT_EQ(get(target, "If-Modified-Since: Thu, 01 Jan 1970 00:00:00 GMT\r\n").status, 200);
  EXPECT_EQ(get(target, "If-Modified-Since: yesterday\r\n").status, 200);
  EXPECT_EQ(get(target, "If-None-Match: W/\"2\"\r\nIf-Modified-Since: " + modified + "\r\n").status, 200);
  EXPECT_EQ(get(target + "/_history/1", "If-None-Match: W/\"1\"\r\n").status, 304);
}

TEST_F(HttpFhirWriteTest, SixtyFourClientsCreateOne) {
  constexpr int kClients = 64;
  const std::string token = "Authorization: Bearer " + identity_.sign_in("wang", kPassword).token + "\r\n";
  std::barrier start(kClients);
  std::atomic<int> created = 0, found = 0;
  {
    std::vector<std::jthread> clients;
    for (int i = 0; i < kClients; ++i)
      clients.emplace_back([&, i] {
        HttpClient client(server_->port());
        client.always(token);
        start.arrive_and_wait();
        const bool by_put = i % 2 == 0;
        const HttpAnswer answer =
            by_put ? client.request("PUT", "/fhir/Patient?identifier=urn:test|Wang", patient(), kFhirType)
                   : client.request("POST", "/fhir/Patient", patient(),
                                    std::string(kFhirType) + "If-None-Exist: identifier=urn:test|Wang\r\n");
        created += answer.status == 201;
        found += answer.status == 200;
      });
  }
  EXPECT_EQ(created, 1);
  EXPECT_EQ(found, kClients - 1);
  const Json bundle = get("/fhir/Patient?identifier=urn:test|Wang").json();
  ASSERT_EQ(bundle.get("entry").size(), 1u);
  EXPECT_EQ(bundle.text("entry.resource.meta.versionId"), "1") << "all have sent the same";
}

TEST_F(HttpFhirWriteTest, NoPatchOfManyClientsIsLost) {
  constexpr int kClients = 32;
  const std::string target = "/fhir/Patient/" + create_patient();
  const std::string token = "Authorization: Bearer " + identity_.sign_in("wang", kPassword).token + "\r\n";
  std::barrier start(kClients);
  {
    std::vector<std::jthread> clients;
    for (int i = 0; i < kClients; ++i)
      clients.emplace_back([&, i] {
        HttpClient client(server_->port());
        client.always(token);
        start.arrive_and_wait();
        const std::string value = R"({"system":"urn:client","value":")" + std::to_string(i) + "\"}";
        const HttpAnswer answer = client.request(
            "PATCH", target, R"([{"op":"add","path":"/identifier/-","value":)" + value + "}]", kJsonPatch);
        EXPECT_EQ(answer.status, 200) << answer.body;
      });
  }
  const HttpAnswer last = get(target);
  EXPECT_EQ(last.json().get("identifier").is_null() ? 0u : last.json().find("identifier")->size(),
            kClients + 1u);
  EXPECT_EQ(last.header("etag"), "W/\"" + std::to_string(kClients + 1) + "\"");
}

}  // namespace
}  // namespace meridian::doors::http
