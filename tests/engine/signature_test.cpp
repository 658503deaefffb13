#include "engine/signature.h"

#include <gtest/gtest.h>

#include "engine/draft.h"
#include "engine/node.h"
#include "engine/resources.h"

namespace meridian::engine {
namespace {

const trust::Principal kSpecialist{"u1", "Dr Chen", trust::Role::specialist, "Practitioner/chen",
                                   "Organization/h"};

class Signature : public testing::Test {
 protected:
  Signature() : node_(folder_.path(), assistants()) {
    node_.put(R"({"resourceType": "Organization", "id": "h", "name": "Hospital"})");
    file_ecg(node_);
    node_.database->write([](storage::Transaction& transaction) {
      trust::grant_access(transaction, "Patient/p1", "Organization/h", "managing");
    });
    node_.run_all();
    draft_ = node_.find("DiagnosticReport").front().text("id");
    finding_ = finding_id(draft_, 0);
    node_.put(R"({"resourceType": "DiagnosticReport", "id": "report", "status": "preliminary",
                  "code": {"text": "ECG"}, "subject": {"reference": "Patient/p1"}, "conclusion": "AF."})");
  }
  static Node::Assistants assistants() {
    Node::Assistants list;
    list.push_back(scripted("sample", "ECG", [](const Input&) { return fibrillation(); }));
    return list;
  }
  Signed sign(const trust::Principal& principal, std::int64_t version = 1) {
    Signed result;
    node_.record.write(principal, [&](record::Writer& writer) {
      result = sign_report(writer, principal, {"report", version, {finding_}, {draft_}, "+ AF."});
    });
    return result;
  }
  std::string status(const std::string& reference) { return node_.read(reference).text("status"); }

  TemporaryFolder folder_;
  Node node_;
  std::string draft_, finding_;
};

TEST_F(Signature, MakesTheReportAndWhatItRestsOnFinal) {
  const Signed result = sign(kSpecialist);
  EXPECT_EQ(result.version, 2);
  const Json report = node_.read("DiagnosticReport/report");
  EXPECT_EQ(report.text("status"), "final");
  EXPECT_EQ(report.text("resultsInterpreter.reference"), "Practitioner/chen");
  EXPECT_EQ(extension_value(report, kChanges, "valueString")->as_string(), "+ AF.");
  EXPECT_EQ(status("Observation/" + finding_), "final");
  EXPECT_EQ(status("DiagnosticReport/" + draft_), "final");
  const Json provenance = node_.read(result.provenance);
  EXPECT_EQ(provenance.text("entity.what.reference"), "DiagnosticReport/" + draft_ + "/_history/1");
  EXPECT_TRUE(is_signature_of(provenance, {report, node_.read("Observation/" + finding_)}));
}

TEST_F(Signature, LeavesOfADraftOnlyWhatWasAccepted) {
  Json draft = node_.read("DiagnosticReport/" + draft_);
  draft["result"].push_back(reference("Observation/another"));
  draft["conclusion"] = "Atrial fibrillation. Infarction.";
  node_.put(R"({"resourceType": "Observation", "id": "another", "status": "preliminary",
                "code": {"text": "Infarction"}, "subject": {"reference": "Patient/p1"}})");
  node_.put(draft);
  sign(kSpecialist);
  const Json kept = node_.read("DiagnosticReport/" + draft_);
  EXPECT_EQ(kept.text("status"), "final");
  ASSERT_EQ(kept.get("result").size(), 1u);
  EXPECT_EQ(kept.text("result.reference"), "Observation/" + finding_);
  EXPECT_FALSE(kept.contains("conclusion"));
  EXPECT_FALSE(kept.contains("conclusionCode"));
  EXPECT_EQ(status("Observation/another"), "preliminary");
}

TEST_F(Signature, DoesNotFitWhatWasChangedAfterwards) {
  const Json provenance = node_.read(sign(kSpecialist).provenance);
  Json report = node_.read("DiagnosticReport/report");
  report["conclusion"] = "Sinus rhythm.";
  EXPECT_FALSE(is_signature_of(provenance, {report, node_.read("Observation/" + finding_)}));
}

TEST_F(Signature, IsAPersonsAndOfTheRole) {
  for (const auto role :
       {trust::Role::resident, trust::Role::auditor, trust::Role::administrator, trust::Role::device}) {
    trust::Principal principal = kSpecialist;
    principal.role = role;
    EXPECT_EQ(code_of([&] { sign(principal); }), ErrorCode::forbidden);
  }
  EXPECT_EQ(code_of([&] { sign(trust::Principal::system()); }), ErrorCode::forbidden);
  EXPECT_EQ(status("DiagnosticReport/report"), "preliminary");
}

TEST_F(Signature, IsGivenOnceAndToTheVersionThatWasRead) {
  EXPECT_EQ(code_of([&] { sign(kSpecialist, 7); }), ErrorCode::precondition_failed);
  EXPECT_EQ(status("Observation/" + finding_), "preliminary");
  sign(kSpecialist);
  EXPECT_EQ(code_of([&] { sign(kSpecialist, 2); }), ErrorCode::conflict);
}

TEST_F(Signature, ARejectedDraftKeepsItsReason) {
  const auto reject = [&](const std::string& reason) {
    node_.record.write(kSpecialist,
                       [&](record::Writer& writer) { reject_draft(writer, kSpecialist, draft_, reason); });
  };
  EXPECT_EQ(code_of([&] { reject(""); }), ErrorCode::invalid_value);
  reject("P waves are there");
  EXPECT_EQ(status("DiagnosticReport/" + draft_), "cancelled");
  EXPECT_EQ(status("Observation/" + finding_), "cancelled");
  EXPECT_EQ(
      extension_value(node_.read("DiagnosticReport/" + draft_), kRejectionReason, "valueString")->as_string(),
      "P waves are there");
  EXPECT_EQ(code_of([&] { reject("again"); }), ErrorCode::conflict);
}

TEST(ContentHash, GoesByContentAlone) {
  const Json a = Json::parse(R"({"b": 1.10, "a": [true, null], "meta": {"versionId": "1"}})");
  const Json b = Json::parse(R"({"a":[true,null],"b":1.10,"meta":{"versionId":"2"}})");
  EXPECT_EQ(content_hash({a}), content_hash({b}));
  EXPECT_NE(content_hash({a}), content_hash({Json::parse(R"({"a":[true,null],"b":1.1})")}));
  EXPECT_NE(content_hash({a, b}), content_hash({a}));
}

}  // namespace
}  // namespace meridian::engine
