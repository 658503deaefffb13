#include "care/draft_view.h"

#include "base/error.h"
#include "engine/draft.h"
#include "engine/resources.h"

namespace meridian::care {
namespace {

std::string identifier_of(const Json& resource, std::string_view system) {
  const Json* identifiers = resource.find("identifier");
  if (!identifiers || !identifiers->is_array()) return {};
  for (const Json& identifier : identifiers->items())
    if (identifier.text("system") == system) return identifier.text("value");
  return {};
}

Json assistant_of(const Context& context, const Json& resource) {
  const std::string run = identifier_of(resource, engine::kRunIdentifier);
  const auto first = run.find('|'), last = run.rfind('|');
  const std::string id = assistant_id(resource);
  engine::LocalizedText title{id, id};
  if (const engine::Assistant* assistant = context.registry.find(id)) title = assistant->card().title;
  return Json::object({{"id", id},
                       {"version", first == std::string::npos ? "" : run.substr(first + 1, last - first - 1)},
                       {"title", engine::to_json(title)}});
}

Json localized_reason(const Json& task) {
  const Json* reason = task.find("statusReason");
  return engine::to_json(reason ? engine::localized(*reason, "text") : engine::LocalizedText{});
}

constexpr std::string_view kChinese = "_zh";

// What docs/reading.schema.json writes as text and text_zh, here and below, as {en, zh}.
Json with_languages_joined(const Json& json);

Json members_joined(const Json& object) {
  Json joined = Json::object({});
  for (const auto& [name, value] : object.members()) {
    if (name.ends_with(kChinese)) continue;
    const Json* chinese = object.find(name + std::string(kChinese));
    joined[name] = chinese ? Json::object({{"en", value}, {"zh", *chinese}}) : with_languages_joined(value);
  }
  return joined;
}

Json with_languages_joined(const Json& json) {
  if (json.is_object()) return members_joined(json);
  if (!json.is_array()) return json;
  Json joined = Json::array();
  for (const Json& item : json.items()) joined.push_back(with_languages_joined(item));
  return joined;
}

// A finding of docs/reading.schema.json with its id and its texts in both languages together.
Json finding_json(const Json& finding, const std::string& id) {
  Json json = with_languages_joined(finding);
  json["id"] = id;
  return json;
}

Json findings_of(const Context& context, const Json& report) {
  Json list = Json::array();
  const std::string evidence = engine::evidence_reference(report);
  const Json binary = Json::parse(
      context.record.read(trust::Principal::system(), "Binary", evidence.substr(evidence.find('/') + 1))
          .body);
  const Json reading = engine::reading_of(binary);
  const auto& findings = reading.get("findings");
  for (std::size_t i = 0; i < findings.size(); ++i)
    list.push_back(finding_json(findings.at(i), engine::finding_id(report.text("id"), i)));
  return list;
}

std::string status_of_draft(const Json& report) {
  const std::string status = report.text("status");
  if (status == "cancelled") return "rejected";
  return status == "final" ? "accepted" : "draft";
}

bool is_run_with_outcome(const Json& task, bool refused) {
  const Json* code = task.find("code");
  const std::string status = task.text("status");
  if (!code || !engine::has_coding(*code, engine::kTaskKind, "assistant-run") ||
      (status != "rejected" && status != "failed"))
    return false;
  return (task.text("businessStatus.coding.code") == "refused") == refused;
}

}  // namespace

std::string assistant_id(const Json& resource) {
  const std::string run = identifier_of(resource, engine::kRunIdentifier);
  return run.substr(0, run.find('|'));
}

std::string input_of(const Json& resource) {
  constexpr std::string_view kPrefix = "urn:oid:";
  const std::string uid = identifier_of(resource, engine::kDicomUid);
  if (uid.starts_with(kPrefix)) return uid.substr(kPrefix.size());
  const std::string run = identifier_of(resource, engine::kRunIdentifier);
  return run.substr(run.rfind('|') + 1);
}

Json draft_json(const Context& context, const Json& report) {
  const Json* reason = engine::extension_value(report, engine::kRejectionReason, "valueString");
  const Json* by = engine::extension_value(report, engine::kRejectedBy, "valueReference");
  return Json::object({{"id", report.text("id")},
                       {"report", "DiagnosticReport/" + report.text("id")},
                       {"version", report.text("meta.versionId")},
                       {"status", status_of_draft(report)},
                       {"at", report.text("issued")},
                       {"rejectedReason", reason ? *reason : Json()},
                       {"rejectedBy", by ? Json(by->text("display")) : Json()},
                       {"recording", input_of(report)},
                       {"assistant", assistant_of(context, report)},
                       {"refused", Json()},
                       {"findings", findings_of(context, report)}});
}

bool is_refusal(const Json& task) {
  return is_run_with_outcome(task, true);
}

Json refused_draft_json(const Context& context, const Json& task) {
  return Json::object({{"id", task.text("id")},
                       {"report", Json()},
                       {"version", Json()},
                       {"status", "draft"},
                       {"at", task.text("lastModified")},
                       {"rejectedReason", Json()},
                       {"rejectedBy", Json()},
                       {"recording", input_of(task)},
                       {"assistant", assistant_of(context, task)},
                       {"refused", Json::object({{"reason", task.text("statusReason.coding.code")},
                                                 {"text", localized_reason(task)}})},
                       {"findings", Json::array()}});
}

bool is_not_run(const Json& task) {
  return is_run_with_outcome(task, false);
}

Json not_run_json(const Context& context, const Json& task) {
  return Json::object({{"assistant", assistant_of(context, task)},
                       {"recording", input_of(task)},
                       {"reason", localized_reason(task)}});
}

}  // namespace meridian::care
