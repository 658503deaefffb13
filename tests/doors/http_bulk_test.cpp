// Bulk data: what is asked for, waited for and fetched.
#include "doors/http_node_fixture.h"
#include "record/bulk/bulk_data.h"

namespace meridian::doors::http {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

constexpr const char* kAsync = "Prefer: respond-async\r\n";
constexpr const char* kNdjson = "Content-Type: application/fhir+ndjson\r\nPrefer: respond-async\r\n";

class HttpBulkTest : public HttpNodeTest {
 protected:
  // The path of what the node says where to look.
  std::string begin(const std::string& method, const std::string& target, const std::string& body = {},
                    const std::string& headers = kAsync) {
    const HttpAnswer answer = send(method, target, body, headers);
    EXPECT_EQ(answer.status, 202) << answer.body;
    return path_of(answer.header("content-location"));
  }
  static std::string path_of(const std::string& url) {
    const std::size_t at = url.find("/fhir/");
    return at == std::string::npos ? std::string() : url.substr(at);
  }
  void work() {
    while (record_.bulk().run_one(account_)) {
    }
  }
  Json manifest(const std::string& target) {
    const std::string status = begin("GET", target);
    EXPECT_EQ(get(status).status, 202);
    work();
    return get(status).json();
  }
  // Every line of the list's files.
  std::vector<Json> lines(const Json& manifest, const char* list = "output") {
    std::vector<Json> resources;
    for (const Json& file : manifest.find(list)->items()) {
      const HttpAnswer answer = get(path_of(file.text("url")));
      EXPECT_EQ(answer.header("content-type"), "application/fhir+ndjson");
      std::istringstream text(answer.body);
      std::int64_t count = 0;
      for (std::string line; std::getline(text, line); ++count) {
        resources.push_back(Json::parse(line));
        EXPECT_EQ(resources.back().text("resourceType"), file.text("type"));
      }
      EXPECT_EQ(count, file.get("count").as_int());
    }
    return resources;
  }
  std::vector<std::string> names(const std::string& target) {
    std::vector<std::string> names;
    for (const Json& resource : lines(manifest(target)))
      names.push_back(resource.text("resourceType") + "/" + resource.text("id"));
    return names;
  }
  std::string observation(const std::string& patient) {
    return post("/fhir/Observation", R"({"resourceType":"Observation","status":"final","code":{"text":"x"},
        "subject":{"reference":"Patient/)" +
                                         patient + R"("}})")
        .json()
        .text("id");
  }

  const record::AccountNow account_ = [this](const trust::Principal& who) {
    return identity_.principal(who.user);
  };
};

TEST_F(HttpBulkTest, ExportsWhatTheAskerMaySee) {
  const std::string mine = create_patient(), value = observation(mine);
  sign_in("zhao");
  const std::string theirs = post("/fhir/Patient", patient("Zhou", "west")).json().text("id");
  sign_in("wang");
  EXPECT_THAT(names("/fhir/$export?_type=Patient,Observation"),
              UnorderedElementsAre("Patient/" + mine, "Observation/" + value));
  EXPECT_THAT(names("/fhir/Patient/$export"),
              UnorderedElementsAre("Patient/" + mine, "Observation/" + value));
  EXPECT_THAT(names("/fhir/$export?_type=Organization"),
              UnorderedElementsAre("Organization/east", "Organization/west"));
  const std::string later = format_instant(now() + std::chrono::hours(1));
  EXPECT_THAT(names("/fhir/$export?_type=Patient&_since=" + later), IsEmpty());
  EXPECT_THAT(names("/fhir/$export?_type=Patient&_since=2020-01-01"),
              UnorderedElementsAre("Patient/" + mine));
}

TEST_F(HttpBulkTest, ExportsTheMembersOfAGroup) {
  const std::string member = create_patient(), other = create_patient();
  observation(other);
  const std::string group = post("/fhir/Group", R"({"resourceType":"Group","type":"person","actual":true,
      "member":[{"entity":{"reference":"Patient/)" + member +
                                                    R"("}}]})")
                                .json()
                                .text("id");
  EXPECT_THAT(names("/fhir/Group/" + group + "/$export?_type=Patient,Observation"),
              UnorderedElementsAre("Patient/" + member));
  EXPECT_EQ(get("/fhir/Group/none/$export", kAsync).status, 404);
}

TEST_F(HttpBulkTest, ExportsWhatFiltersAndElementsLeave) {
  const std::string mine = create_patient();
  const std::string value = observation(mine);
  const auto put = [&](const std::string& id, const std::string& status) {
    send("PUT", "/fhir/Observation/" + id,
         R"({"resourceType":"Observation","id":")" + id + R"(","status":")" + status +
             R"(","code":{"text":"y"},"subject":{"reference":"Patient/)" + mine + R"("}})");
  };
  put("draft", "preliminary");
  put("wrong", "cancelled");
  EXPECT_THAT(names("/fhir/$export?_type=Observation&_typeFilter=Observation%3Fstatus%3Dpreliminary"),
              UnorderedElementsAre("Observation/draft"));
  EXPECT_THAT(names("/fhir/$export?_type=Patient,Observation&_typeFilter="
                    "Observation%3Fstatus%3Dpreliminary%2Ccancelled%2CObservation%3Fcode:text%3Dx"),
              UnorderedElementsAre("Patient/" + mine, "Observation/draft", "Observation/wrong",
                                   "Observation/" + value))
      << "filters of a type are alternatives, other types are whole";
  for (const Json& resource :
       lines(manifest("/fhir/$export?_type=Patient,Observation&_elements=Patient.name,Observation.code"))) {
    EXPECT_FALSE(resource.contains("identifier") || resource.contains("subject")) << resource.dump();
    EXPECT_TRUE(resource.contains("name") || resource.contains("code"));
    EXPECT_EQ(resource.text("meta.tag.code"), "SUBSETTED");
  }
  EXPECT_EQ(get("/fhir/$export?_typeFilter=Observation%3Fcolour%3Dred", kAsync).status, 400);
  EXPECT_EQ(get("/fhir/$export?_typeFilter=Observation%3F_include%3D*", kAsync).status, 400);
}

TEST_F(HttpBulkTest, ExportsThePatientsThatAreNamed) {
  const std::string one = create_patient(), other = create_patient(), value = observation(one);
  observation(other);
  const auto asked = [](const std::string& reference) {
    return R"({"resourceType":"Parameters","parameter":[{"name":"_type","valueString":"Patient,Observation"},
        {"name":"patient","valueReference":{"reference":")" +
           reference + R"("}}]})";
  };
  const std::string headers = std::string(kFhirType) + kAsync;
  const std::string status = begin("POST", "/fhir/Patient/$export", asked("Patient/" + one), headers);
  work();
  std::vector<std::string> found;
  for (const Json& resource : lines(get(status).json())) found.push_back(resource.text("id"));
  EXPECT_THAT(found, UnorderedElementsAre(one, value));
  EXPECT_EQ(post("/fhir/Patient/$export", asked("Patient/none"), headers).status, 404);
  EXPECT_EQ(post("/fhir/Patient/$export", asked("Group/1"), headers).status, 422);
  EXPECT_EQ(post("/fhir/$export", asked("Patient/" + one), headers).status, 422);
  sign_in("zhao");
  EXPECT_EQ(post("/fhir/Patient/$export", asked("Patient/" + one), headers).status, 404);
}

TEST_F(HttpBulkTest, LeavesOutWhatItDoesNotDoWhereThatIsPreferred) {
  const std::string target = "/fhir/$export?_type=Patient&includeAssociatedData=LatestProvenanceResources";
  EXPECT_EQ(get(target, kAsync).status, 501);
  EXPECT_EQ(get(target, "Prefer: respond-async, handling=strict\r\n").status, 501);
  EXPECT_EQ(get(target, "Prefer: respond-async, handling=lenient\r\n").status, 202);
  const std::string associated =
      R"({"name":"includeAssociatedData","valueCode":"LatestProvenanceResources"})";
  for (const std::string& others :
       {std::string(), std::string(R"({"name":"_type","valueString":"Patient"},)")}) {
    const std::string body = R"({"resourceType":"Parameters","parameter":[)" + others + associated + "]}";
    EXPECT_EQ(post("/fhir/$export", body, std::string(kFhirType) + kAsync).status, 501);
    EXPECT_EQ(
        post("/fhir/$export", body, std::string(kFhirType) + "Prefer: respond-async, handling=lenient\r\n")
            .status,
        202);
  }
}

TEST_F(HttpBulkTest, TheManifestSaysWhatThereIs) {
  create_patient();
  const Json found = manifest("/fhir/$export?_type=Patient");
  EXPECT_THAT(found.text("request"), HasSubstr("/fhir/$export?_type=Patient"));
  EXPECT_EQ(found.get("requiresAccessToken"), Json(true));
  EXPECT_FALSE(found.text("transactionTime").empty());
  EXPECT_TRUE(found.find("error")->empty());
}

TEST_F(HttpBulkTest, RefusesWhatItCannotDo) {
  EXPECT_EQ(get("/fhir/$export").status, 400) << "not asynchronous";
  EXPECT_EQ(get("/fhir/$export?_type=Nothing", kAsync).status, 404);
  EXPECT_EQ(get("/fhir/$export?_typeFilter=Patient", kAsync).status, 422);
  EXPECT_EQ(get("/fhir/$export?_outputFormat=csv", kAsync).status, 422);
  std::string filters = "Patient?active=true";
  for (int i = 0; i < 100; ++i) filters += ",Patient?active=true";
  EXPECT_EQ(get("/fhir/$export?_typeFilter=" + filters, kAsync).status, 413);
  EXPECT_EQ(get("/fhir/$export?_type=AuditEvent", kAsync).status, 403);
  EXPECT_EQ(get("/fhir/$bulk/none").status, 404);
  EXPECT_EQ(post("/fhir/$import", "{}", std::string(kFhirType) + kAsync).status, 415);
  EXPECT_EQ(post("/fhir/$import", "\n", kNdjson).status, 400);
}

TEST_F(HttpBulkTest, IsForTheAskerOnly) {
  create_patient();
  const std::string status = begin("GET", "/fhir/$export?_type=Patient");
  work();
  const std::string file = path_of(get(status).json().get("output").at(0).text("url"));
  EXPECT_EQ(get(file).status, 200);
  sign_in("zhao");
  EXPECT_EQ(get(status).status, 404);
  EXPECT_EQ(get(file).status, 404);
  EXPECT_EQ(send("DELETE", status).status, 404);
  sign_in("wang");
  EXPECT_EQ(send("DELETE", status).status, 202);
  EXPECT_EQ(get(status).status, 404);
  EXPECT_EQ(get(file).status, 404);
}

TEST_F(HttpBulkTest, CancelledWorkEnds) {
  create_patient();
  const std::string status = begin("GET", "/fhir/$export?_type=Patient");
  EXPECT_EQ(send("DELETE", status).status, 202);
  work();
  EXPECT_EQ(get(status).status, 404);
}

TEST_F(HttpBulkTest, ANodeThatStopsGoesOn) {
  create_patient();
  observation(create_patient());
  const std::string status = begin("GET", "/fhir/$export?_type=Patient,Observation");
  ASSERT_TRUE(record_.bulk().run_one(account_));
  EXPECT_EQ(get(status).status, 202) << "one piece is done";
  record::Record after(*database_, ledger_, queue_);
  while (after.bulk().run_one(account_)) {
  }
  EXPECT_EQ(lines(get(status).json()).size(), 3u);
}

TEST_F(HttpBulkTest, ImportsLineByLine) {
  const std::string good = R"({"resourceType":"Patient","id":"one","name":[{"family":"One"}]})";
  const std::string status =
      begin("POST", "/fhir/$import",
            good + "\n" + R"({"resourceType":"Patient","name":[{"family":"NoId"}]})" + "\nrubbish\n" +
                R"({"resourceType":"Organization","id":"x","name":"X"})" + "\n" +
                R"({"resourceType":"Patient","id":"two","gender":"wrong"})" + "\n" +
                R"({"resourceType":"Patient","id":"three"})",
            kNdjson);
  work();
  const Json manifest = get(status).json();
  std::vector<std::string> refusals;
  for (const Json& outcome : lines(manifest, "error"))
    refusals.push_back(outcome.text("issue.diagnostics").substr(0, 7));
  EXPECT_THAT(refusals, UnorderedElementsAre("Line 2:", "Line 3:", "Line 4:", "Line 5:"));
  EXPECT_EQ(get("/fhir/Patient/one").status, 200);
  EXPECT_EQ(get("/fhir/Patient/three").status, 200);
  EXPECT_EQ(get("/fhir/Organization/x").status, 404) << "a clinician does not write it";
  begin("POST", "/fhir/$import", good, kNdjson);
  work();
  EXPECT_EQ(get("/fhir/Patient/one").json().text("meta.versionId"), "1")
      << "the same again is no new version";
}

TEST_F(HttpBulkTest, ImportsNothingIntoWhatTheAskerMayNotSee) {
  const std::string mine = create_patient();
  sign_in("zhao");
  const std::string status =
      begin("POST", "/fhir/$import", R"({"resourceType":"Patient","id":")" + mine + "\"}", kNdjson);
  work();
  EXPECT_EQ(lines(get(status).json(), "error").size(), 1u);
  sign_in("wang");
  EXPECT_EQ(get("/fhir/Patient/" + mine).json().text("meta.versionId"), "1");
}

TEST_F(HttpBulkTest, ImportsMoreThanOnePiece) {
  std::string lines;
  for (int i = 0; i < 501; ++i) lines += R"({"resourceType":"Patient","id":"p)" + std::to_string(i) + "\"}\n";
  const std::string status = begin("POST", "/fhir/$import", lines, kNdjson);
  ASSERT_TRUE(record_.bulk().run_one(account_));
  EXPECT_THAT(get(status).header("x-progress"), HasSubstr("500"));
  work();
  EXPECT_EQ(get(status).status, 200);
  EXPECT_EQ(get("/fhir/Patient/p500").status, 200);
}

TEST_F(HttpBulkTest, AnExportIsInTheLedgerOfEachPatient) {
  const std::string patient = create_patient();
  observation(patient);
  manifest("/fhir/$export?_type=Patient,Observation");
  std::vector<std::string> acts;
  for (const trust::LedgerEntry& entry : ledger_.entries({.patient = "Patient/" + patient}))
    if (entry.entity.starts_with("$export/")) acts.push_back(entry.detail.text("type"));
  EXPECT_THAT(acts, UnorderedElementsAre("Patient", "Observation"));
}

TEST_F(HttpBulkTest, AnswersSearchesLater) {
  const std::string patient = create_patient(), value = observation(patient);
  const Json found = manifest("/fhir/Observation?code:text=x&_include=Observation:subject&_count=1");
  std::vector<std::string> names;
  for (const Json& resource : lines(found))
    names.push_back(resource.text("resourceType") + "/" + resource.text("id"));
  EXPECT_THAT(names, UnorderedElementsAre("Observation/" + value, "Patient/" + patient));
  const std::vector<Json> counted = lines(manifest("/fhir/Observation?code:text=x&_summary=count"));
  ASSERT_EQ(counted.size(), 1u);
  EXPECT_EQ(counted[0].get("total").as_int(), 1);
  EXPECT_EQ(get("/fhir/Observation?nothing=x", kAsync).status, 400);
  sign_in("zhao");
  EXPECT_THAT(lines(manifest("/fhir/Observation?code:text=x")), IsEmpty());
}

TEST_F(HttpBulkTest, AnswersOperationsLater) {
  const std::string patient = create_patient();
  observation(patient);
  const std::vector<Json> answer = lines(manifest("/fhir/Patient/" + patient + "/$everything"));
  ASSERT_EQ(answer.size(), 1u);
  std::vector<std::string> types;
  for (const Json& entry : answer[0].get("entry").items())
    types.push_back(entry.text("resource.resourceType"));
  EXPECT_THAT(types, UnorderedElementsAre("Patient", "Observation", "Organization"));
  const std::string status = begin("GET", "/fhir/Patient/none/$everything");
  work();
  EXPECT_EQ(get(status).status, 422) << "what went wrong, the status says";
}

TEST_F(HttpBulkTest, ExecutesBundlesLater) {
  const std::string body = R"({"resourceType":"Bundle","type":"batch","entry":[
      {"resource":)" + patient("Later") +
                           R"(,"request":{"method":"POST","url":"Patient"}}]})";
  const std::string status = begin("POST", "/fhir", body, std::string(kFhirType) + kAsync);
  EXPECT_EQ(get("/fhir/Patient?family=Later&_summary=count").json().get("total").as_int(), 0);
  work();
  const std::vector<Json> answer = lines(get(status).json());
  ASSERT_EQ(answer.size(), 1u);
  EXPECT_EQ(answer[0].text("type"), "batch-response");
  EXPECT_EQ(get("/fhir/Patient?family=Later&_summary=count").json().get("total").as_int(), 1);
}

TEST_F(HttpBulkTest, GivesOfBundlesLaterWhatIsPreferred) {
  const std::string body = R"({"resourceType":"Bundle","type":"transaction","entry":[
      {"resource":)" + patient("Later") +
                           R"(,"request":{"method":"POST","url":"Patient"}}]})";
  const auto entry = [&](const std::string& preference) {
    const std::string status =
        begin("POST", "/fhir", body, std::string(kFhirType) + "Prefer: respond-async" + preference + "\r\n");
    work();
    return lines(get(status).json()).at(0).get("entry").at(0);
  };
  EXPECT_EQ(entry(", return=representation").text("resource.name.family"), "Later");
  EXPECT_EQ(entry("; return=OperationOutcome").text("response.outcome.resourceType"), "OperationOutcome");
  for (const char* preference : {"", ", return=minimal"}) {
    const Json minimal = entry(preference);
    EXPECT_FALSE(minimal.contains("resource")) << preference;
    EXPECT_FALSE(minimal.get("response").contains("outcome")) << preference;
  }
}

TEST_F(HttpBulkTest, DoesNothingForAnAccountThatWasSwitchedOff) {
  const std::string body = R"({"resourceType":"Bundle","type":"batch","entry":[
      {"resource":)" + patient("Later") +
                           R"(,"request":{"method":"POST","url":"Patient"}}]})";
  const std::string status = begin("POST", "/fhir", body, std::string(kFhirType) + kAsync);
  const std::vector<trust::Account> accounts = identity_.accounts();
  const auto wang = std::ranges::find(accounts, "wang", &trust::Account::username);
  const auto set_active = [&](bool active) {
    identity_.set_active(trust::Principal::system(), wang->id, active);
  };
  set_active(false);
  work();
  set_active(true);
  sign_in("wang");
  EXPECT_EQ(get("/fhir/Patient?family=Later&_summary=count").json().get("total").as_int(), 0);
  EXPECT_THAT(get(status).body, HasSubstr("no longer active"));
}

}  // namespace
}  // namespace meridian::doors::http
