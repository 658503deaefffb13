#include <gmock/gmock.h>

#include <atomic>
#include <thread>

#include "record/store_fixture.h"

namespace meridian::record {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

class StoreBundle : public StoreTest {
 protected:
  static std::string bundle(const std::string& entries, const std::string& type = "transaction") {
    return R"({"resourceType":"Bundle","type":")" + type + R"(","entry":[)" + entries + "]}";
  }
  static std::string post(const std::string& full_url, const std::string& resource,
                          const std::string& more = {}) {
    const std::string type = Json::parse(resource).text("resourceType");
    return R"({"fullUrl":")" + full_url + R"(","resource":)" + resource +
           R"(,"request":{"method":"POST","url":")" + type + "\"" + more + "}}";
  }
  static std::string observation_of(const std::string& patient) {
    return R"({"resourceType":"Observation","status":"final","code":{"text":"x"},"subject":{"reference":")" +
           patient + "\"}}";
  }
  static std::string status(const Json& response, std::size_t entry) {
    return response.get("entry").at(entry).text("response.status");
  }
};

constexpr const char* kUuid1 = "urn:uuid:0d3f1c3a-7a2e-4f57-9d8b-2b6b0d0a9c11";
constexpr const char* kUuid2 = "urn:uuid:0d3f1c3a-7a2e-4f57-9d8b-2b6b0d0a9c12";

TEST_F(StoreBundle, RewritesReferencesBetweenItsEntries) {
  const Json response = execute(
      bundle(post(kUuid2, observation_of(kUuid1)) + "," + post(kUuid1, R"({"resourceType":"Patient"})")));
  EXPECT_EQ(response.text("type"), "transaction-response");
  EXPECT_EQ(status(response, 0), "201 Created");
  const std::string patient = response.get("entry").at(1).text("response.location");
  const Json observations =
      search("Observation", {{"subject", patient.substr(0, patient.find("/_history"))}});
  EXPECT_THAT(ids(observations, "match"), SizeIs(1));
}

TEST_F(StoreBundle, StoresTheSameBundleOnce) {
  const std::string text = bundle(post(kUuid1, R"({"resourceType":"Patient","active":true})") + "," +
                                  post(kUuid2, observation_of(kUuid1)));
  execute(text);
  EXPECT_EQ(status(execute(text), 0), "200 OK");
  EXPECT_EQ(count("SELECT COUNT(*) FROM resource"), 2);
  EXPECT_EQ(ledger_->size(), 2);
}

TEST_F(StoreBundle, GivesAnotherIdWhenTheUuidIsTaken) {
  execute(bundle(post(kUuid1, R"({"resourceType":"Patient","active":true})")));
  const Json second = execute(bundle(post(kUuid1, R"({"resourceType":"Patient","active":false})") + "," +
                                     post(kUuid2, observation_of(kUuid1))));
  EXPECT_EQ(status(second, 0), "201 Created");
  EXPECT_EQ(count("SELECT COUNT(*) FROM resource WHERE type = 'Patient'"), 2);
  EXPECT_THAT(found("Observation", {{"subject:Patient.active", "false"}}), SizeIs(1));
}

TEST_F(StoreBundle, StoresABundleOnceThoughAUuidIsTaken) {
  execute(bundle(post(kUuid1, R"({"resourceType":"Patient","active":true})")));
  const std::string other = bundle(post(kUuid1, R"({"resourceType":"Patient","active":false})") + "," +
                                   post(kUuid2, observation_of(kUuid1)));
  const Json first = execute(other);
  const Json second = execute(other);
  EXPECT_EQ(status(second, 0), "200 OK");
  for (std::size_t i = 0; i < 2; ++i)
    EXPECT_EQ(second.get("entry").at(i).text("response.location"),
              first.get("entry").at(i).text("response.location"));
  EXPECT_THAT(found("Patient", {}), SizeIs(2));
  EXPECT_THAT(found("Observation", {}), SizeIs(1));
}

TEST_F(StoreBundle, StoresTheSameBundleOnceThoughItsResourcesWereChangedSince) {
  const std::string id = std::string(kUuid1).substr(9), other = std::string(kUuid2).substr(9);
  const std::string text = bundle(post(kUuid1, R"({"resourceType":"Patient","active":true})") + "," +
                                  post(kUuid2, R"({"resourceType":"Basic","code":{"text":"x"}})"));
  execute(text);
  put(R"({"resourceType":"Patient","id":")" + id + R"(","active":false})");
  record_->remove(system_, "Basic", other);
  const Json second = execute(text);
  EXPECT_EQ(status(second, 0), "200 OK");
  EXPECT_EQ(status(second, 1), "200 OK");
  EXPECT_EQ(count("SELECT COUNT(*) FROM resource"), 2);
  EXPECT_THAT(found("Patient", {{"active", "false"}}), SizeIs(1)) << "the change stays";
  EXPECT_THAT(found("Basic", {}), SizeIs(0)) << "what was deleted stays deleted";
}

TEST_F(StoreBundle, StoresTheSameBundleOnceForAllOfAnOrganization) {
  const std::string text = bundle(post(kUuid1, R"({"resourceType":"Patient","active":true})"));
  Principal colleague = clinician("two");
  colleague.fhir_user = "Practitioner/colleague";
  for (const Principal& sender :
       {clinician("one"), clinician("two"), clinician("three"), colleague, clinician("three")})
    record_->execute(sender, Json::parse(text));
  EXPECT_EQ(count("SELECT COUNT(*) FROM resource"), 3) << "organizations do not see each other's";
}

TEST_F(StoreBundle, LeavesNothingWhenOneEntryIsBad) {
  const auto error = error_of([&] {
    execute(bundle(post(kUuid1, R"({"resourceType":"Patient"})") + "," +
                   post(kUuid2, R"({"resourceType":"Patient","id":"x","birthDate":["no"]})")));
  });
  ASSERT_TRUE(error);
  EXPECT_THAT(error->where(), HasSubstr("Bundle.entry[1].resource.birthDate"));
  EXPECT_EQ(count("SELECT COUNT(*) FROM resource"), 0);
  EXPECT_EQ(ledger_->size(), 0);
}

TEST_F(StoreBundle, LeavesNothingWhenAPreconditionFails) {
  put(R"({"resourceType":"Patient","id":"p","active":true})");
  const auto error = error_of([&] {
    execute(bundle(post(kUuid1, R"({"resourceType":"Basic","code":{"text":"x"}})") +
                   R"(,{"resource":{"resourceType":"Patient","id":"p","active":false},
                        "request":{"method":"PUT","url":"Patient/p","ifMatch":"W/\"9\""}})"));
  });
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code(), ErrorCode::precondition_failed);
  EXPECT_THAT(error->where(), HasSubstr("Bundle.entry[1]"));
  EXPECT_EQ(count("SELECT COUNT(*) FROM resource"), 1);
}

TEST_F(StoreBundle, RefusesEntriesThatContradictThemselves) {
  const auto refuses = [&](const std::string& entry) { return code_of([&] { execute(bundle(entry)); }); };
  EXPECT_EQ(
      refuses(
          R"({"resource":{"resourceType":"Patient","id":"a"},"request":{"method":"PUT","url":"Patient/b"}})"),
      ErrorCode::invalid_request);
  EXPECT_EQ(
      refuses(R"({"resource":{"resourceType":"Patient"},"request":{"method":"POST","url":"Observation"}})"),
      ErrorCode::invalid_request);
  EXPECT_EQ(
      refuses(R"({"resource":{"resourceType":"Patient"},"request":{"method":"POST","url":"Nonsense"}})"),
      ErrorCode::not_found);
  EXPECT_EQ(refuses(R"({"resource":{"resourceType":"Patient"},"request":{"method":"BREW","url":"Patient"}})"),
            ErrorCode::invalid_value);
  EXPECT_EQ(refuses(R"({"resource":{"resourceType":"Patient"}})"), ErrorCode::invalid_structure);
  EXPECT_EQ(refuses(R"({"request":{"method":"POST","url":"Patient"}})"), ErrorCode::invalid_structure);
  EXPECT_EQ(refuses(R"({"request":{"method":"DELETE","url":"Patient"}})"), ErrorCode::invalid_request);
  const std::string put =
      R"({"resource":{"resourceType":"Patient","id":"a"},"request":{"method":"PUT","url":"Patient/a"}})";
  EXPECT_EQ(refuses(put + "," + put), ErrorCode::invalid_request);
  EXPECT_EQ(code_of([&] { execute(R"({"resourceType":"Bundle","type":"collection"})"); }),
            ErrorCode::invalid_value);
  EXPECT_EQ(code_of([&] { execute(R"({"resourceType":"Bundle","type":"transaction","entry":7})"); }),
            ErrorCode::invalid_structure);
  EXPECT_EQ(count("SELECT COUNT(*) FROM resource"), 0);
}

TEST_F(StoreBundle, CreatesOnlyWhereNothingMeetsTheCondition) {
  const std::string entry =
      post(kUuid1, R"({"resourceType":"Patient","identifier":[{"system":"s","value":"1"}]})",
           R"(,"ifNoneExist":"identifier=s|1")");
  execute(bundle(entry));
  const Json second = execute(bundle(entry + "," + post(kUuid2, observation_of(kUuid1))));
  EXPECT_EQ(status(second, 0), "200 OK");
  EXPECT_THAT(found("Observation", {{"subject.identifier", "s|1"}}), SizeIs(1));
  EXPECT_EQ(count("SELECT COUNT(*) FROM resource"), 2);
}

TEST_F(StoreBundle, CreatesOneInManyConcurrentTransactions) {
  constexpr int kThreads = 16;
  std::vector<std::jthread> threads;
  for (int i = 0; i < kThreads; ++i)
    threads.emplace_back([&] {
      execute(bundle(post("urn:x", R"({"resourceType":"Patient","identifier":[{"system":"s","value":"1"}]})",
                          R"(,"ifNoneExist":"identifier=s|1")") +
                     "," + post("urn:y", observation_of("urn:x"))));
    });
  threads.clear();
  EXPECT_EQ(count("SELECT COUNT(*) FROM resource WHERE type = 'Patient'"), 1);
  EXPECT_THAT(found("Observation", {{"subject.identifier", "s|1"}}), SizeIs(kThreads));
}

TEST_F(StoreBundle, ResolvesConditionalReferences) {
  put(R"({"resourceType":"Patient","id":"p","identifier":[{"system":"s","value":"1"}]})");
  execute(bundle(post(kUuid2, observation_of("Patient?identifier=s|1"))));
  EXPECT_THAT(found("Observation", {{"subject", "Patient/p"}}), SizeIs(1));
  EXPECT_EQ(code_of([&] { execute(bundle(post(kUuid1, observation_of("Patient?identifier=s|2")))); }),
            ErrorCode::precondition_failed);
}

TEST_F(StoreBundle, DeletesUpdatesAndReadsInOneTransaction) {
  put(R"({"resourceType":"Patient","id":"old"})");
  put(R"({"resourceType":"Patient","id":"p","active":true})");
  const Json response = execute(bundle(
      R"({"request":{"method":"GET","url":"Patient/p"}},{"request":{"method":"GET","url":"Patient?active=false"}},
         {"resource":{"resourceType":"Patient","id":"p","active":false},"request":{"method":"PUT","url":"Patient/p"}},
         {"request":{"method":"DELETE","url":"Patient/old"}})"));
  EXPECT_EQ(response.get("entry").at(0).text("resource.meta.versionId"), "2") << "reads come after writes";
  EXPECT_THAT(response.get("entry").at(1).get("resource.entry").items(), SizeIs(1));
  EXPECT_EQ(status(response, 2), "200 OK");
  EXPECT_EQ(status(response, 3), "204 No Content");
}

TEST_F(StoreBundle, GivesNothingThatTheClientHas) {
  put(R"({"resourceType":"Patient","id":"p"})");
  const Json response =
      execute(bundle(R"({"request":{"method":"GET","url":"Patient/p","ifNoneMatch":"W/\"1\""}},)"
                     R"({"request":{"method":"GET","url":"Patient/p","ifNoneMatch":"W/\"2\""}})"));
  EXPECT_EQ(status(response, 0), "304 Not Modified");
  EXPECT_FALSE(response.get("entry").at(0).contains("resource"));
  EXPECT_EQ(status(response, 1), "200 OK");
}

TEST_F(StoreBundle, RefusesEntriesThatChangeTheConditionsOfOthers) {
  const std::string resource = R"({"resourceType":"Patient","identifier":[{"system":"s","value":"1"}]})";
  const std::string condition = R"(,"ifNoneExist":"identifier=s|1")";
  EXPECT_EQ(code_of([&] {
              execute(bundle(post(kUuid1, resource, condition) + "," + post(kUuid2, resource, condition)));
            }),
            ErrorCode::conflict);
  EXPECT_EQ(count("SELECT COUNT(*) FROM resource"), 0);
}

TEST_F(StoreBundle, PointsThePatchedToWhatIsNew) {
  put(R"({"resourceType":"Observation","id":"o","status":"final","code":{"text":"x"}})");
  execute(bundle(post(kUuid1, R"({"resourceType":"Patient"})") +
                 R"(,{"resource":{"resourceType":"Parameters","parameter":[{"name":"operation","part":[
           {"name":"type","valueCode":"add"},{"name":"path","valueString":"Observation"},
           {"name":"name","valueString":"subject"},{"name":"value","valueReference":{"reference":")" +
                 kUuid1 + R"("}}]}]},"request":{"method":"PATCH","url":"Observation/o"}})"));
  EXPECT_THAT(found("Observation", {{"subject", "Patient/" + std::string(kUuid1).substr(9)}}), SizeIs(1));
}

TEST_F(StoreBundle, ExecutesEachEntryOfABatchByItself) {
  const Json response = execute(bundle(
      post(kUuid1, R"({"resourceType":"Patient"})") +
          R"(,{"request":{"method":"GET","url":"Patient/none"}},{"request":{"method":"GET","url":"Patient"}})",
      "batch"));
  EXPECT_EQ(response.text("type"), "batch-response");
  EXPECT_EQ(status(response, 0), "201 Created");
  EXPECT_EQ(status(response, 1), "404");
  EXPECT_EQ(response.get("entry").at(1).text("response.outcome.resourceType"), "OperationOutcome");
  EXPECT_EQ(status(response, 2), "200 OK");
}

TEST_F(StoreBundle, FindsWhatWasWrittenAfterOthersWereFasterFourTimes) {
  put(R"({"resourceType":"Patient","id":"patched"})");
  int faster = 0;
  record_->on_write([&](Writer& writer, const Version& version) {
    if (version.type != "Basic" || ++faster > 4) return;
    Json other = Json::parse(writer.read("Patient", "patched").body);
    other["gender"] = "female";
    writer.update(other);
  });
  execute(bundle(post(kUuid1, R"({"resourceType":"Basic","code":{"coding":[{"code":"new"}]}})") +
                 R"(,{"resource":{"resourceType":"Parameters","parameter":[{"name":"operation","part":[
           {"name":"type","valueCode":"add"},{"name":"path","valueString":"Patient"},
           {"name":"name","valueString":"birthDate"},{"name":"value","valueDate":"1970-01-01"}]}]},
           "request":{"method":"PATCH","url":"Patient/patched"}})"));
  EXPECT_EQ(faster, 5) << "the fifth time nobody could be";
  EXPECT_THAT(found("Basic", {{"code", "new"}}), SizeIs(1));
  EXPECT_THAT(found("Patient", {{"birthdate", "1970-01-01"}}), SizeIs(1));
}

}  // namespace
}  // namespace meridian::record
