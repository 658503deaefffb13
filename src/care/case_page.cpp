#include "care/case_page.h"

#include <algorithm>
#include <map>

#include "base/error.h"
#include "base/time.h"
#include "care/comparable.h"
#include "care/comparison.h"
#include "care/draft_view.h"
#include "care/people.h"
#include "care/remarks.h"
#include "care/timeline.h"
#include "care/worklist.h"
#include "engine/consent.h"
#include "engine/finding.h"
#include "engine/resources.h"
#include "engine/run_progress.h"
#include "engine/signature.h"
#include "trust/access.h"

namespace meridian::care {
namespace {

bool is_draft(const Json& report) {
  const Json* category = report.find("category");
  return category && engine::has_coding(*category, engine::kReportKind, "assistant-draft");
}

Json organization_of(const Json& reference, const Context& context) {
  const std::string organization = reference.text("reference");
  if (organization.empty()) return {};
  std::string name = reference.text("display");
  if (name.empty()) name = name_of_organization(context.record, organization).en;
  return organization_json(organization, name);
}

Json allergy_json(const Json& allergy) {
  return Json::object({{"text", allergy.text("code.text", allergy.text("code.coding.display"))},
                       {"severe", allergy.text("criticality") == "high"}});
}

Json recording_json(const RecordingRow& row) {
  return Json::object({{"kind", row.kind},
                       {"study", row.study},
                       {"series", row.series},
                       {"instance", row.instance},
                       {"modality", row.modality},
                       {"title", row.title},
                       {"at", format_instant(row.at)},
                       {"frames", row.frames},
                       {"leads", row.leads.is_null() ? Json::array() : row.leads},
                       {"seconds", row.seconds},
                       {"flaws", json_of_remarks(row.flaws)}});
}

// Images of a series, which bear one time, go by their numbers, at the places that they have among the
// others.
void order_series(std::vector<RecordingRow>& recordings, const archive::Archive& archive) {
  std::map<std::pair<std::string, std::string>, std::vector<std::size_t>> places;
  for (std::size_t i = 0; i < recordings.size(); ++i)
    if (recordings[i].kind == "image" || recordings[i].kind == "slide")
      places[{recordings[i].study, recordings[i].series}].push_back(i);
  for (const auto& [series, at] : places) {
    if (at.size() < 2) continue;
    std::map<std::string, RecordingRow> left;
    for (const std::size_t i : at) left.emplace(recordings[i].instance, std::move(recordings[i]));
    auto place = at.begin();
    const auto take = [&](auto found) {
      recordings[*place++] = std::move(found->second);
      left.erase(found);
    };
    for (const archive::InstanceFacts& facts : archive.instances(series.first, series.second))
      if (const auto found = left.find(facts.key.instance); found != left.end()) take(found);
    while (!left.empty()) take(left.begin());
  }
}

Json accepted_of(const Json& report) {
  Json accepted = Json::array();
  if (const Json* results = report.find("result"))
    for (const Json& result : results->items()) accepted.push_back(id_of(result.text("reference")));
  return accepted;
}

// Whether a finding of the draft was accepted.
bool rests_on(const Json& accepted, const Json& draft) {
  const Json* results = draft.find("result");
  return results && std::ranges::any_of(results->items(), [&](const Json& result) {
           return std::ranges::any_of(accepted.items(), [&](const Json& id) {
             return id.as_string() == id_of(result.text("reference"));
           });
         });
}

}  // namespace

Json case_answer(const Context& context, const trust::Principal& principal, const std::string& case_id) {
  const CaseRow row = context.database.read(
      [&](storage::Connection& connection) { return require_case(connection, principal, case_id); });
  return Json::object({{"case", CasePage(context, principal, row).json()}});
}

std::string clinical_report_id(const std::string& case_id) {
  return stable_id({"clinical-report", case_id});
}

CasePage::CasePage(const Context& context, const trust::Principal& principal, const CaseRow& row)
    : context_(context), principal_(principal), row_(row) {
  recordings_ = context.database.read(
      [&](storage::Connection& connection) { return recordings_of(connection, row.patient); });
  order_series(recordings_, context.archive);
  reports_ = find("DiagnosticReport", "patient");
  tasks_ = find("Task", "patient");
  requests_ = find("ServiceRequest", "patient");
  communications_ = find("Communication", "patient");
}

std::vector<Json> CasePage::find(const std::string& type, const std::string& reference_parameter) const {
  return context_.record.find(trust::Principal::system(), type, {{reference_parameter, row_.patient}});
}

bool CasePage::is_of_case(const Json& resource) const {
  return resource.text("encounter.reference") == "Encounter/" + row_.id;
}

Json CasePage::encounter() const {
  return Json::parse(context_.record.read(trust::Principal::system(), "Encounter", row_.id).body);
}

Json CasePage::patient() const {
  const Json resource =
      Json::parse(context_.record.read(trust::Principal::system(), "Patient", id_of(row_.patient)).body);
  Json json = view_of_patient(resource).row;
  json["identifier"] = resource.text("identifier.value");
  const Json* managing = resource.find("managingOrganization");
  json["managingOrganization"] = managing ? organization_of(*managing, context_) : Json();
  json["allergies"] = allergies();
  json["consent"] = consent();
  return json;
}

// Null when nobody has asked; an empty list when the record says that there are none.
Json CasePage::allergies() const {
  const std::vector<Json> found = find("AllergyIntolerance", "patient");
  if (found.empty()) return {};
  constexpr std::string_view kNoKnownAllergy = "716186003";  // SNOMED CT
  Json list = Json::array();
  for (const Json& allergy : found) {
    const Json* code = allergy.find("code");
    const bool none = code && engine::has_coding(*code, "http://snomed.info/sct", kNoKnownAllergy);
    if (!none && allergy.text("verificationStatus.coding.code") != "entered-in-error")
      list.push_back(allergy_json(allergy));
  }
  return list;
}

// Of anyone; a rule that names somebody is obeyed when they are asked.
Json CasePage::consent() const {
  const std::vector<Json> consents = engine::consents_of(context_.record, row_.patient);
  const auto state = [&](std::string_view action) {
    return engine::consent_name(engine::consent_of(consents, {{}, action}, now()));
  };
  return Json::object({{"assistants", state(engine::kUse)}, {"colleagues", state(engine::kDisclose)}});
}

Json CasePage::recordings() const {
  Json list = Json::array();
  for (const RecordingRow& recording : recordings_)
    if (recording.case_id == row_.id && recording.kind != kResultKind)
      list.push_back(recording_json(recording));
  return list;
}

const RecordingRow* CasePage::recording_of(const std::string& instance) const {
  const auto found = std::ranges::find(recordings_, instance, &RecordingRow::instance);
  return found == recordings_.end() ? nullptr : &*found;
}

bool CasePage::show_the_same(const RecordingRow& one, const RecordingRow& other) const {
  if (one.kind == "ecg") return true;
  if (one.kind == "slide") return false;  // each is of another piece of tissue
  const auto shown = shown_in(context_.archive, one.instance),
             before = shown_in(context_.archive, other.instance);
  return shown && before && are_comparable(*shown, *before);
}

// What the same assistant said before and nobody threw out: of the patient's last recording that shows the
// same, of another study where it is a picture; where there is none, what another version said of this
// recording.
const Json* CasePage::earlier_draft(const Json& draft, const RecordingRow& recording) const {
  const Json* other_version = nullptr;
  std::vector<std::pair<const RecordingRow*, const Json*>> earlier;
  for (const Json& report : reports_) {
    if (!is_draft(report) || report.text("status") == "cancelled" || report.text("id") == draft.text("id") ||
        assistant_id(report) != draft.text("assistant.id"))
      continue;
    const RecordingRow* other = recording_of(input_of(report));
    if (!other || other->kind != recording.kind || other->modality != recording.modality) continue;
    if (other->instance == recording.instance && report.text("issued") < draft.text("at"))
      other_version = &report;
    const bool same_examination = recording.kind == "image" && other->study == recording.study;
    if (!same_examination && other->at < recording.at) earlier.emplace_back(other, &report);
  }
  std::ranges::stable_sort(earlier, [](const auto& a, const auto& b) { return a.first->at > b.first->at; });
  const auto last =
      std::ranges::find_if(earlier, [&](const auto& one) { return show_the_same(recording, *one.first); });
  return last == earlier.end() ? other_version : last->second;
}

Json CasePage::comparison(const Json& draft) const {
  const RecordingRow* recording = recording_of(draft.text("recording"));
  const Json* earlier = recording ? earlier_draft(draft, *recording) : nullptr;
  if (!earlier) return {};
  const RecordingRow& other = *recording_of(input_of(*earlier));
  const Json before = draft_json(context_, *earlier);
  Json compared = recording->kind == "ecg" ? compare_ecgs(draft, before) : compare_pictures(draft, before);
  compared["recording"] = other.instance;
  compared["at"] = format_instant(other.at);
  const std::string day = format_instant(other.at).substr(0, 10), version = before.text("assistant.version");
  const bool is_signed = compared.get("signed").as_bool();
  compared["text"] = engine::to_json(sentence_of(
      compared, {"the one of " + day + " (version " + version + (is_signed ? ", signed)" : ", not signed)"),
                 day + "的结果（版本" + version + (is_signed ? "，已签署）" : "，未签署）")}));
  return compared;
}

Json CasePage::drafts() const {
  Json list = Json::array();
  for (const Json& report : reports_)
    if (is_draft(report) && is_of_case(report)) {
      Json draft = draft_json(context_, report);
      draft["comparison"] = comparison(draft);
      list.push_back(std::move(draft));
    }
  for (const Json& task : tasks_)
    if (is_of_case(task) && is_refusal(task)) list.push_back(refused_draft_json(context_, task));
  return list;
}

Json CasePage::not_run() const {
  Json list = Json::array();
  for (const Json& task : tasks_)
    if (is_of_case(task) && is_not_run(task)) list.push_back(not_run_json(context_, task));
  return list;
}

// Readings that take minutes, of this case's recordings.
Json CasePage::running() const {
  Json list = Json::array();
  const auto runs = context_.database.read(
      [&](storage::Connection& connection) { return engine::runs_under_way(connection, row_.patient); });
  for (const engine::RunProgress& run : runs) {
    const auto recording = std::ranges::find_if(recordings_, [&](const RecordingRow& one) {
      return one.case_id == row_.id && (one.series == run.input || one.instance == run.input);
    });
    if (recording == recordings_.end()) continue;
    const engine::Assistant* assistant = context_.registry.find(run.assistant);
    if (!assistant) continue;  // it was taken out of the program while its job waited
    const engine::Card& card = assistant->card();
    list.push_back(Json::object(
        {{"assistant",
          Json::object({{"id", card.id}, {"version", card.version}, {"title", engine::to_json(card.title)}})},
         {"recording", recording->instance},
         {"done", run.done},
         {"of", run.of}}));
  }
  return list;
}

// The ECGs that the signature is of, and whether it says so of all: what was there unseen, or came later, is
// not what was signed.
CasePage::SignedRecordings CasePage::signed_recordings(const Json& clinical) const {
  SignedRecordings result;
  const auto add_inputs = [&](const auto& is_wanted) {
    for (const Json& report : reports_)
      if (is_draft(report) && is_wanted(report)) result.instances.insert(input_of(report));
  };
  const Json accepted = accepted_of(clinical);
  add_inputs([&](const Json& report) { return rests_on(accepted, report); });
  const std::vector<Json> found = context_.record.find(trust::Principal::system(), "Provenance",
                                                       {{"_id", engine::signature_id(clinical.text("id"))}});
  if (found.empty()) return result;
  if (const auto said = engine::signed_recordings(found.front())) {
    result.instances.insert(said->begin(), said->end());
    result.said = true;
    return result;
  }
  // Signatures once named the drafts alone.
  if (const Json* entities = found.front().find("entity"))
    for (const Json& entity : entities->items())
      add_inputs([&](const Json& report) {
        return entity.text("what.reference").starts_with("DiagnosticReport/" + report.text("id") + "/");
      });
  return result;
}

Json CasePage::report() const {
  const std::string id = clinical_report_id(row_.id);
  const auto found = std::find_if(reports_.begin(), reports_.end(),
                                  [&](const Json& report) { return report.text("id") == id; });
  if (found == reports_.end()) return {};
  const bool is_final = found->text("status") == "final";
  const SignedRecordings recordings = is_final ? signed_recordings(*found) : SignedRecordings{};
  const Json* changes = engine::extension_value(*found, engine::kChanges, "valueString");
  return Json::object(
      {{"id", id},
       {"text", found->text("conclusion")},
       {"status", found->text("status")},
       {"version", found->text("meta.versionId")},
       {"signedBy", is_final ? engine::text_or_null(found->text("resultsInterpreter.display")) : Json()},
       {"signedAt", is_final ? engine::text_or_null(found->text("issued")) : Json()},
       {"accepted", accepted_of(*found)},
       {"recordings", json_of_texts({recordings.instances.begin(), recordings.instances.end()})},
       {"recordingsSaid", recordings.said},
       {"changes", changes ? *changes : Json()}});
}

Json CasePage::requests() const {
  Json list = Json::array();
  for (const Json& request : requests_) {
    if (!is_of_case(request)) continue;
    const Json& to = request.get("performer");
    list.push_back(Json::object({{"id", request.text("id")},
                                 {"from", organization_json(row_.organization, row_.organization_name)},
                                 {"to", to.empty() ? Json() : organization_of(to.at(0), context_)},
                                 {"question", request.text("reasonCode.text")},
                                 {"at", request.text("authoredOn")},
                                 {"status", request.text("status")}}));
  }
  return list;
}

Json CasePage::timeline() const {
  const std::vector<CaseRow> cases = context_.database.read(
      [&](storage::Connection& connection) { return cases_of(connection, row_.patient); });
  Timeline timeline(context_.record);
  for (const CaseRow& row : cases) timeline.add_case(row);
  for (const RecordingRow& recording : recordings_) timeline.add_recording(recording);
  for (const Json& report : reports_)
    is_draft(report) ? timeline.add_draft(report) : timeline.add_report(report);
  for (const Json& request : requests_) timeline.add_request(request);
  for (const Json& message : communications_) timeline.add_message(message);
  return timeline.json();
}

Json CasePage::may() const {
  const bool open = row_.status != CaseStatus::signed_off;
  const bool mine_or_free = row_.reader.empty() || row_.reader == principal_.user;
  const bool has_it = principal_.organization == row_.organization;
  const bool signs = trust::role_may(principal_.role, trust::Act::sign, "DiagnosticReport");
  const bool asks = trust::role_may(principal_.role, trust::Act::request_opinion, "ServiceRequest");
  const bool records = trust::role_may(principal_.role, trust::Act::write, "ImagingStudy");
  const bool asked_already =
      row_.status == CaseStatus::asked || (row_.status == CaseStatus::reading && !row_.asked.empty());
  return Json::object({{"sign", open && mine_or_free && signs},
                       {"reject", open && mine_or_free && signs},
                       {"ask", open && has_it && asks && !asked_already},
                       {"record", open && has_it && records}});
}

Json CasePage::json() const {
  const Json visit = encounter();
  const Instant at = now();
  return Json::object(
      {{"id", row_.id},
       {"status", status_name(row_.status)},
       {"version", std::to_string(row_.version)},
       {"urgency", engine::urgency_name(urgency_at(row_, at))},
       {"urgencyReason", urgency_reason_at(row_, at)},
       {"createdAt", format_instant(row_.since)},
       {"reason", visit.text("reasonCode.text")},
       {"organization", organization_json(row_.organization, row_.organization_name)},
       {"reader",
        row_.reader.empty() ? Json() : Json::object({{"id", row_.reader}, {"display", row_.reader_display}})},
       {"may", may()},
       {"patient", patient()},
       {"recordings", recordings()},
       {"drafts", drafts()},
       {"notRun", not_run()},
       {"running", running()},
       {"report", report()},
       {"requests", requests()},
       {"timeline", timeline()}});
}

}  // namespace meridian::care
