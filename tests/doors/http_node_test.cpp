// What a node answers at its addresses but for the details of FHIR.
#include "doors/http_node_fixture.h"

namespace meridian::doors::http {
namespace {

using ::testing::HasSubstr;

TEST_F(HttpNodeTest, SignsInMeAndOut) {
  client_->always("");
  const HttpAnswer wrong = post("/auth/sign-in", R"({"username":"wang","password":"wrong password"})",
                                "Content-Type: application/json\r\n");
  EXPECT_EQ(wrong.status, 401);
  const HttpAnswer in = post("/auth/sign-in", R"({"username":"wang","password":"a long password"})",
                             "Content-Type: application/json\r\n");
  ASSERT_EQ(in.status, 200) << in.body;
  EXPECT_EQ(in.json().text("user.organizationName"), "Clinic east");
  EXPECT_EQ(in.json().text("user.role"), "clinician");
  const std::string cookie = in.header("set-cookie");
  EXPECT_THAT(cookie, HasSubstr("HttpOnly; SameSite=Strict"));
  client_->always("Cookie: " + cookie.substr(0, cookie.find(';')) + "\r\n");
  EXPECT_EQ(get("/auth/me").json().text("csrf"), in.json().text("csrf"));
  EXPECT_EQ(client_->request("POST", "/auth/sign-out", {}, "X-CSRF-Token: " + in.json().text("csrf") + "\r\n")
                .status,
            204);
  EXPECT_EQ(get("/auth/me").status, 401);
}

TEST_F(HttpNodeTest, SignInTakesJsonOnly) {
  client_->always("");
  EXPECT_EQ(
      post("/auth/sign-in", "username=wang", "Content-Type: application/x-www-form-urlencoded\r\n").status,
      415);
  EXPECT_EQ(post("/auth/sign-in", "{}", "Content-Type: application/json\r\n").status, 400);
}

TEST_F(HttpNodeTest, AResourceGoesRound) {
  const HttpAnswer created = post("/fhir/Patient", patient());
  ASSERT_EQ(created.status, 201) << created.body;
  const std::string id = created.json().text("id");
  EXPECT_EQ(created.header("location"), "/fhir/Patient/" + id + "/_history/1");
  EXPECT_EQ(created.header("etag"), "W/\"1\"");

  const HttpAnswer read = get("/fhir/Patient/" + id);
  EXPECT_EQ(read.status, 200);
  EXPECT_THAT(read.header("content-type"), HasSubstr("application/fhir+json"));
  EXPECT_THAT(read.header("last-modified"), HasSubstr("GMT"));
  EXPECT_EQ(get("/fhir/Patient/" + id, "If-None-Match: W/\"1\"\r\n").status, 304);

  Json changed = read.json();
  changed["active"] = true;
  const std::string target = "/fhir/Patient/" + id;
  const HttpAnswer updated =
      client_->request("PUT", target, changed.dump(), std::string(kFhirType) + "If-Match: W/\"1\"\r\n");
  EXPECT_EQ(updated.status, 200) << updated.body;
  EXPECT_EQ(updated.header("etag"), "W/\"2\"");
  EXPECT_EQ(client_->request("PUT", target, changed.dump(), std::string(kFhirType) + "If-Match: W/\"1\"\r\n")
                .status,
            412);
  EXPECT_FALSE(get(target + "/_history/1").json().contains("active"));
  EXPECT_EQ(get(target + "/_history").json().get("total").as_int(), 2);
  EXPECT_EQ(client_->request("DELETE", target).status, 204);
  EXPECT_EQ(get(target).status, 410);
}

TEST_F(HttpNodeTest, PrefersWhatTheClientAsksFor) {
  const HttpAnswer minimal =
      post("/fhir/Patient", patient(), std::string(kFhirType) + "Prefer: return=minimal\r\n");
  EXPECT_EQ(minimal.status, 201);
  EXPECT_EQ(minimal.body, "");
  EXPECT_EQ(get("/fhir/Patient?_format=turtle").status, 406);
  EXPECT_EQ(get("/fhir/Patient", "Accept: text/turtle\r\n").status, 406);
  EXPECT_EQ(get("/fhir/metadata").json().text("resourceType"), "CapabilityStatement");
}

TEST_F(HttpNodeTest, SearchesByGetAndPost) {
  create_patient();
  const HttpAnswer found = get("/fhir/Patient?name=wang");
  EXPECT_EQ(found.json().get("entry").size(), 1u) << found.body;
  const HttpAnswer posted =
      post("/fhir/Patient/_search", "name=wang", "Content-Type: application/x-www-form-urlencoded\r\n");
  EXPECT_EQ(posted.json().get("entry").size(), 1u) << posted.body;
  EXPECT_EQ(get("/fhir/Patient?name=li").json().get("entry").size(), 0u);
}

TEST_F(HttpNodeTest, CreatesOnceWhenAsked) {
  const std::string once = std::string(kFhirType) + "If-None-Exist: identifier=urn:test|Wang\r\n";
  EXPECT_EQ(post("/fhir/Patient", patient(), once).status, 201);
  EXPECT_EQ(post("/fhir/Patient", patient(), once).status, 200);
  EXPECT_EQ(get("/fhir/Patient?identifier=urn:test|Wang").json().get("entry").size(), 1u);
}

TEST_F(HttpNodeTest, ATransactionIsAllOrNothing) {
  const auto bundle = [](const std::string& second) {
    return R"({"resourceType":"Bundle","type":"transaction","entry":[)"
           R"({"fullUrl":"urn:uuid:3bd1a1a2-6fb6-4c6f-a2fd-5f1d1a1c0001","resource":)" +
           patient("Sun") + R"(,"request":{"method":"POST","url":"Patient"}},{"resource":)" + second +
           R"(,"request":{"method":"POST","url":"Observation"}}]})";
  };
  const HttpAnswer refused = post("/fhir", bundle(R"({"resourceType":"Observation"})"));
  EXPECT_GE(refused.status, 400) << refused.body;
  EXPECT_EQ(get("/fhir/Patient?name=sun").json().get("entry").size(), 0u);
  const HttpAnswer done =
      post("/fhir", bundle(R"({"resourceType":"Observation","status":"final","code":{"text":"x"},)"
                           R"("subject":{"reference":"urn:uuid:3bd1a1a2-6fb6-4c6f-a2fd-5f1d1a1c0001"}})"));
  EXPECT_EQ(done.status, 200) << done.body;
  EXPECT_EQ(get("/fhir/Patient?name=sun").json().get("entry").size(), 1u);
}

TEST_F(HttpNodeTest, NamesWhatIsWrongWithAResource) {
  const HttpAnswer answer = post("/fhir/Patient", R"({"resourceType":"Patient","gender":"none","nmae":[]})");
  EXPECT_EQ(answer.status, 422) << answer.body;
  EXPECT_EQ(answer.json().text("resourceType"), "OperationOutcome");
  EXPECT_THAT(answer.body, HasSubstr("Patient.gender"));
  const HttpAnswer validated = post("/fhir/Patient/$validate", patient());
  EXPECT_EQ(validated.status, 200);
  EXPECT_EQ(validated.json().text("resourceType"), "OperationOutcome");
}

TEST_F(HttpNodeTest, RefusesHostileBodies) {
  const std::string deep =
      R"({"resourceType":"Patient","x":)" + std::string(10'000, '[') + std::string(10'000, ']') + "}";
  EXPECT_EQ(post("/fhir/Patient", deep).status, 413);
  EXPECT_EQ(post("/fhir/Patient", "{\"resourceType\":").status, 400);
  EXPECT_EQ(post("/fhir/Patient", "[]").status, 400);
  EXPECT_EQ(post("/fhir/Patient", patient(), "Content-Type: text/plain\r\n").status, 415);
  EXPECT_EQ(post("/fhir/Observation", patient()).status, 400);
  EXPECT_EQ(post("/fhir/NoSuchType", R"({"resourceType":"NoSuchType"})").status / 100, 4);
  EXPECT_EQ(get("/fhir/Patient/x/_history/99999999999999999999").status, 404);
  EXPECT_EQ(get("/fhir/Patient?no-such-parameter=1").status, 400);
}

TEST_F(HttpNodeTest, ShowsARecordToThoseInCareOnlyAndWritesItDown) {
  const std::string id = create_patient();
  EXPECT_EQ(get("/fhir/Patient/" + id).status, 200);
  sign_in("zhao");
  EXPECT_EQ(get("/fhir/Patient/" + id).status, 404);
  EXPECT_EQ(get("/fhir/Patient").json().get("entry").size(), 0u);
  EXPECT_EQ(get("/ledger").status, 403);
  sign_in("root");
  EXPECT_GE(get("/fhir/Patient/" + id).status, 403);
  sign_in("lin");
  EXPECT_GE(get("/fhir/Patient/" + id).status, 403);
  ledger_.flush();
  const Json reads = get("/ledger?kind=fhir.read&limit=100").json();
  ASSERT_GE(reads.get("entries").size(), 1u);
  EXPECT_EQ(get("/ledger?kind=fhir.read&patient=Patient/" + id).json().get("entries").size(), 1u);
  EXPECT_EQ(get("/ledger?limit=x").status, 400);
}

TEST_F(HttpNodeTest, TellsAResidentWhoLookedAtTheirRecord) {
  const std::string id = create_patient(), other = create_patient();
  get("/fhir/Patient/" + id);
  get("/fhir/Patient/" + other);
  ledger_.flush();
  add_account("resident", trust::Role::resident, "", "Patient/" + id);
  sign_in("resident");
  const Json page = get("/ledger").json();
  EXPECT_GE(page.get("entries").size(), 2u);  // made and read
  for (const Json& entry : page.get("entries").items()) EXPECT_EQ(entry.text("patient"), "Patient/" + id);
  EXPECT_EQ(get("/ledger?patient=Patient/" + id).status, 200);
  EXPECT_EQ(get("/ledger?patient=Patient/" + other).status, 403);
  EXPECT_EQ(post("/ledger/verify", "").status, 403);
}

TEST_F(HttpNodeTest, VerifiesTheLedgerStepByStep) {
  sign_in("lin");
  HttpClient stream(server_->port());
  stream.send("POST /ledger/verify HTTP/1.1\r\nHost: t\r\nAuthorization: Bearer " +
              identity_.sign_in("lin", kPassword).token + "\r\n\r\n");
  EXPECT_EQ(stream.answer().header("content-type"), "text/event-stream");
  EXPECT_THAT(stream.read_until("\n\n"), HasSubstr("event: progress"));
  EXPECT_THAT(stream.read_until("event: verdict\n") + stream.read_until("\n\n"),
              HasSubstr("\"intact\":true"));
}

TEST_F(HttpNodeTest, OpensACaseAndListsIt) {
  const std::string id = create_patient();
  const HttpAnswer opened =
      post("/care/cases", R"({"patient":"Patient/)" + id + R"(","reason":"chest pain","priority":"urgent"})");
  ASSERT_EQ(opened.status, 201) << opened.body;
  const std::string case_id = opened.json().text("case.id");
  EXPECT_EQ(get("/care/cases/" + case_id).json().text("patient.name"), "Wang");
  EXPECT_EQ(get("/care/worklist?queue=waiting").json().get("rows").size(), 1u);
  EXPECT_EQ(
      post("/care/cases/" + case_id + "/recordings", "no recording", "Content-Type: application/dicom\r\n")
              .status /
          100,
      4);
  EXPECT_EQ(get("/care/home").status, 200);
  EXPECT_EQ(get("/care/messages").status, 200);
  EXPECT_EQ(get("/care/organizations").json().size(), 2u);
  sign_in("zhao");
  EXPECT_EQ(get("/care/cases/" + case_id).status, 404);
}

TEST_F(HttpNodeTest, TellsThoseWhoListen) {
  const std::string id = create_patient();
  HttpClient stream(server_->port());
  stream.send("GET /care/events HTTP/1.1\r\nHost: t\r\nAuthorization: Bearer " +
              identity_.sign_in("wang", kPassword).token + "\r\n\r\n");
  EXPECT_EQ(stream.answer().status, 200);
  EXPECT_EQ(stream.read_until("\n\n"), "event: ready\ndata: \n\n");
  post("/care/cases", R"({"patient":"Patient/)" + id + R"(","reason":"x"})");
  EXPECT_THAT(stream.read_until("\n\n"), HasSubstr("event: "));
}

TEST_F(HttpNodeTest, DicomwebRefusesWhatIsNotDicom) {
  const std::string body = "--b\r\nContent-Type: application/dicom\r\n\r\nrubbish\r\n--b--";
  const HttpAnswer answer =
      post("/dicomweb/studies", body,
           "Content-Type: multipart/related; type=\"application/dicom\"; boundary=b\r\n");
  EXPECT_EQ(answer.status, 409) << answer.body;
  EXPECT_THAT(answer.body, HasSubstr("00081198"));
  EXPECT_EQ(post("/dicomweb/studies", "x", "Content-Type: text/plain\r\n").status, 415);
  EXPECT_EQ(get("/dicomweb/studies/1.2.3/metadata").status, 404);
  EXPECT_EQ(get("/dicomweb/studies").status, 204);
  sign_in("root");
  EXPECT_EQ(get("/dicomweb/studies").status, 403);
}

TEST_F(HttpNodeTest, TellsOperatorsHowItIs) {
  client_->always("");
  EXPECT_EQ(get("/healthz").status, 200);
  EXPECT_TRUE(get("/readyz").json().get("ready").as_bool());
  EXPECT_THAT(get("/metrics").body,
              HasSubstr("meridian_http_requests_total{method=\"GET\",route=\"/healthz\",status=\"2xx\"} 1"));
}

TEST_F(HttpNodeTest, AssistantsAreListedAndSwitchedByThoseWhoMay) {
  EXPECT_EQ(get("/assistants").body, "[]");
  EXPECT_EQ(
      client_
          ->request("PUT", "/assistants/ecg/state", R"({"on":false})", "Content-Type: application/json\r\n")
          .status,
      403);
}

}  // namespace
}  // namespace meridian::doors::http
