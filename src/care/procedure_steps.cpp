#include "care/procedure_steps.h"

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include "archive/attribute_json.h"
#include "archive/imaging_study.h"
#include "base/error.h"
#include "base/time.h"
#include "care/imaging_request.h"
#include "care/people.h"
#include "care/performed_outputs.h"
#include "engine/resources.h"
#include "trust/access.h"

namespace meridian::care {
namespace {

using archive::first_value;

constexpr std::string_view kStepKind = "procedure-step";
constexpr const char* kStatus = "00400252";  // Performed Procedure Step Status
constexpr const char* kReason = "00400281";  // Performed Procedure Step Discontinuation Reason Code Sequence
constexpr const char* kScheduled = "00400270";

std::string task_id(const std::string& uid) {
  return stable_id({kStepKind, uid});
}

bool has_ended(const std::string& status) {
  constexpr std::array<std::string_view, 5> kEnds{"completed", "failed", "cancelled", "rejected",
                                                  "entered-in-error"};
  return std::ranges::find(kEnds, status) != kEnds.end();
}

bool is_named_by(const ImagingRequest& request, const Json& scheduled) {
  const std::string study = first_value(scheduled, "0020000D"),
                    accession = first_value(scheduled, "00080050");
  return study == request.study_uid || (!accession.empty() && accession == request.accession_number);
}

// The order that one of the step's scheduled attributes names, among those that the device may do.
std::optional<ImagingRequest> find_request(const Context& context, const trust::Principal& device,
                                           const Json& attributes) {
  const Json::Array& scheduled = archive::sequence_items(attributes, kScheduled);
  for (const Json& resource :
       context.record.find(trust::Principal::system(), "ServiceRequest", {{"status", "active"}})) {
    auto request = read_imaging_request(resource);
    if (!request || !is_for(resource, device.organization)) continue;
    const bool named =
        std::ranges::any_of(scheduled, [&](const Json& item) { return is_named_by(*request, item); });
    if (!named) continue;
    const bool seen = context.database.read([&](storage::Connection& connection) {
      return trust::may_see(connection, device, request->patient);
    });
    if (seen) return request;
  }
  return {};
}

Json new_task(const trust::Principal& device, const std::string& uid,
              const std::optional<ImagingRequest>& request) {
  Json task = Json::object(
      {{"resourceType", "Task"},
       {"id", task_id(uid)},
       {"identifier",
        Json::array({Json::object({{"system", archive::kDicomUidSystem}, {"value", "urn:oid:" + uid}})})},
       {"status", "in-progress"},
       {"intent", "order"},
       {"code", engine::concept_of(engine::kTaskKind, kStepKind, "Performed procedure step")},
       {"authoredOn", format_instant(now())}});
  if (!device.organization.empty()) task["owner"] = engine::reference(device.organization);
  if (!request) return task;
  task["focus"] = engine::reference("ServiceRequest/" + request->id);
  task["for"] = engine::reference(request->patient);
  return task;
}

std::vector<Json> tasks_of(record::Record& record, const std::string& request_id) {
  return record.find(trust::Principal::system(), "Task", {{"focus", "ServiceRequest/" + request_id}});
}

void set_status(record::Writer& writer, Json resource, const std::string& status) {
  resource["status"] = status;
  if (resource.text("resourceType") == "Task") resource["lastModified"] = format_instant(now());
  writer.update(resource);
}

// What else was asked for with the order (a consultation's Task) goes the way of the step.
void set_others(record::Writer& writer, const std::vector<Json>& tasks, const std::string& own,
                const std::string& status) {
  for (const Json& task : tasks) {
    if (task.text("id") == own || has_ended(task.text("status"))) continue;
    set_status(writer, Json::parse(writer.read("Task", task.text("id")).body), status);
  }
}

std::string fhir_status(const std::string& status) {
  if (status == "IN PROGRESS" || status.empty()) return "in-progress";
  if (status == "COMPLETED") return "completed";
  if (status == "DISCONTINUED") return "failed";
  throw Error(ErrorCode::invalid_value, "This is not the status of a performed procedure step", "(0040,0252)",
              "IN PROGRESS, COMPLETED or DISCONTINUED");
}

void complete_request(record::Writer& writer, const std::string& reference) {
  auto request = engine::read_if_any(writer, reference);
  if (request && request->text("status") == "active") set_status(writer, std::move(*request), "completed");
}

}  // namespace

bool has_step_in_progress(record::Record& record, const std::string& request_id) {
  return std::ranges::any_of(tasks_of(record, request_id), [](const Json& task) {
    return task.text("status") == "in-progress" && task.text("code.coding.code") == kStepKind;
  });
}

void ProcedureSteps::begin(const trust::Principal& device, const std::string& uid,
                           const Json& attributes) const {
  if (first_value(attributes, kStatus) != "IN PROGRESS")
    throw Error(ErrorCode::invalid_value, "A performed procedure step begins IN PROGRESS", "(0040,0252)");
  const auto request = find_request(context_, device, attributes);
  const auto others = request ? tasks_of(context_.record, request->id) : std::vector<Json>();
  context_.record.write(acting_for(device), [&](record::Writer& writer) {
    if (engine::read_if_any(writer, "Task/" + task_id(uid)))
      throw Error(ErrorCode::conflict, "This performed procedure step is already known", uid);
    Json task = new_task(device, uid, request);
    set_performed_outputs(task, attributes);
    writer.update(task);
    if (request) set_others(writer, others, task_id(uid), "in-progress");
  });
}

void ProcedureSteps::update(const trust::Principal& device, const std::string& uid,
                            const Json& attributes) const {
  const std::string status = fhir_status(first_value(attributes, kStatus));
  context_.record.write(acting_for(device), [&](record::Writer& writer) {
    auto task = engine::read_if_any(writer, "Task/" + task_id(uid));
    if (!task || task->text("owner.reference") != device.organization)
      throw Error(ErrorCode::not_found, "There is no such performed procedure step", uid);
    if (has_ended(task->text("status")))
      throw Error(ErrorCode::precondition_failed, "Performed Procedure Step Object may no longer be updated",
                  uid);
    (*task)["status"] = status;
    (*task)["lastModified"] = format_instant(now());
    if (!archive::sequence_items(attributes, kReason).empty())
      (*task)["statusReason"] = Json::object(
          {{"text", first_value(archive::sequence_items(attributes, kReason).front(), "00080104")}});
    set_performed_outputs(*task, attributes);
    writer.update(*task);
    const std::string request = task->text("focus.reference");
    if (status != "completed" || request.empty()) return;
    complete_request(writer, request);
    set_others(writer, tasks_of(context_.record, id_of(request)), task_id(uid), status);
  });
}

}  // namespace meridian::care
