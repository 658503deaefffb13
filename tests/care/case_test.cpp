#include <gtest/gtest.h>

#include <map>

#include "archive/compose.h"
#include "archive/slice_facts.h"
#include "care/case_page.h"
#include "care/region.h"
#include "engine/resources.h"
#include "engine/signature.h"

namespace meridian::care {
namespace {

using testing::HasSubstr;

class Case : public RegionTest {};

TEST_F(Case, GoesFromTheClinicToASpecialistAndBack) {
  const std::string id = open_case();
  care.intake.receive(engine::ecg_file("P-1", "1.2.3.4"), from_console(id));
  care.intake.receive(engine::film_file("P-1", "1.2.3.5"), from_console(id));
  node.run_all();
  Json clinic = page(id);
  EXPECT_EQ(clinic.get("recordings").size(), 2u);
  EXPECT_EQ(clinic.get("drafts").size(), 2u);
  EXPECT_EQ(clinic.text("urgency"), "today");
  EXPECT_EQ(clinic.text("urgencyReason.en"), "Atrial fibrillation.");

  ask(id);
  const Json worklist = care.worklist.list(kSpecialist, {});
  ASSERT_EQ(worklist.get("rows").size(), 1u);
  EXPECT_EQ(worklist.text("rows.case"), id);
  EXPECT_EQ(worklist.text("rows.status"), "asked");
  EXPECT_EQ(worklist.text("rows.draft.text.en"), "Atrial fibrillation.");
  EXPECT_EQ(care.messages.list(kSpecialist).text("rows.kind"), "asked");

  care.cases.claim(kSpecialist, id);
  const Json read = page(id, kSpecialist);
  const std::string finding = read.get("drafts").at(0).text("findings.id");
  const Json saved = care.reports.save(kSpecialist, id, {"Atrial fibrillation.", {finding}, {}});
  const Json answer = care.reports.sign(
      kSpecialist, id,
      {"Atrial fibrillation. Start apixaban.", {finding}, std::stoll(saved.text("version"))});
  EXPECT_EQ(answer.text("case.status"), "signed");

  clinic = page(id);
  EXPECT_EQ(clinic.text("report.status"), "final");
  EXPECT_EQ(clinic.text("report.signedBy"), "Dr Chen");
  EXPECT_EQ(clinic.text("report.changes"), "+ Start apixaban.");
  EXPECT_EQ(clinic.text("requests.status"), "completed");
  EXPECT_EQ(clinic.get("drafts").at(0).text("status"), "accepted");
  EXPECT_FALSE(clinic.get("may.sign").as_bool());
  EXPECT_EQ(care.messages.answers(kDoctor).at(0).text("kind"), "answered");
  EXPECT_EQ(node.read("Encounter/" + id).text("status"), "finished");
  EXPECT_EQ(node.registry.to_json("ecg_reader").get("counts.accepted").as_int(), 1);
  const Json provenance = node.read("Provenance/" + stable_id({"signature", clinical_report_id(id)}));
  EXPECT_TRUE(engine::is_signature_of(provenance, {node.read("DiagnosticReport/" + clinical_report_id(id)),
                                                   node.read("Observation/" + finding)}));
}

TEST_F(Case, GivesEachTextOfADraftInBothLanguages) {
  const Json finding = page(drafted_case(), kDoctor).get("drafts").at(0).get("findings").at(0);
  EXPECT_EQ(finding.text("text.zh"), "【Atrial fibrillation】。");
  EXPECT_EQ(finding.text("measurements.text.en"), "Heart rate");
  EXPECT_EQ(finding.text("measurements.text.zh"), "心率");
  EXPECT_EQ(finding.text("evidence.rules.name.en"), "mean heart rate above");
  EXPECT_EQ(finding.text("evidence.rules.name.zh"), "平均心率高于");
  EXPECT_FALSE(finding.contains("text_zh"));
}

TEST_F(Case, GoesNowhereWithoutThePatientsConsent) {
  const std::string id = drafted_case();
  node.put(engine::consent_of_p1("2026-01-01", R"({"type": "deny"})"));
  EXPECT_EQ(page(id).text("patient.consent.colleagues"), "withheld");
  EXPECT_EQ(code_of([&] { ask(id); }), ErrorCode::consent_withheld);
  EXPECT_EQ(page(id).text("status"), "waiting");
  EXPECT_EQ(code_of([&] { page(id, kSpecialist); }), ErrorCode::not_found);
  node.put(engine::consent_of_p1("2026-02-01", R"({"type": "permit"})"));
  EXPECT_EQ(page(id).text("patient.consent.assistants"), "granted");
  ask(id);
  EXPECT_EQ(page(id, kSpecialist).text("status"), "asked");
}

TEST_F(Case, ComesBackWhenTheConsentIsRemoved) {
  node.put(engine::consent_of_p1("2026-01-01", R"({"type": "deny"})"));
  node.put(engine::consent_of_p1("2026-02-01", R"({"type": "permit"})"));
  const std::string id = drafted_case();
  ask(id);
  node.record.remove(trust::Principal::system(), "Consent", "c2026-02-01");
  EXPECT_EQ(code_of([&] { page(id, kSpecialist); }), ErrorCode::not_found);
  EXPECT_EQ(page(id).text("status"), "waiting");
}

TEST_F(Case, ComesBackWhenTheConsentIsTheirsNoMore) {
  node.put(engine::consent_of_p1("2026-01-01", R"({"type": "deny"})"));
  Json permission = engine::consent_of_p1("2026-02-01", R"({"type": "permit"})");
  node.put(permission);
  const std::string id = drafted_case();
  ask(id);
  permission.erase("patient");
  node.put(permission);
  EXPECT_EQ(code_of([&] { page(id, kSpecialist); }), ErrorCode::not_found);
  EXPECT_EQ(page(id).text("status"), "waiting");
}

TEST_F(Case, ComesBackWhenThePatientWithdrawsTheirConsent) {
  const std::string id = drafted_case();
  ask(id);
  care.cases.claim(kSpecialist, id);
  node.put(engine::consent_of_p1("2026-02-01", R"({"type": "deny", "action": [{"coding": [{
      "system": "http://terminology.hl7.org/CodeSystem/consentaction", "code": "disclose"}]}]})"));
  EXPECT_EQ(code_of([&] { page(id, kSpecialist); }), ErrorCode::not_found);
  EXPECT_TRUE(care.worklist.list(kSpecialist, {}).get("rows").empty());
  EXPECT_EQ(page(id).text("status"), "waiting");
  EXPECT_TRUE(page(id).get("may.sign").as_bool());
  EXPECT_THAT(care.messages.answers(kDoctor).at(0).text("text.en"), HasSubstr("does not agree"));
  for (const Json& task : node.find("Task", {{"code", std::string(engine::kTaskKind) + "|consultation"}}))
    EXPECT_EQ(task.text("status"), "cancelled");
  node.put(engine::consent_of_p1("2026-03-01", R"({"type": "permit"})"));
  EXPECT_EQ(code_of([&] { page(id, kSpecialist); }), ErrorCode::not_found) << "until it is asked again";
  ask(id);
  EXPECT_EQ(page(id, kSpecialist).text("status"), "asked");
}

TEST_F(Case, IsSeenByThePatientOnceSigned) {
  const std::string id = drafted_case();
  ask(id);
  const auto seen = [&](const trust::Principal& by, const std::string& type) {
    return node.record.find(by, type, {{"_count", "100"}}).size();
  };
  for (const char* type : {"DiagnosticReport", "Observation", "Binary", "Communication", "Provenance"}) {
    EXPECT_GT(seen(kDoctor, type), 0u) << type;
    EXPECT_EQ(seen(kOtherDoctor, type), 0u) << type;
    EXPECT_EQ(seen(kResident, type), 0u) << type;
  }
  care.cases.claim(kSpecialist, id);
  const std::string finding = page(id, kSpecialist).get("drafts").at(0).text("findings.id");
  care.reports.save(kSpecialist, id, {"Not yet.", {finding}, {}});
  EXPECT_EQ(seen(kResident, "DiagnosticReport"), 0u);
  care.reports.sign(kSpecialist, id, {"Atrial fibrillation.", {finding}, 1});
  const std::vector<Json> reports = node.record.find(kResident, "DiagnosticReport", {});
  ASSERT_EQ(reports.size(), 1u);
  EXPECT_EQ(reports[0].text("conclusion"), "Atrial fibrillation.");
  EXPECT_EQ(seen(kResident, "Observation"), 1u);
  EXPECT_EQ(seen(kResident, "Binary"), 0u);
}

TEST_F(Case, EveryStepIsInTheLedger) {
  const std::string id = drafted_case();
  ask(id);
  care.cases.claim(kSpecialist, id);
  care.reports.sign(kSpecialist, id, {"Sinus rhythm.", {}, {}});
  page(id);
  node.ledger.flush();
  for (const char* kind : {"case.open", "dicom.store", "case.ask", "case.claim", "case.sign", "case.read"}) {
    trust::LedgerFilter filter;
    filter.kind = kind;
    EXPECT_FALSE(node.ledger.entries(filter).empty()) << kind;
  }
  EXPECT_TRUE(node.ledger.verify().intact);
}

TEST_F(Case, IsNotSeenByOthersBeforeTheyAreAsked) {
  const std::string id = drafted_case();
  EXPECT_EQ(code_of([&] { page(id, kOtherDoctor); }), ErrorCode::not_found);
  EXPECT_EQ(code_of([&] { page(id, kSpecialist); }), ErrorCode::not_found);
  EXPECT_EQ(code_of([&] { page(id, kEngineer); }), ErrorCode::not_found);
  EXPECT_EQ(code_of([&] { page(id, kResident); }), ErrorCode::forbidden);
  EXPECT_EQ(care.worklist.list(kSpecialist, {}).get("total").as_int(), 0);
  EXPECT_EQ(code_of([&] { care.recordings.samples(kSpecialist, "1.2.3.4", {}); }), ErrorCode::not_found);
  ask(id);
  EXPECT_EQ(page(id, kSpecialist).text("id"), id);
  EXPECT_EQ(care.worklist.list(kSpecialist, {}).get("total").as_int(), 1);
  EXPECT_EQ(care.recordings.samples(kSpecialist, "1.2.3.4", {}).get("leads").size(), 2u);
  EXPECT_EQ(code_of([&] { page(id, kOtherDoctor); }), ErrorCode::not_found);
  EXPECT_EQ(care.worklist.list(kOtherDoctor, {}).get("total").as_int(), 0);
}

TEST_F(Case, OfAnotherClinicsPatientIsNotOpened) {
  EXPECT_EQ(code_of([&] { open_case("Patient/p2"); }), ErrorCode::not_found);
  EXPECT_EQ(code_of([&] { open_case("Patient/p1", "routine", kEngineer); }), ErrorCode::forbidden);
  EXPECT_EQ(code_of([&] { open_case("Patient/p1", "yesterday"); }), ErrorCode::invalid_value);
}

TEST_F(Case, IsReadByOneAtATime) {
  const std::string id = drafted_case();
  ask(id);
  care.cases.claim(kSpecialist, id);
  try {
    care.cases.claim(kColleague, id);
    ADD_FAILURE() << "claimed twice";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::conflict);
    EXPECT_THAT(error.what(), HasSubstr("Dr Chen"));
  }
  EXPECT_EQ(code_of([&] { care.reports.sign(kColleague, id, {"Mine.", {}, {}}); }), ErrorCode::conflict);
  EXPECT_FALSE(page(id, kColleague).get("may.sign").as_bool());
  EXPECT_EQ(care.cases.claim(kSpecialist, id).text("case.status"), "reading");
  EXPECT_EQ(care.cases.release(kSpecialist, id).text("case.status"), "asked");
  EXPECT_EQ(care.cases.claim(kColleague, id).text("case.reader.id"), "u-sun");
}

TEST_F(Case, IsSignedOnceAndByThoseWhoMay) {
  const std::string id = drafted_case();
  EXPECT_EQ(code_of([&] { care.reports.sign(kResident, id, {"I am well.", {}, {}}); }), ErrorCode::forbidden);
  EXPECT_EQ(code_of([&] { care.reports.sign(kDevice, id, {"Well.", {}, {}}); }), ErrorCode::forbidden);
  EXPECT_EQ(code_of([&] { care.reports.sign(kDoctor, id, {" \n", {}, {}}); }), ErrorCode::invalid_value);
  EXPECT_EQ(code_of([&] {
              care.reports.sign(kDoctor, id, {"Well.", {"another"}, {}});
            }),
            ErrorCode::invalid_value);
  care.reports.sign(kDoctor, id, {"Sinus rhythm.", {}, {}});
  EXPECT_EQ(code_of([&] { care.reports.sign(kDoctor, id, {"Sinus rhythm.", {}, 2}); }), ErrorCode::conflict);
  EXPECT_EQ(code_of([&] { care.cases.claim(kDoctor, id); }), ErrorCode::conflict);
  EXPECT_EQ(page(id).text("report.text"), "Sinus rhythm.");
  EXPECT_EQ(page(id).get("drafts").at(0).text("status"), "draft");
}

TEST_F(Case, ImagesOfASeriesGoByTheirNumbersAndAreOneEntryOfTheTimeline) {
  const std::string id = open_case();
  const vision::GreyImage slice{16, 16, std::vector<float>(256, 0.5F), {}};
  for (const int number : {2, 10, 1}) {
    care.intake.receive(archive::compose_picture({slice, {}}, archive::facts_of_slice(number), "CT", "HEAD"),
                        from_console(id));
  }
  const Json case_page = page(id);
  std::vector<std::string> instances;
  for (const Json& recording : case_page.get("recordings").items())
    instances.push_back(recording.text("instance"));
  EXPECT_EQ(instances, (std::vector<std::string>{"1.2.9.1.1", "1.2.9.1.2", "1.2.9.1.10"}));
  int entries = 0;
  for (const Json& entry : case_page.get("timeline").items()) entries += entry.text("kind") == "image";
  EXPECT_EQ(entries, 1);
}

TEST_F(Case, AReportIsWrittenOnWhatWasRead) {
  const std::string id = drafted_case();
  const Json first = care.reports.save(kDoctor, id, {"Sin", {}, {}});
  EXPECT_EQ(code_of([&] {
              care.reports.save(kDoctor, id, {"Other", {}, {}});
            }),
            ErrorCode::precondition_failed);
  const auto version = std::stoll(first.text("version"));
  care.reports.save(kDoctor, id, {"Sinus", {}, version});
  EXPECT_EQ(code_of([&] {
              care.reports.save(kDoctor, id, {"Stale", {}, version});
            }),
            ErrorCode::precondition_failed);
  EXPECT_EQ(page(id).text("report.text"), "Sinus");
  EXPECT_EQ(page(id).text("report.status"), "preliminary");
}

TEST_F(Case, ADraftIsRejectedWithItsReason) {
  const std::string id = drafted_case();
  const std::string draft = page(id).text("drafts.id");
  const Json answer = care.reports.reject(kDoctor, id, draft, "P waves are there");
  EXPECT_EQ(answer.text("case.drafts.status"), "rejected");
  EXPECT_EQ(answer.text("case.drafts.rejectedReason"), "P waves are there");
  EXPECT_EQ(answer.text("case.drafts.rejectedBy"), "Dr Li");
  EXPECT_EQ(node.registry.to_json("ecg_reader").get("counts.rejected").as_int(), 1);
  const std::string finding = answer.text("case.drafts.findings.id");
  EXPECT_EQ(code_of([&] {
              care.reports.sign(kDoctor, id, {"AF.", {finding}, {}});
            }),
            ErrorCode::invalid_value);
  const std::string other = open_case();
  EXPECT_EQ(code_of([&] { care.reports.reject(kDoctor, other, draft, "no"); }), ErrorCode::not_found);
}

TEST_F(Case, ComesBackWithAQuestionAndIsAskedAgain) {
  const std::string id = drafted_case();
  EXPECT_EQ(code_of([&] { care.consultations.return_with_question(kDoctor, id, "Why?"); }),
            ErrorCode::conflict);
  ask(id);
  EXPECT_EQ(code_of([&] { ask(id); }), ErrorCode::conflict);
  EXPECT_EQ(code_of([&] { care.consultations.return_with_question(kSpecialist, id, ""); }),
            ErrorCode::invalid_value);
  const Json answer = care.consultations.return_with_question(kSpecialist, id, "Which drugs?");
  EXPECT_EQ(answer.text("case.status"), "answered");
  EXPECT_EQ(care.messages.list(kDoctor).get("rows").at(0).text("text.en"), "Which drugs?");
  ask(id);
  EXPECT_EQ(page(id).text("status"), "asked");
  EXPECT_EQ(page(id).get("requests").size(), 1u);
}

TEST_F(Case, IsAskedOfAnotherOrganizationOnly) {
  const std::string id = drafted_case();
  EXPECT_EQ(code_of([&] {
              care.consultations.ask(kDoctor, id, {"liushan", "?", "routine"});
            }),
            ErrorCode::invalid_value);
  EXPECT_EQ(code_of([&] {
              care.consultations.ask(kDoctor, id, {"nowhere", "?", "routine"});
            }),
            ErrorCode::not_found);
  EXPECT_EQ(code_of([&] {
              care.consultations.ask(kOtherDoctor, id, {"hospital", "?", "routine"});
            }),
            ErrorCode::not_found);
  ask(id);
  EXPECT_EQ(code_of([&] {
              care.consultations.ask(kSpecialist, id, {"hekou", "?", "routine"});
            }),
            ErrorCode::forbidden);
}

TEST_F(Case, SaysWhyAnAssistantSaidNothing) {
  node.registry.set_state(node.record, kEngineer, "ecg_reader", false, "Under revision");
  const std::string id = open_case();
  care.intake.receive(engine::ecg_file("P-1", "1.2.3.4"), from_console(id));
  care.intake.receive(engine::film_file("P-1", "1.2.3.5"), from_console(id));
  node.run_all();
  const Json shown = page(id);
  EXPECT_EQ(shown.text("notRun.reason.en"), "Under revision");
  EXPECT_EQ(shown.text("notRun.assistant.id"), "ecg_reader");
  EXPECT_EQ(shown.text("notRun.recording"), "1.2.3.4");
  EXPECT_EQ(shown.text("drafts.refused.reason"), "not-a-chest-film");
  EXPECT_EQ(shown.text("drafts.refused.text.zh"), "未分析：非胸片。");
}

TEST_F(Case, ShowsThePatientWhole) {
  node.put(
      R"({"resourceType": "AllergyIntolerance", "id": "a1", "criticality": "high", "code": {"text": "Penicillin"},
               "clinicalStatus": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical",
                                              "code": "active"}]},
               "patient": {"reference": "Patient/p1"}})");
  const std::string id = drafted_case();
  const Json patient = *page(id).find("patient");
  EXPECT_EQ(patient.text("name"), "王建国");
  EXPECT_EQ(patient.text("nameLatin"), "Wang Jianguo");
  EXPECT_EQ(patient.text("identifier"), "P-1");
  EXPECT_EQ(patient.text("managingOrganization.name"), "Liushan clinic");
  EXPECT_EQ(patient.text("allergies.text"), "Penicillin");
  EXPECT_TRUE(patient.get("allergies").at(0).find("severe")->as_bool());
  EXPECT_EQ(patient.text("consent.assistants"), "not-asked");
  EXPECT_GE(page(id).get("timeline").size(), 3u);
}

TEST_F(Case, FollowsANewNameOfItsPatient) {
  const std::string id = open_case();
  Json patient = node.read("Patient/p1");
  patient["name"] = Json::array({Json::object({{"use", "official"}, {"text", "王建华"}})});
  node.put(patient);
  EXPECT_EQ(care.worklist.list(kDoctor, {}).text("rows.patient.name"), "王建华");
}

TEST_F(Case, HomeShowsTodaysCasesAndWhatCameBack) {
  const std::string id = drafted_case();
  ask(id);
  care.reports.sign(kSpecialist, id, {"Sinus rhythm.", {}, {}});
  const Json home = care.cases.home(kDoctor);
  EXPECT_EQ(home.text("today.case"), id);
  EXPECT_EQ(home.text("answers.kind"), "answered");
}

TEST_F(Case, ListsTheOrganizationsInBothLanguages) {
  Json translated = Json::object({{"resourceType", "Organization"}, {"id", "county"}});
  engine::set_localized(translated, "name", {"County Hospital", "县人民医院"});
  node.record.update(trust::Principal::system(), translated);
  std::map<std::string, Json> by_id;
  const Json list = care.cases.organizations(kDoctor);
  for (const Json& one : list.items()) by_id.emplace(one.text("id"), one);
  EXPECT_EQ(by_id.at("county").text("name.zh"), "县人民医院");
  EXPECT_EQ(by_id.at("county").text("name.en"), "County Hospital");
  EXPECT_EQ(std::ranges::count_if(by_id, [](const auto& one) { return one.second.get("own").as_bool(); }), 1);
}

TEST_F(Case, TellsWhatHappenedInBothLanguages) {
  Json hospital = node.read("Organization/hospital");
  engine::set_localized(hospital, "name", {"County hospital", "县医院"});
  node.put(hospital);
  const std::string id = drafted_case();
  ask(id);
  const Json timeline = page(id).get("timeline");
  const auto asked = std::find_if(timeline.items().begin(), timeline.items().end(),
                                  [](const Json& entry) { return entry.text("kind") == "request"; });
  ASSERT_NE(asked, timeline.items().end());
  EXPECT_EQ(asked->text("title.en"), "Opinion asked of County hospital: Anticoagulate?");
  EXPECT_EQ(asked->text("title.zh"), "请县医院会诊：Anticoagulate?");
  EXPECT_EQ(asked->text("by.zh"), "Dr Li");
}

TEST_F(Case, MessagesAreReadByEachForThemselves) {
  const std::string id = drafted_case();
  ask(id);
  const Json before = care.messages.list(kSpecialist);
  EXPECT_EQ(before.get("unread").as_int(), 1);
  care.messages.mark_read(kSpecialist, before.text("rows.id"));
  EXPECT_EQ(care.messages.list(kSpecialist).get("unread").as_int(), 0);
  EXPECT_EQ(care.messages.list(kColleague).get("unread").as_int(), 1);
  EXPECT_EQ(code_of([&] { care.messages.mark_read(kOtherDoctor, before.text("rows.id")); }),
            ErrorCode::not_found);
}

TEST_F(Case, ThoseWhoLookAreToldOfChanges) {
  const std::string id = open_case();
  std::vector<std::string> clinic, hospital;
  const auto at_clinic =
      care.events.subscribe(kDoctor, [&](const Event& event) { clinic.push_back(event.name); });
  auto at_hospital =
      care.events.subscribe(kSpecialist, [&](const Event& event) { hospital.push_back(event.name); });
  care.intake.receive(engine::ecg_file("P-1", "1.2.3.4"), from_console(id));
  EXPECT_THAT(clinic, testing::ElementsAre("case", "worklist"));
  EXPECT_TRUE(hospital.empty());
  ask(id);
  EXPECT_THAT(hospital, testing::UnorderedElementsAre("message", "case", "worklist"));
  at_hospital.reset();
  care.cases.claim(kSpecialist, id);
  EXPECT_EQ(hospital.size(), 3u);
}

TEST_F(Case, ShowsNoReadingByAnAssistantThatIsGone) {
  const std::string id = drafted_case();
  node.record.write(trust::Principal::system(), [&](record::Writer& writer) {
    engine::request_run(writer, {"gone", "1.2.3.4", {}, "Patient/p1", "Encounter/" + id, {}});
    writer.transaction().execute(
        "INSERT INTO assistant_progress VALUES ('gone', '1.2.3.4', '1', 'Patient/p1', '', 1, 2)");
  });
  EXPECT_TRUE(page(id).get("running").empty());
}

class CaseWithFilms : public RegionTest {
 protected:
  CaseWithFilms() : RegionTest(reader()) {}
  static engine::Node::Assistants reader() {
    engine::Node::Assistants list;
    list.push_back(
        engine::scripted("film_reader", "DX", [](const engine::Input&) { return engine::fibrillation(); }));
    return list;
  }
  void send(const std::string& day, const std::string& view) {
    archive::FilmFacts facts;
    facts.patient_id = "P-1";
    facts.patient_name = "Wang^Jianguo";
    facts.study_uid = "1.2." + std::to_string(++films_) + ".1";
    facts.series_uid = facts.study_uid + ".1";
    facts.instance_uid = facts.series_uid + ".1";
    facts.taken = parse_instant(day + "T08:00:00Z");
    facts.view_position = view;
    care.intake.receive(archive::compose_film({64, 64, std::vector<float>(64 * 64, 0.5F), {}}, facts),
                        from_console(case_));
    node.run_all();
  }
  // By the day of the film: that of the one with which its draft is compared.
  std::map<std::string, std::string> compared() {
    std::map<std::string, std::string> days, of;
    const Json shown = page(case_);
    for (const Json& recording : shown.get("recordings").items())
      days[recording.text("instance")] = recording.text("at").substr(0, 10);
    for (const Json& draft : shown.get("drafts").items())
      of[days[draft.text("recording")]] = draft.text("comparison.at").substr(0, 10);
    return of;
  }
  const std::string case_ = open_case();
  int films_ = 0;
};

TEST_F(CaseWithFilms, ComparesThoseThatShowTheSame) {
  send("2026-11-01", "PA");
  send("2026-11-10", "LL");
  send("2026-11-20", "PA");
  send("2026-11-21", "LL");
  EXPECT_EQ(compared(), (std::map<std::string, std::string>{{"2026-11-01", ""},
                                                            {"2026-11-10", ""},
                                                            {"2026-11-20", "2026-11-01"},
                                                            {"2026-11-21", "2026-11-10"}}));
}

}  // namespace
}  // namespace meridian::care
