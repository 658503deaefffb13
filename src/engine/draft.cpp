#include "engine/draft.h"

#include <algorithm>
#include <functional>

#include "base/encoding.h"
#include "base/error.h"
#include "base/time.h"
#include "engine/resources.h"
#include "trust/access.h"

namespace meridian::engine {
namespace {

constexpr std::string_view kUcum = "http://unitsofmeasure.org";
constexpr std::string_view kDiagnosticService = "http://terminology.hl7.org/CodeSystem/v2-0074";
constexpr std::string_view kInterpretation =
    "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation";
constexpr std::string_view kObservationCategory =
    "http://terminology.hl7.org/CodeSystem/observation-category";
constexpr std::string_view kParticipant = "http://terminology.hl7.org/CodeSystem/provenance-participant-type";

std::string run_key(const Card& card, const RunRequest& request) {
  return card.id + "|" + card.version + "|" + request.key();
}

std::string task_id(const Card& card, const RunRequest& request) {
  return stable_id({"assistant-run", card.id, request.key()});
}

Json identifiers(const Card& card, const RunRequest& request) {
  Json list = Json::array({Json::object({{"system", kRunIdentifier}, {"value", run_key(card, request)}})});
  if (!request.instance.empty())
    list.push_back(Json::object({{"system", kDicomUid}, {"value", "urn:oid:" + request.instance}}));
  return list;
}

void set_subject(Json& resource, const RunRequest& request) {
  resource["subject"] = reference(request.patient);
  if (!request.encounter.empty()) resource["encounter"] = reference(request.encounter);
}

Json quantity(double value, const std::string& unit) {
  Json json = Json::object({{"value", value}});
  if (!unit.empty()) {
    json["unit"] = unit;
    json["system"] = kUcum;
    json["code"] = unit;
  }
  return json;
}

Json component(const Coding& code, const std::string& name_zh, Json value) {
  Json concept_json = concept_of(code.system, code.code, code.display);
  set_localized(concept_json, "text", {code.display, name_zh});
  return Json::object({{"code", std::move(concept_json)}, {"valueQuantity", std::move(value)}});
}

Json components(const Finding& finding) {
  Json list = Json::array();
  const std::string system(kComponent);
  if (finding.probability)
    list.push_back(
        component({system, "probability", "Probability"}, "概率", quantity(*finding.probability, "1")));
  if (finding.threshold)
    list.push_back(
        component({system, "threshold", "Operating point"}, "操作点", quantity(*finding.threshold, "1")));
  for (const Measurement& measurement : finding.measurements)
    list.push_back(
        component(measurement.code, measurement.name_zh, quantity(measurement.value, measurement.unit)));
  return list;
}

void set_value(Json& observation, const Finding& finding) {
  const auto same_code = [&](const Measurement& measurement) {
    return measurement.code.token() == finding.code.token();
  };
  const auto own = std::find_if(finding.measurements.begin(), finding.measurements.end(), same_code);
  if (own != finding.measurements.end()) {
    observation["valueQuantity"] = quantity(own->value, own->unit);
    return;
  }
  observation["valueBoolean"] = finding.positive;
  observation["interpretation"] =
      Json::array({finding.positive ? concept_of(kInterpretation, "POS", "Positive")
                                    : concept_of(kInterpretation, "NEG", "Negative")});
}

Json observation(const Card& card, const RunRequest& request, const Finding& finding, const std::string& id,
                 const std::string& issued) {
  Json json = Json::object({{"resourceType", "Observation"}, {"id", id}, {"status", "preliminary"}});
  keep_from_patient(json);
  const bool imaging = card.whole.text("inputs.kind") != "recording";
  json["category"] = Json::array({imaging ? concept_of(kObservationCategory, "imaging", "Imaging")
                                          : concept_of(kObservationCategory, "procedure", "Procedure")});
  json["code"] = concept_of(finding.code.system, finding.code.code, finding.code.display);
  set_subject(json, request);
  json["issued"] = issued;
  set_value(json, finding);
  Json note = Json::object();
  set_localized(note, "text", finding.text);
  json["note"] = Json::array({std::move(note)});
  json["device"] = reference("Device/" + device_id(card));
  if (!request.imaging_study.empty()) json["derivedFrom"] = Json::array({reference(request.imaging_study)});
  if (Json parts = components(finding); !parts.empty()) json["component"] = std::move(parts);
  return json;
}

// What was found, the most urgent first; what was not, where nothing was.
LocalizedText conclusion(const Reading& reading) {
  std::vector<const Finding*> told;
  for (const Finding& finding : reading.findings)
    if (finding.positive) told.push_back(&finding);
  if (told.empty())
    for (const Finding& finding : reading.findings) told.push_back(&finding);
  std::ranges::stable_sort(told, std::greater(), &Finding::urgency);
  LocalizedText text;
  for (const Finding* finding : told) {
    text.en += (text.en.empty() ? "" : " ") + finding->text.en;
    text.zh += finding->text.zh;
  }
  return text;
}

Json report(const Card& card, const RunRequest& request, const Reading& reading, const std::string& id,
            const std::string& issued) {
  const Json& kind = *card.whole.find("outputs")->find("report");
  Json json = Json::object(
      {{"resourceType", "DiagnosticReport"},
       {"id", id},
       {"identifier", identifiers(card, request)},
       {"status", "preliminary"},
       {"category", Json::array({concept_of(kDiagnosticService, kind.text("category")),
                                 concept_of(kReportKind, "assistant-draft", "Assistant's draft")})},
       {"code", concept_of(kind.text("code.system"), kind.text("code.code"), kind.text("code.display"))}});
  keep_from_patient(json);
  set_subject(json, request);
  json["issued"] = issued;
  if (!request.imaging_study.empty()) json["imagingStudy"] = Json::array({reference(request.imaging_study)});
  Json results = Json::array(), codes = Json::array();
  for (std::size_t i = 0; i < reading.findings.size(); ++i) {
    const Finding& finding = reading.findings[i];
    results.push_back(reference("Observation/" + finding_id(id, i), finding.code.display));
    if (finding.positive)
      codes.push_back(concept_of(finding.code.system, finding.code.code, finding.code.display));
  }
  if (!results.empty()) {
    json["result"] = std::move(results);
    set_localized(json, "conclusion", conclusion(reading));
  }
  if (!codes.empty()) json["conclusionCode"] = std::move(codes);
  json["presentedForm"] = Json::array({Json::object({{"contentType", "application/json"},
                                                     {"url", "Binary/" + stable_id({"evidence", id})},
                                                     {"title", "Reading with its evidence"}})});
  return json;
}

Json evidence_binary(const RunRequest& request, const Json& reading, const std::string& report_id) {
  Json json = Json::object({{"resourceType", "Binary"},
                            {"id", stable_id({"evidence", report_id})},
                            {"contentType", "application/json"},
                            {"securityContext", reference(request.patient)},
                            {"data", to_base64(reading.dump())}});
  keep_from_patient(json);
  return json;
}

Json device(const Card& card) {
  return Json::object(
      {{"resourceType", "Device"},
       {"id", device_id(card)},
       {"identifier",
        Json::array({Json::object({{"system", kAssistant}, {"value", card.id + "|" + card.version}})})},
       {"status", "active"},
       {"deviceName", Json::array({Json::object({{"name", card.title.en}, {"type", "user-friendly-name"}}),
                                   Json::object({{"name", card.title.zh}, {"type", "other"}})})},
       {"version", Json::array({Json::object({{"value", card.version}})})},
       {"note", Json::array({Json::object({{"text", card.intended_use.en}})})}});
}

Json provenance(const Card& card, const RunRequest& request, const std::string& report_id,
                std::size_t findings, const std::string& recorded) {
  Json targets = Json::array({reference("DiagnosticReport/" + report_id)});
  for (std::size_t i = 0; i < findings; ++i)
    targets.push_back(reference("Observation/" + finding_id(report_id, i)));
  Json source = Json::object();
  if (!request.instance.empty())
    source["identifier"] = Json::object({{"system", kDicomUid}, {"value", "urn:oid:" + request.instance}});
  else
    source["reference"] = request.resource;
  Json json = Json::object(
      {{"resourceType", "Provenance"},
       {"id", stable_id({"draft-provenance", report_id})},
       {"target", std::move(targets)},
       {"recorded", recorded},
       {"agent",
        Json::array({Json::object({{"type", concept_of(kParticipant, "author", "Author")},
                                   {"who", reference("Device/" + device_id(card), card.title.en)}})})},
       {"entity", Json::array({Json::object({{"role", "source"}, {"what", std::move(source)}})})}});
  keep_from_patient(json);
  return json;
}

Json run_task(const Card& card, const RunRequest& request, const std::string& at) {
  Json task = Json::object({{"resourceType", "Task"},
                            {"id", task_id(card, request)},
                            {"identifier", identifiers(card, request)},
                            {"status", "requested"},
                            {"intent", "order"},
                            {"code", concept_of(kTaskKind, "assistant-run", "Reading by an assistant")},
                            {"for", reference(request.patient)}});
  keep_from_patient(task);
  if (!request.encounter.empty()) task["encounter"] = reference(request.encounter);
  if (!request.imaging_study.empty()) task["focus"] = reference(request.imaging_study);
  task["lastModified"] = at;
  task["owner"] = reference("Device/" + device_id(card), card.title.en);
  return task;
}

// How many slices a reading of a series rests on; 0 of anything else.
std::int64_t slices_in(const Json& evidence) {
  const Json* slice = evidence.is_object() ? evidence.find("slice") : nullptr;
  return slice ? slice->get("of").as_int() : 0;
}

std::int64_t slices_of(const Reading& reading) {
  return reading.findings.empty() ? 0 : slices_in(reading.findings.front().evidence);
}

std::int64_t slices_of(record::Writer& writer, const Json& report) {
  const auto binary = read_if_any(writer, evidence_reference(report));
  if (!binary) return 0;
  const Json reading = reading_of(*binary);
  const Json& findings = reading.get("findings");
  return findings.empty() ? 0 : slices_in(findings.at(0).get("evidence"));
}

// What an earlier run could not do is done.
void complete_task(record::Writer& writer, const Card& card, const RunRequest& request,
                   const std::string& report) {
  if (!read_if_any(writer, "Task/" + task_id(card, request))) return;
  Json task = run_task(card, request, format_instant(now()));
  task["status"] = "completed";
  task["output"] =
      Json::array({Json::object({{"type", concept_of(kReportKind, "assistant-draft", "Assistant's draft")},
                                 {"valueReference", reference(report)}})});
  writer.update(task);
}

}  // namespace

void make_device(record::Writer& writer, const Card& card) {
  if (!read_if_any(writer, "Device/" + device_id(card))) writer.update(device(card));
}

std::string draft_report_id(const Card& card, const RunRequest& request, int again) {
  if (again == 0) return stable_id({"draft", card.id, card.version, request.key()});
  return stable_id({"draft", card.id, card.version, request.key(), std::to_string(again)});
}

std::string finding_id(const std::string& report_id, std::size_t index) {
  return stable_id({"finding", report_id, std::to_string(index)});
}

std::string device_id(const Card& card) {
  return stable_id({"assistant", card.id, card.version});
}

trust::Principal principal_of(const Card& card) {
  trust::Principal principal = trust::Principal::system();
  principal.display = card.title.en + " " + card.version;
  principal.fhir_user = "Device/" + device_id(card);
  return principal;
}

WrittenDraft write_draft(record::Writer& writer, const Card& card, const RunRequest& request,
                         const Reading& reading) {
  std::string id = draft_report_id(card, request);
  WrittenDraft written{"DiagnosticReport/" + id};
  for (int again = 1;; ++again) {
    const auto earlier = read_if_any(writer, written.report);
    if (!earlier || earlier->text("status") == "preliminary") break;
    if (slices_of(reading) <= slices_of(writer, *earlier)) return written;
    id = draft_report_id(card, request, again);
    written.report = "DiagnosticReport/" + id;
  }
  const std::string issued = format_instant(now());
  make_device(writer, card);
  writer.update(evidence_binary(request, to_json(reading, card, request.key()), id));
  for (std::size_t i = 0; i < reading.findings.size(); ++i)
    writer.update(observation(card, request, reading.findings[i], finding_id(id, i), issued));
  written.created = writer.update(report(card, request, reading, id, issued)).created;
  written.changed = true;
  writer.update(provenance(card, request, id, reading.findings.size(), issued));
  complete_task(writer, card, request, written.report);
  return written;
}

void write_not_run(record::Writer& writer, const Card& card, const RunRequest& request, const NotRun& why) {
  make_device(writer, card);
  Json task = run_task(card, request, format_instant(now()));
  const bool decided = why.outcome == "refused" || why.outcome == "withheld" || why.outcome == "off";
  task["status"] = decided ? "rejected" : "failed";
  task["businessStatus"] = concept_of(kRunOutcome, why.outcome);
  Json reason = Json::object({{"coding", Json::array({coding(kRefusal, why.reason_code)})}});
  set_localized(reason, "text", why.text);
  task["statusReason"] = std::move(reason);
  writer.update(task);
}

std::string evidence_reference(const Json& report) {
  return report.text("presentedForm.url");
}

Json reading_of(const Json& binary) {
  return Json::parse(from_base64(binary.text("data")));
}

void reject_draft(record::Writer& writer, const trust::Principal& principal, const std::string& report_id,
                  const std::string& reason) {
  if (!trust::role_may(principal.role, trust::Act::sign, "DiagnosticReport"))
    throw Error(ErrorCode::forbidden, "Only those who may sign may reject a draft", report_id);
  if (reason.empty())
    throw Error(ErrorCode::invalid_value, "A draft is rejected for a reason", "reason",
                "Say what is wrong with it");
  Json report = Json::parse(writer.read("DiagnosticReport", report_id).body);
  if (report.text("status") != "preliminary" ||
      !has_coding(*report.find("category"), kReportKind, "assistant-draft"))
    throw Error(ErrorCode::conflict, "This draft has already been judged", report_id, "Open the case again");
  report["status"] = "cancelled";
  add_extension(report, kRejectionReason, "valueString", reason);
  add_extension(report, kRejectedBy, "valueReference", reference(principal.fhir_user, principal.display));
  writer.update(report);
  const Json* results = report.find("result");
  if (!results) return;
  for (const Json& result : results->items()) {
    Json finding = Json::parse(writer.read(result.text("reference")).body);
    finding["status"] = "cancelled";
    writer.update(finding);
  }
}

}  // namespace meridian::engine
