#include "care/ecg_reports.h"

#include <algorithm>

#include "base/error.h"
#include "care/print/ecg_report.h"

namespace meridian::care {
namespace {

engine::LocalizedText localized(const Json& text) {
  return {text.text("en"), text.text("zh")};
}

std::optional<double> number(const Json& json, const char* member) {
  const Json* value = json.find(member);
  return value && !value->is_null() ? std::optional(value->as_double()) : std::nullopt;
}

PrintedFinding printed(const Json& finding, bool is_signed) {
  PrintedFinding result{localized(finding.get("text")),
                        number(finding, "probability"),
                        number(finding, "threshold"),
                        finding.get("positive").as_bool(),
                        {},
                        is_signed,
                        finding.text("code")};
  for (const Json& measurement : finding.get("measurements").items())
    result.measurements.emplace_back(localized(measurement.get("text")), measurement.text("display"));
  return result;
}

void add_beats(const Json& finding, bool is_signed, EcgReport& report) {
  const Json& beats = finding.get("evidence.beats");
  if (!beats.is_array()) return;
  for (const Json& beat : beats.items()) {
    const std::string name = beat.text("aami_class", "N");
    if (name.empty() || name == "N") continue;
    report.beats.push_back({beat.get("sample").as_int(), name.front(), is_signed});
  }
}

bool lists(const Json& list, const std::string& text) {
  const Json::Array& items = list.items();
  return std::ranges::any_of(items, [&](const Json& item) { return item.as_string() == text; });
}

// Of the case's report only what speaks of this recording, or may do so.
void add_report(const Json& page, const std::string& instance, std::optional<Instant> arrived,
                EcgReport& report) {
  const Json& clinical = page.get("report");
  if (clinical.is_null()) return;
  if (clinical.text("status") != "final") {
    report.conclusion = clinical.text("text");
    return;
  }
  const Instant signed_at = parse_instant(clinical.text("signedAt"));
  if (!lists(clinical.get("recordings"), instance)) {
    const bool is_sure = clinical.get("recordingsSaid").as_bool() || (arrived && *arrived > signed_at);
    report.signature = is_sure ? Signature::of_others : Signature::not_known;
    if (is_sure) return;
  }
  report.conclusion = clinical.text("text");
  report.signed_by = clinical.text("signedBy");
  report.signed_at = signed_at;
}

void add_drafts(const Json& page, const std::string& instance, EcgReport& report) {
  const auto is_signed = [&](const Json& finding) {
    return !report.signed_by.empty() && lists(page.get("report.accepted"), finding.text("id"));
  };
  for (const Json& draft : page.get("drafts").items()) {
    if (draft.text("recording") != instance || draft.text("status") == "rejected") continue;
    const engine::LocalizedText title = localized(draft.get("assistant.title"));
    report.assistant = (report.chinese ? title.zh : title.en) + " " + draft.text("assistant.version");
    if (const Json& refused = draft.get("refused"); !refused.is_null())
      report.findings.push_back(
          {localized(refused.get("text")), std::nullopt, std::nullopt, true, {}, false});
    for (const Json& finding : draft.get("findings").items()) {
      report.findings.push_back(printed(finding, is_signed(finding)));
      const bool counts = report.findings.back().is_signed;
      add_beats(finding, counts, report);
      add_evidence(finding.text("code"), finding.get("evidence"), counts, report.course);
    }
  }
}

std::string patient_line(const Json& patient, bool chinese) {
  static const std::vector<std::pair<std::string, engine::LocalizedText>> kSexes{
      {"male", {"male", "男"}}, {"female", {"female", "女"}}, {"other", {"other", "其他"}}};
  std::string line = patient.text("name");
  const std::string latin = patient.text("nameLatin");
  if (!latin.empty() && latin != line) line += "  " + latin;
  for (const auto& [code, sex] : kSexes)
    if (patient.text("sex") == code) line += "   " + (chinese ? sex.zh : sex.en);
  for (const char* member : {"birthDate", "identifier"})
    if (const std::string value = patient.text(member); !value.empty()) line += "   " + value;
  return line;
}

const Json& recording_of(const Json& page, const std::string& instance) {
  for (const Json& recording : page.get("recordings").items())
    if (recording.text("instance") == instance) return recording;
  throw Error(ErrorCode::not_found, "This case has no such recording", instance);
}

}  // namespace

EcgReport EcgReports::report(const trust::Principal& principal, const std::string& case_id,
                             const std::string& instance, bool chinese) const {
  const Json page = cases_.page(principal, case_id);
  EcgReport report{.chinese = chinese};
  report.recorded = parse_instant(recording_of(page, instance).text("at"));
  report.patient = patient_line(page.get("patient"), chinese);
  add_report(page, instance, recordings_.arrived(instance), report);
  add_drafts(page, instance, report);
  return report;
}

std::string EcgReports::pdf(const trust::Principal& principal, const std::string& case_id,
                            const std::string& instance, bool chinese) const {
  return ecg_pdf(report(principal, case_id, instance, chinese), recordings_.read(principal, instance));
}

}  // namespace meridian::care
