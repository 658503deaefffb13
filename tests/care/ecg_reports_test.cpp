// What the printed ECG of a case says was signed.
#include "care/ecg_reports.h"

#include "base/error_of.h"
#include "care/print/ecg_report.h"
#include "care/region.h"
#include "engine/signature.h"

namespace meridian::care {
namespace {

using testing::StartsWith;

class PrintedEcg : public RegionTest {
 protected:
  PrintedEcg() : RegionTest(two_findings()) {}

  static engine::Node::Assistants two_findings() {
    engine::Node::Assistants list;
    list.push_back(engine::scripted("ecg_reader", "ECG", [](const engine::Input&) {
      engine::Reading reading = engine::fibrillation();
      reading.findings.front().evidence = Json::parse(
          R"({"beats": [{"sample": 250, "aami_class": "V"}], "hours": [{"from": 0, "mean_rate": 71.5}]})");
      reading.findings.push_back(
          engine::finding("22298006", "Myocardial infarction", engine::Urgency::emergency));
      return reading;
    }));
    return list;
  }
  void sign(const std::string& id) {
    const std::string finding = page(id).get("drafts").at(0).text("findings.id");
    care.reports.sign(kDoctor, id, {"Fibrillation.", {finding}, {}});
  }
  EcgReport printed(const std::string& id, const std::string& instance = "1.2.3.4") {
    return care.ecg_reports.report(kDoctor, id, instance, false);
  }
};

TEST_F(PrintedEcg, IsADraftUntilSomebodySigns) {
  const std::string id = drafted_case();
  care.reports.save(kDoctor, id, {"Not yet.", {page(id).get("drafts").at(0).text("findings.id")}, {}});
  const EcgReport report = printed(id);
  EXPECT_EQ(report.conclusion, "Not yet.");
  EXPECT_TRUE(report.signed_by.empty());
  EXPECT_EQ(report.signature, Signature::of_this);
  ASSERT_EQ(report.findings.size(), 2u);
  EXPECT_FALSE(report.findings[0].is_signed);
  EXPECT_EQ(report.findings[0].code, "http://snomed.info/sct|49436004");
  ASSERT_EQ(report.course.hours.size(), 1u);
  EXPECT_EQ(report.course.hours[0].mean_rate, 71.5);
  EXPECT_THAT(care.ecg_reports.pdf(kDoctor, id, "1.2.3.4", true), StartsWith("%PDF"));
}

TEST_F(PrintedEcg, SaysWhichFindingsWereSigned) {
  const std::string id = drafted_case();
  sign(id);
  const EcgReport report = printed(id);
  EXPECT_EQ(report.signed_by, "Dr Li");
  EXPECT_TRUE(report.signed_at.has_value());
  EXPECT_EQ(report.conclusion, "Fibrillation.");
  ASSERT_EQ(report.findings.size(), 2u);
  EXPECT_TRUE(report.findings[0].is_signed);
  EXPECT_FALSE(report.findings[1].is_signed) << "nobody accepted it";
  ASSERT_EQ(report.beats.size(), 1u);
  EXPECT_TRUE(report.beats[0].is_signed);
}

// What comes for a study that is known goes into its case, signed or not.
TEST_F(PrintedEcg, ThatCameAfterTheSignatureIsNotSigned) {
  const std::string id = drafted_case();
  sign(id);
  care.intake.receive(engine::ecg_file("P-1", "1.2.3.5", "19570304", "M", "1.2.3.4.1"),
                      {kDevice, "dimse", kDevice.organization, {}});
  node.run_all();
  ASSERT_EQ(page(id).get("recordings").size(), 2u);
  const EcgReport late = printed(id, "1.2.3.5");
  EXPECT_EQ(late.signature, Signature::of_others);
  EXPECT_TRUE(late.signed_by.empty());
  EXPECT_TRUE(late.conclusion.empty());
  ASSERT_EQ(late.findings.size(), 2u);
  EXPECT_FALSE(late.findings[0].is_signed);
  EXPECT_EQ(printed(id).signed_by, "Dr Li") << "the one that was there";
}

class SignedEcg : public PrintedEcg {
 protected:
  void receive(const std::string& uid) {
    care.intake.receive(engine::ecg_file("P-1", uid, "19570304", "M", uid + ".1"), from_console(id));
  }
  void sign_having_seen(const std::optional<Reports::Seen>& seen) {
    care.reports.sign(kDoctor, id, {"Sinus rhythm.", {}, {}, seen});
  }
  Signature signature_of(const std::string& uid) { return printed(id, uid).signature; }

  const std::string id = open_case();
};

TEST_F(SignedEcg, IsSignedWhereItWasShownThoughItHasNoDraft) {
  receive("1.2.3.4");
  sign_having_seen(Reports::Seen{{"1.2.3.4"}, {}});
  EXPECT_EQ(signature_of("1.2.3.4"), Signature::of_this);
  EXPECT_EQ(printed(id).signed_by, "Dr Li");
}

TEST_F(SignedEcg, ThatCameBetweenReadingAndSigningIsNotSigned) {
  receive("1.2.3.4");
  receive("1.2.3.5");
  sign_having_seen(Reports::Seen{{"1.2.3.4"}, {}});
  EXPECT_EQ(signature_of("1.2.3.4"), Signature::of_this);
  EXPECT_EQ(signature_of("1.2.3.5"), Signature::of_others);
  EXPECT_TRUE(printed(id, "1.2.3.5").signed_by.empty());
}

TEST_F(SignedEcg, IsNotSignedWhereTheReaderSawNone) {
  receive("1.2.3.4");
  sign_having_seen(Reports::Seen{});
  EXPECT_EQ(signature_of("1.2.3.4"), Signature::of_others);
}

TEST_F(SignedEcg, SaysThatNobodyKnowsWhereTheSignatureDoesNotSayIt) {
  receive("1.2.3.4");
  sign_having_seen(std::nullopt);
  const EcgReport report = printed(id);
  EXPECT_EQ(report.signature, Signature::not_known);
  EXPECT_EQ(report.signed_by, "Dr Li");
  EXPECT_THAT(care.ecg_reports.pdf(kDoctor, id, "1.2.3.4", true), StartsWith("%PDF"));
}

TEST_F(SignedEcg, LeavesOutDraftsThatCameSinceAndWantsTheOthersAsTheyWereRead) {
  receive("1.2.3.4");
  node.run_all();
  const Json draft = page(id).get("drafts").at(0);
  const std::int64_t version = std::stoll(draft.text("version"));
  receive("1.2.3.5");
  node.run_all();
  const std::string unread = page(id).get("drafts").at(1).text("id");
  const Reports::Seen older{{"1.2.3.4"}, {{draft.text("id"), version - 1}}};
  EXPECT_EQ(code_of([&] { sign_having_seen(older); }), ErrorCode::precondition_failed);
  sign_having_seen(Reports::Seen{{"1.2.3.4"}, {{draft.text("id"), version}}});
  const Json provenance = node.record
                              .find(trust::Principal::system(), "Provenance",
                                    {{"_id", engine::signature_id(page(id).text("report.id"))}})
                              .front();
  EXPECT_THAT(provenance.dump(), testing::HasSubstr(draft.text("id")));
  EXPECT_THAT(provenance.dump(), testing::Not(testing::HasSubstr(unread)));
}

}  // namespace
}  // namespace meridian::care
