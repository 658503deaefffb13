#include "care/reports.h"

#include <algorithm>
#include <set>

#include "base/error.h"
#include "base/time.h"
#include "care/case_page.h"
#include "care/consultation.h"
#include "care/messages.h"
#include "care/people.h"
#include "care/results.h"
#include "engine/changes.h"
#include "engine/draft.h"
#include "engine/resources.h"
#include "engine/signature.h"
#include "trust/access.h"

namespace meridian::care {
namespace {

constexpr std::size_t kLongestText = 64u << 10;

// The drafts on a case, as they were read before the transaction.
struct CaseDrafts {
  std::vector<Json> reports;
  std::set<std::string> findings;  // ids

  void add(Json report) {
    if (const Json* results = report.find("result"))
      for (const Json& result : results->items()) findings.insert(id_of(result.text("reference")));
    reports.push_back(std::move(report));
  }
  void require_findings(const std::vector<std::string>& accepted) const {
    for (const std::string& id : accepted)
      if (!findings.contains(id))
        throw Error(ErrorCode::invalid_value, "This finding is not one of the case's drafts",
                    "accepted: " + id, "Open the case again");
  }
};

CaseDrafts drafts_of(record::Record& record, const std::string& case_id) {
  CaseDrafts drafts;
  for (Json& report :
       record.find(trust::Principal::system(), "DiagnosticReport", {{"encounter", "Encounter/" + case_id}})) {
    if (!engine::has_coding(report.get("category"), engine::kReportKind, "assistant-draft")) continue;
    if (report.text("status") == "cancelled") continue;
    drafts.add(std::move(report));
  }
  return drafts;
}

// Those that were read.
CaseDrafts drafts_seen(CaseDrafts drafts, const std::optional<Reports::Seen>& seen) {
  if (!seen) return drafts;
  CaseDrafts kept;
  for (Json& report : drafts.reports)
    if (std::ranges::any_of(seen->drafts,
                            [&](const auto& draft) { return draft.first == report.text("id"); }))
      kept.add(std::move(report));
  return kept;
}

void require_as_read(record::Writer& writer, const CaseDrafts& drafts,
                     const std::optional<Reports::Seen>& seen) {
  if (!seen) return;
  for (const auto& draft : seen->drafts)
    if (std::ranges::any_of(drafts.reports,
                            [&](const Json& report) { return report.text("id") == draft.first; }) &&
        writer.read("DiagnosticReport", draft.first).number != draft.second)
      throw Error(ErrorCode::precondition_failed, "A draft was made again since you read it",
                  "DiagnosticReport/" + draft.first, "Look at the case again, then sign");
}

CaseRow require_writable(record::Writer& writer, const trust::Principal& principal,
                         const std::string& case_id) {
  CaseRow row = require_case(writer.transaction(), principal, case_id);
  if (!trust::role_may(principal.role, trust::Act::sign, "DiagnosticReport") ||
      principal.role == trust::Role::system)
    throw Error(ErrorCode::forbidden,
                "A " + std::string(trust::role_name(principal.role)) + " does not write reports",
                "Encounter/" + case_id, "Ask a specialist for an opinion");
  if (row.status == CaseStatus::signed_off)
    throw Error(ErrorCode::conflict, "The report of this case is already signed", "Encounter/" + case_id,
                "Open the case again to see who signed it");
  if (!row.reader.empty() && row.reader != principal.user)
    throw Error(ErrorCode::conflict, row.reader_display + " is reading this case", "Encounter/" + case_id,
                "Ask them to release it");
  return row;
}

// What the report is a report of: what the drafts are of, or else an opinion on the case.
Json report_code(const CaseDrafts& drafts) {
  constexpr std::string_view kLoinc = "http://loinc.org";
  if (drafts.reports.size() == 1) return *drafts.reports.front().find("code");
  return engine::concept_of(kLoinc, "11488-4", "Consult note");
}

Json clinical_report(const CaseRow& row, const CaseDrafts& drafts, const Reports::Text& text) {
  Json report = Json::object(
      {{"resourceType", "DiagnosticReport"},
       {"id", clinical_report_id(row.id)},
       {"status", "preliminary"},
       {"category",
        Json::array({engine::concept_of(engine::kReportKind, "clinical-report", "Clinician's report")})},
       {"code", report_code(drafts)},
       {"subject", engine::reference(row.patient)},
       {"encounter", engine::reference("Encounter/" + row.id)},
       {"issued", format_instant(now())}});
  engine::keep_from_patient(report);
  if (!text.text.empty()) report["conclusion"] = text.text;
  for (const std::string& id : text.accepted)
    report["result"].push_back(engine::reference("Observation/" + id));
  return report;
}

std::int64_t write_report(record::Writer& writer, const CaseRow& row, const CaseDrafts& drafts,
                          const Reports::Text& text) {
  if (text.text.size() > kLongestText)
    throw Error(ErrorCode::too_large, "The report is longer than 64 KiB", "text", "Shorten it");
  const auto earlier = engine::read_if_any(writer, "DiagnosticReport/" + clinical_report_id(row.id));
  if (earlier.has_value() != text.version.has_value())
    throw Error(
        ErrorCode::precondition_failed,
        earlier ? "Somebody has written this report meanwhile" : "This report has not been written yet",
        "version", "Open the case again and take over what is new");
  return writer.update(clinical_report(row, drafts, text), text.version).number;
}

std::vector<engine::LocalizedText> proposed_sentences(record::Writer& writer, const CaseDrafts& drafts) {
  std::vector<engine::LocalizedText> sentences;
  for (const Json& report : drafts.reports) {
    const auto binary = engine::read_if_any(writer, engine::evidence_reference(report));
    if (!binary) continue;
    const Json reading = engine::reading_of(*binary);
    for (const Json& finding : reading.get("findings").items())
      sentences.push_back({finding.text("text"), finding.text("text_zh")});
  }
  return sentences;
}

// The case's ECGs that were seen; nothing: not known.
std::optional<std::vector<std::string>> ecgs_seen(storage::Connection& connection, const CaseRow& row,
                                                  const std::optional<Reports::Seen>& seen) {
  if (!seen) return std::nullopt;
  std::vector<std::string> instances;
  for (const RecordingRow& recording : recordings_of(connection, row.patient))
    if (recording.case_id == row.id && recording.kind == "ecg" &&
        std::ranges::find(seen->recordings, recording.instance) != seen->recordings.end())
      instances.push_back(recording.instance);
  return instances;
}

void close_case(record::Writer& writer, CaseRow& row) {
  row.status = CaseStatus::signed_off;
  row.signed_at = now();
  save_case(writer.transaction(), row);
  Json encounter = Json::parse(writer.read("Encounter", row.id).body);
  encounter["status"] = "finished";
  encounter["period"]["end"] = format_instant(*row.signed_at);
  writer.update(encounter);
}

// A draft's identifier is ASSISTANT|VERSION|INPUT.
engine::Judged drafted_by(const Json& report) {
  const std::string run = report.text("identifier.value");
  const auto bar = run.find('|'), next = run.find('|', bar + 1);
  return {run.substr(0, bar), run.substr(bar + 1, next - bar - 1)};
}

// A draft counts as accepted when the signed report rests on any of its findings.
void count_agreement(record::Writer& writer, engine::Registry& registry, const std::string& site,
                     const CaseDrafts& drafts, const std::vector<std::string>& accepted) {
  for (const Json& report : drafts.reports) {
    const Json* results = report.find("result");
    const bool relied_on =
        results && std::any_of(results->items().begin(), results->items().end(), [&](const Json& result) {
          return std::find(accepted.begin(), accepted.end(), id_of(result.text("reference"))) !=
                 accepted.end();
        });
    if (relied_on) registry.judge(writer, drafted_by(report), site, engine::Outcome::accepted);
  }
}

trust::LedgerEntry entry_of(const CaseRow& row, const std::string& kind, const std::string& entity,
                            Json detail) {
  trust::LedgerEntry entry;
  entry.action = "U";
  entry.kind = kind;
  entry.patient = row.patient;
  entry.entity = entity;
  entry.detail = std::move(detail);
  return entry;
}

}  // namespace

Json Reports::save(const trust::Principal& principal, const std::string& case_id, const Text& text) const {
  const CaseDrafts drafts = drafts_of(context_.record, case_id);
  std::int64_t version = 0;
  context_.record.write(principal, [&](record::Writer& writer) {
    const CaseRow row = require_writable(writer, principal, case_id);
    drafts.require_findings(text.accepted);
    version = write_report(writer, row, drafts, text);
  });
  return Json::object({{"version", std::to_string(version)}});
}

Json Reports::sign(const trust::Principal& principal, const std::string& case_id, const Text& text) const {
  if (text.text.find_first_not_of(" \t\r\n") == std::string::npos)
    throw Error(ErrorCode::invalid_value, "A report without text cannot be signed", "text",
                "Write your conclusion");
  const CaseDrafts drafts = drafts_seen(drafts_of(context_.record, case_id), text.seen);
  VerifiedResults verified(context_, principal, drafts.reports, text.accepted);
  context_.record.write(principal, [&](record::Writer& writer) {
    CaseRow row = require_writable(writer, principal, case_id);
    drafts.require_findings(text.accepted);
    require_as_read(writer, drafts, text.seen);
    engine::SignRequest request;
    request.report_id = clinical_report_id(case_id);
    request.version = write_report(writer, row, drafts, text);
    request.accepted = text.accepted;
    for (const Json& draft : drafts.reports) request.drafts.push_back(draft.text("id"));
    request.recordings = ecgs_seen(writer.transaction(), row, text.seen);
    request.changes = engine::changes_against_drafts(proposed_sentences(writer, drafts), text.text);
    const engine::Signed result = engine::sign_report(writer, principal, request);
    const std::string report = "DiagnosticReport/" + request.report_id;
    row.reader = principal.user;
    row.reader_display = principal.display;
    close_case(writer, row);
    complete_consultation(writer, row, report);
    count_agreement(writer, context_.registry, principal.organization, drafts, text.accepted);
    verified.file(writer);
    writer.audit(entry_of(row, "case.sign", report + "/_history/" + std::to_string(result.version),
                          Json::object({{"sha256", result.hash}})));
    if (row.organization != principal.organization)
      send_message(writer, context_.events, row, principal,
                   {"answered", row.organization, {text.text, text.text}});
    publish_case(writer.transaction(), context_.events, row);
  });
  return case_answer(context_, principal, case_id);
}

Json Reports::reject(const trust::Principal& principal, const std::string& case_id, const std::string& draft,
                     const std::string& reason) const {
  context_.record.write(principal, [&](record::Writer& writer) {
    const CaseRow row = require_writable(writer, principal, case_id);
    const Json report = Json::parse(writer.read("DiagnosticReport", draft).body);
    if (report.text("encounter.reference") != "Encounter/" + case_id)
      throw Error(ErrorCode::not_found, "This draft is not of this case", "DiagnosticReport/" + draft);
    engine::reject_draft(writer, principal, draft, reason);
    remove_results(writer, context_.archive, "DiagnosticReport/" + draft);
    context_.registry.judge(writer, drafted_by(report), principal.organization, engine::Outcome::rejected);
    writer.audit(entry_of(row, "draft.reject", "DiagnosticReport/" + draft, {}));
    publish_case(writer.transaction(), context_.events, row);
  });
  return case_answer(context_, principal, case_id);
}

}  // namespace meridian::care
