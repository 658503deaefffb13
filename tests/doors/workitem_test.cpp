// UPS-RS over a socket, as IHE's AI Workflow for Imaging uses it: one makes work, another does it, and who
// subscribed is told.
#include <gmock/gmock.h>

#include "doors/http_node_fixture.h"
#include "doors/web_socket_client.h"

namespace meridian::doors::http {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;

constexpr const char* kJsonType = "Content-Type: application/dicom+json\r\n";
constexpr const char *kFirst = "1.2.3.1", *kTransaction = "1.2.9.1", *kGlobal = "1.2.840.10008.5.1.4.34.5";

class WorkitemTest : public HttpNodeTest {
 protected:
  static Json workitem(const std::string& code = "lung-nodules", const std::string& patient = {}) {
    Json item = Json::parse(R"({
      "00741000": {"vr": "CS", "Value": ["SCHEDULED"]},
      "00741200": {"vr": "CS", "Value": ["HIGH"]},
      "00741204": {"vr": "LO", "Value": ["Find nodules"]},
      "00404005": {"vr": "DT", "Value": ["20260105080000+0000"]},
      "00404041": {"vr": "CS", "Value": ["READY"]},
      "00404018": {"vr": "SQ", "Value": [{"00080100": {"vr": "SH", "Value": [")" +
                            code + R"("]}}]}})");
    if (!patient.empty()) item["00100020"] = Json::parse(R"({"vr": "LO", "Value": [")" + patient + R"("]})");
    return item;
  }
  HttpAnswer create(const std::string& uid, const Json& item = workitem()) {
    return post("/dicomweb/workitems?" + uid, Json::array({item}).dump(), kJsonType);
  }
  HttpAnswer state(const std::string& uid, const std::string& state, const std::string& transaction) {
    return send("PUT", "/dicomweb/workitems/" + uid + "/state",
                R"([{"00741000": {"vr": "CS", "Value": [")" + state + R"("]},
                     "00081195": {"vr": "UI", "Value": [")" +
                    transaction + R"("]}}])",
                kJsonType);
  }
  HttpAnswer update(const std::string& uid, const std::string& transaction, const std::string& attributes) {
    return post("/dicomweb/workitems/" + uid + "?" + transaction, "[" + attributes + "]", kJsonType);
  }
  std::string value(const std::string& uid, const std::string& tag) {
    return get("/dicomweb/workitems/" + uid).json().at(0).get(tag + ".Value").at(0).as_string();
  }
  std::string found(const std::string& query) {
    const HttpAnswer answer = get("/dicomweb/workitems?" + query);
    if (answer.status != 200) return std::to_string(answer.status);
    std::string all;
    const Json matches = answer.json();
    for (const Json& match : matches.items()) all += match.get("00080018.Value").at(0).as_string() + " ";
    return all;
  }

  static constexpr const char* kPerformed = R"({"00741216": {"vr": "SQ", "Value": [{
    "00404050": {"vr": "DT", "Value": ["20260105081000"]},
    "00404051": {"vr": "DT", "Value": ["20260105081100"]}}]}})";
};

TEST_F(WorkitemTest, IsMadeReadAndFound) {
  const HttpAnswer made = create(kFirst);
  EXPECT_EQ(made.status, 201) << made.body;
  EXPECT_EQ(made.header("location"), "/dicomweb/workitems/1.2.3.1");
  EXPECT_EQ(create(kFirst).status, 409);
  EXPECT_THAT(create("", workitem("stroke")).header("location"), HasSubstr("/dicomweb/workitems/"));
  EXPECT_EQ(value(kFirst, "00741204"), "Find nodules");
  EXPECT_EQ(value(kFirst, "00080016"), "1.2.840.10008.5.1.4.34.6.1");
  EXPECT_EQ(found("ScheduledWorkitemCodeSequence.CodeValue=lung*"), "1.2.3.1 ");
  EXPECT_EQ(
      found("00741000=SCHEDULED&ScheduledProcedureStepStartDateTime=2026-&00404018.00080100=lung-nodules"),
      "1.2.3.1 ");
  EXPECT_EQ(found("ProcedureStepState=COMPLETED"), "204");
  EXPECT_EQ(get("/dicomweb/workitems?limit=1").json().size(), 1u);
  EXPECT_EQ(get("/dicomweb/workitems?NoSuchAttribute=1").status, 400);
  EXPECT_EQ(get("/dicomweb/workitems/1.9").status, 404);
  EXPECT_THAT(
      get("/dicomweb/workitems/1.2.3.1", "Accept: multipart/related; type=\"application/dicom+xml\"\r\n")
          .body,
      HasSubstr("keyword=\"ProcedureStepLabel\""));
}

TEST_F(WorkitemTest, IsNamedByParametersOfTheQuery) {
  const std::string item = Json::array({workitem()}).dump();
  for (const std::string name : {"AffectedSOPInstanceUID", "workitem"})
    EXPECT_EQ(
        post("/dicomweb/workitems?" + name + (name == "workitem" ? "=1.2.3.7" : "=1.2.3.8"), item, kJsonType)
            .status,
        201);
  for (const char* uid : {"1.2.3.7", "1.2.3.8"}) EXPECT_EQ(value(uid, "00080018"), uid);
  EXPECT_EQ(post("/dicomweb/workitems?workitem=mine", item, kJsonType).status, 400);
  state("1.2.3.7", "IN PROGRESS", kTransaction);
  EXPECT_EQ(update("1.2.3.7", std::string("transaction=") + kTransaction, kPerformed).status, 200);
  EXPECT_EQ(update("1.2.3.7", "transaction=1.2.9.9", kPerformed).status, 409);
}

TEST_F(WorkitemTest, IsFoundPageByPage) {
  create("1.2.3.1");
  create("1.2.3.2");
  const HttpAnswer first = get("/dicomweb/workitems?limit=1");
  EXPECT_EQ(first.json().size(), 1u);
  EXPECT_THAT(first.header("warning"), HasSubstr("Additional results can be requested"));
  const HttpAnswer all = get("/dicomweb/workitems?limit=5000");
  EXPECT_EQ(all.json().size(), 2u);
  EXPECT_FALSE(all.headers.contains("warning"));
}

TEST_F(WorkitemTest, SaysWhatIsWrongWithANewOne) {
  for (const char* tag : {"00741000", "00741200", "00741204", "00404005", "00404041"}) {
    Json item = workitem();
    item.erase(tag);
    const HttpAnswer answer = create("1.2.3.9", item);
    EXPECT_EQ(answer.status, 400) << tag;
    EXPECT_THAT(answer.body, HasSubstr(tag));
  }
  Json running = workitem();
  running["00741000"] = Json::parse(R"({"vr": "CS", "Value": ["IN PROGRESS"]})");
  EXPECT_EQ(create("1.2.3.9", running).status, 400);
  EXPECT_EQ(post("/dicomweb/workitems", "[]", kJsonType).status, 400);
  EXPECT_EQ(post("/dicomweb/workitems", "x", "Content-Type: text/plain\r\n").status, 415);
}

TEST_F(WorkitemTest, GoesItsWayByWhoPerformsIt) {
  create(kFirst);
  EXPECT_EQ(state(kFirst, "COMPLETED", kTransaction).status, 409);  // nobody performs it
  EXPECT_EQ(state(kFirst, "IN PROGRESS", kTransaction).status, 200);
  EXPECT_EQ(state(kFirst, "IN PROGRESS", "1.2.9.2").status, 409);
  EXPECT_EQ(value(kFirst, "00741000"), "IN PROGRESS");
  EXPECT_THAT(get("/dicomweb/workitems/1.2.3.1").body, ::testing::Not(HasSubstr(kTransaction)));
  EXPECT_EQ(update(kFirst, "1.2.9.2", kPerformed).status, 409);
  EXPECT_EQ(state(kFirst, "COMPLETED", kTransaction).status, 409);  // it does not say when it was performed
  EXPECT_EQ(update(kFirst, kTransaction, kPerformed).status, 200);
  EXPECT_EQ(update(kFirst, kTransaction, R"({"00741000": {"vr": "CS", "Value": ["COMPLETED"]}})").status,
            400);
  EXPECT_EQ(state(kFirst, "COMPLETED", kTransaction).status, 200);
  EXPECT_EQ(update(kFirst, kTransaction, kPerformed).status, 409);
  EXPECT_THAT(state(kFirst, "COMPLETED", kTransaction).header("warning"), HasSubstr("already"));
  EXPECT_EQ(state(kFirst, "DONE", kTransaction).status, 400);
}

TEST_F(WorkitemTest, IsCancelledOrItsPerformerIsAsked) {
  create(kFirst);
  EXPECT_EQ(post("/dicomweb/workitems/1.2.3.1/cancelrequest", "", kJsonType).status, 202);
  EXPECT_EQ(value(kFirst, "00741000"), "CANCELED");
  EXPECT_EQ(post("/dicomweb/workitems/1.2.3.1/cancelrequest", "", kJsonType).status, 409);
  create("1.2.3.2");
  state("1.2.3.2", "IN PROGRESS", kTransaction);
  EXPECT_EQ(post("/dicomweb/workitems/1.2.3.2/cancelrequest", "", kJsonType).status, 202);
  EXPECT_EQ(value("1.2.3.2", "00741000"), "IN PROGRESS");
}

TEST_F(WorkitemTest, KeepsWhyItWasCancelled) {
  const std::string reason = R"({"00741238": {"vr": "LT", "Value": ["Moved away"]},)"
                             R"("0074100A": {"vr": "UR", "Value": ["tel:+86-1"]}})";
  create(kFirst);
  EXPECT_EQ(post("/dicomweb/workitems/1.2.3.1/cancelrequest", reason, kJsonType).status, 202);
  const Json item = get("/dicomweb/workitems/1.2.3.1").json().at(0);
  const Json& progress = item.get("00741002.Value").at(0);
  EXPECT_EQ(progress.get("00741238.Value").at(0).as_string(), "Moved away");
  EXPECT_EQ(progress.get("00741008.Value").at(0).get("0074100A.Value").at(0).as_string(), "tel:+86-1");
  create("1.2.3.2");
  const HttpAnswer forged = post("/dicomweb/workitems/1.2.3.2/cancelrequest",
                                 R"({"00001000": {"vr": "UI", "Value": ["1.2.3.1"]}})", kJsonType);
  EXPECT_EQ(forged.status, 400);
  EXPECT_THAT(forged.body, HasSubstr("00001000"));
  EXPECT_EQ(value("1.2.3.2", "00741000"), "SCHEDULED");
}

// What the index narrows must be what walking all of them gives.
TEST_F(WorkitemTest, IsFoundByWhatWorklistsAskFor) {
  Json second = workitem("stroke", "P-2");
  second["00404005"] = Json::parse(R"({"vr": "DT", "Value": ["20260301"]})");
  second["00741202"] = Json::parse(R"({"vr": "LO", "Value": ["Night", "Day"]})");
  create(kFirst);
  create("1.2.3.2", second);
  state(kFirst, "IN PROGRESS", kTransaction);
  for (const auto& [query, expected] : std::map<std::string, std::string>{
           {"PatientID=P-2", "1.2.3.2 "},
           {"PatientID=p-2", "204"},
           {"WorklistLabel=Day", "1.2.3.2 "},
           {"ScheduledWorkitemCodeSequence.CodeValue=stroke", "1.2.3.2 "},
           {"ScheduledWorkitemCodeSequence.CodeValue=s*", "1.2.3.2 "},
           {"ScheduledProcedureStepStartDateTime=20260301", "1.2.3.2 "},
           {"ScheduledProcedureStepStartDateTime=-20260105", "1.2.3.1 "},
           {"ScheduledProcedureStepStartDateTime=20260106-", "1.2.3.2 "},
           {"ScheduledProcedureStepStartDateTime=202601-2026", "1.2.3.2 1.2.3.1 "},
           {"ProcedureStepState=IN PROGRESS", "1.2.3.1 "},
           {"ProcedureStepState=*", "1.2.3.2 1.2.3.1 "},
           {"ProcedureStepState=SCHEDULED&PatientID=P-1", "204"},
           {"ProcedureStepLabel=Find nodules&limit=1&offset=1", "1.2.3.1 "}}) {
    std::string encoded = query;
    for (auto at = encoded.find(' '); at != std::string::npos; at = encoded.find(' '))
      encoded.replace(at, 1, "%20");
    EXPECT_EQ(found(encoded), expected) << query;
  }
  update("1.2.3.2", "", R"({"00741202": {"vr": "LO", "Value": ["Evening"]}})");
  EXPECT_EQ(found("WorklistLabel=Day"), "204");
  EXPECT_EQ(found("WorklistLabel=Evening"), "1.2.3.2 ");
}

TEST_F(WorkitemTest, IsIndexedWhenItIsFromBeforeTheIndex) {
  create(kFirst);
  database_->write([](storage::Transaction& transaction) {
    transaction.execute("DELETE FROM care_workitem_value");
    transaction.execute("UPDATE care_workitem SET indexed = 0");
  });
  EXPECT_EQ(found("ProcedureStepLabel=Find%20nodules"), "204");
  care::index_earlier_workitems(*database_);
  EXPECT_EQ(found("ProcedureStepLabel=Find%20nodules"), "1.2.3.1 ");
}

TEST_F(WorkitemTest, IsSeenByWhoSeesThePatient) {
  post("/fhir/Patient", patient());
  create(kFirst, workitem("lung-nodules", "Wang"));
  EXPECT_EQ(found(""), "1.2.3.1 ");
  sign_in("zhao");
  EXPECT_EQ(found(""), "204");
  EXPECT_EQ(get("/dicomweb/workitems/1.2.3.1").status, 404);
  EXPECT_EQ(state(kFirst, "IN PROGRESS", kTransaction).status, 404);
  sign_in("root");
  EXPECT_EQ(get("/dicomweb/workitems").status, 403);
}

class WorkitemChannelTest : public WorkitemTest {
 protected:
  void SetUp() override { open("wang"); }

  void open(const std::string& account) {
    channel_ = std::make_unique<WebSocketClient>(server_->port(), "/dicomweb/subscribers/VIEWER",
                                                 identity_.sign_in(account, kPassword).token);
  }
  HttpAnswer subscribe(const std::string& uid) { return post("/dicomweb/workitems/" + uid, "", kJsonType); }
  // The next report, whose JSON ends with this.
  std::string report(const std::string& end) {
    std::string text = channel_->hear();
    EXPECT_THAT(text, ::testing::EndsWith(end));
    return text;
  }

  static constexpr const char* kHandshake =
      "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
  std::unique_ptr<WebSocketClient> channel_;
};

TEST_F(WorkitemChannelTest, TellsWhoSubscribedToOne) {
  create(kFirst);
  const HttpAnswer answer = subscribe("1.2.3.1/subscribers/VIEWER?deletionlock=false");
  EXPECT_EQ(answer.status, 201);
  EXPECT_EQ(answer.header("content-location"), "ws://test/dicomweb/subscribers/VIEWER");
  EXPECT_THAT(report(R"("SCHEDULED"]}})"), HasSubstr(R"("00001000":{"vr":"UI","Value":["1.2.3.1"]})"));
  state(kFirst, "IN PROGRESS", kTransaction);
  EXPECT_THAT(report(R"("IN PROGRESS"]}})"), HasSubstr(R"("00001002":{"vr":"US","Value":[1]})"));
  update(kFirst, kTransaction,
         R"({"00741002": {"vr": "SQ", "Value": [{"00741004": {"vr": "DS", "Value": ["40"]}}]}})");
  EXPECT_THAT(report(R"(["40"]}}]}})"), HasSubstr(R"("00001002":{"vr":"US","Value":[3]})"));
  post("/dicomweb/workitems/1.2.3.1/cancelrequest",
       R"([{"00741238": {"vr": "LT", "Value": ["Moved away"]}}])", kJsonType);
  const std::string asked = report(R"(["Moved away"]}})");
  EXPECT_THAT(asked, HasSubstr(R"("00001002":{"vr":"US","Value":[2]})"));
  EXPECT_THAT(asked, HasSubstr(R"("00741236":{"vr":"AE","Value":[")"));  // who asks
  EXPECT_EQ(send("DELETE", "/dicomweb/workitems/1.2.3.1/subscribers/VIEWER").status, 200);
  state(kFirst, "CANCELED", kTransaction);
  create("1.2.3.2");
  subscribe("1.2.3.2/subscribers/VIEWER");
  EXPECT_THAT(report("]}}"), HasSubstr("1.2.3.2"));  // and nothing before it
}

TEST_F(WorkitemChannelTest, TellsOfAllWorkAndOfWhatMatches) {
  create(kFirst);
  EXPECT_EQ(subscribe(std::string(kGlobal) + ".1/subscribers/VIEWER?filter=ScheduledWorkitemCodeSequence."
                                             "CodeValue=stroke")
                .status,
            201);
  create("1.2.3.2");
  create("1.2.3.3", workitem("stroke"));
  EXPECT_THAT(report(R"("SCHEDULED"]}})"), HasSubstr("1.2.3.3"));
  EXPECT_EQ(
      post("/dicomweb/workitems/" + std::string(kGlobal) + ".1/subscribers/VIEWER/suspend", "", kJsonType)
          .status,
      200);
  create("1.2.3.4", workitem("stroke"));
  state("1.2.3.3", "IN PROGRESS", kTransaction);  // what was subscribed to before stays so
  EXPECT_THAT(report(R"("IN PROGRESS"]}})"), HasSubstr("1.2.3.3"));
  EXPECT_EQ(send("DELETE", "/dicomweb/workitems/" + std::string(kGlobal) + "/subscribers/VIEWER").status,
            200);
  state("1.2.3.3", "CANCELED", kTransaction);
  subscribe("1.2.3.4/subscribers/VIEWER");
  EXPECT_THAT(report("]}}"), HasSubstr("1.2.3.4"));
}

TEST_F(WorkitemChannelTest, TellsNobodyElse) {
  open("zhao");  // another organization, by the same title
  create(kFirst);
  subscribe("1.2.3.1/subscribers/VIEWER");
  sign_in("zhao");
  create("1.2.3.2");
  EXPECT_EQ(subscribe("1.2.3.1/subscribers/VIEWER").status, 404);
  subscribe("1.2.3.2/subscribers/VIEWER");
  EXPECT_THAT(report(R"("SCHEDULED"]}})"), HasSubstr("1.2.3.2"));
}

TEST_F(WorkitemChannelTest, TellsNobodyWhoMayNoLongerSeeIt) {
  const std::string person = "Patient/" + create_patient();
  create(kFirst, workitem("lung-nodules", "Wang"));
  create("1.2.3.2");
  subscribe("1.2.3.1/subscribers/VIEWER");
  report(R"("SCHEDULED"]}})");
  database_->write([&](storage::Transaction& transaction) {
    trust::withdraw_access(transaction, person, "Organization/east", "managing");
    trust::grant_access(transaction, person, "Organization/west", "managing");
  });
  sign_in("zhao");
  state(kFirst, "IN PROGRESS", kTransaction);
  sign_in("wang");
  subscribe("1.2.3.2/subscribers/VIEWER");
  EXPECT_THAT(report(R"("SCHEDULED"]}})"), HasSubstr("1.2.3.2"));
}

TEST_F(WorkitemChannelTest, WritesSubscriptionsInTheLedger) {
  create(kFirst);
  subscribe("1.2.3.1/subscribers/VIEWER");
  subscribe(std::string(kGlobal) + "/subscribers/VIEWER");
  subscribe(std::string(kGlobal) + "/subscribers/VIEWER/suspend");
  send("DELETE", "/dicomweb/workitems/1.2.3.1/subscribers/VIEWER");
  std::string kinds;
  for (const trust::LedgerEntry& entry : ledger_.entries({}))
    if (entry.kind.find("subscribe") != std::string::npos)
      kinds.append(entry.kind).append(" ").append(entry.entity).append("\n");
  EXPECT_EQ(kinds, "workitem.unsubscribe 1.2.3.1\nworkitem.unsubscribe " + std::string(kGlobal) +
                       "\nworkitem.subscribe " + kGlobal + "\nworkitem.subscribe 1.2.3.1\n");
}

TEST_F(WorkitemChannelTest, IsOpenedByAHandshakeOnly) {
  EXPECT_EQ(get("/dicomweb/subscribers/VIEWER").status, 400);
  EXPECT_EQ(
      get("/dicomweb/subscribers/VIEWER", std::string("Origin: https://elsewhere.example\r\n") + kHandshake)
          .status,
      403);
  HttpClient stranger(server_->port());
  EXPECT_EQ(stranger.request("GET", "/dicomweb/subscribers/VIEWER", {}, kHandshake).status, 401);
}

}  // namespace
}  // namespace meridian::doors::http
