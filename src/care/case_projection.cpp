#include "care/case_projection.h"

#include <algorithm>

#include "base/time.h"
#include "care/case_table.h"
#include "care/messages.h"
#include "care/people.h"
#include "engine/resources.h"

namespace meridian::care {
namespace {

engine::Urgency urgency_of_priority(const Json& encounter) {
  constexpr std::string_view kActPriority = "http://terminology.hl7.org/CodeSystem/v3-ActPriority";
  const Json* priority = encounter.find("priority");
  if (!priority) return engine::Urgency::routine;
  if (engine::has_coding(*priority, kActPriority, "EM") || engine::has_coding(*priority, kActPriority, "S"))
    return engine::Urgency::emergency;
  return engine::has_coding(*priority, kActPriority, "UR") ? engine::Urgency::today
                                                           : engine::Urgency::routine;
}

Instant begin_of(const Json& encounter) {
  const std::string start = encounter.text("period.start");
  return start.size() > 10 ? parse_instant(start) : now();
}

std::string name_of_organization(record::Writer& writer, const std::string& organization) {
  const auto found = organization.empty() ? std::nullopt : engine::read_if_any(writer, organization);
  return found ? found->text("name") : std::string();
}

void project_encounter(record::Writer& writer, const record::Version& version) {
  const Json encounter = Json::parse(version.body);
  const std::string patient = encounter.text("subject.reference");
  if (!patient.starts_with("Patient/")) return;
  auto row = find_case(writer.transaction(), version.id);
  if (row && row->patient == patient) return;
  if (!row) {
    row.emplace();
    row->id = version.id;
    row->since = begin_of(encounter);
    row->urgency = urgency_of_priority(encounter);
    row->organization = encounter.text("serviceProvider.reference");
    row->organization_name = name_of_organization(writer, row->organization);
  }
  row->patient = patient;
  if (const auto resource = engine::read_if_any(writer, patient)) {
    PatientView view = view_of_patient(*resource);
    row->patient_json = std::move(view.row);
    row->search = std::move(view.search);
  }
  save_case(writer.transaction(), *row);
}

const engine::Finding* most_urgent(const engine::Reading& reading) {
  // What was not found can be urgent all the same: symptoms of the case speak beside the picture.
  const auto rank = [](const engine::Finding& finding) {
    return std::pair(finding.urgency, finding.positive);
  };
  const auto found = std::max_element(reading.findings.begin(), reading.findings.end(),
                                      [&](const auto& a, const auto& b) { return rank(a) < rank(b); });
  return found == reading.findings.end() ? nullptr : &*found;
}

Json number_or_null(const std::optional<double>& number) {
  return number ? Json(*number) : Json();
}

bool is_shown_already(const CaseRow& row, engine::Urgency urgency) {
  return !row.draft.is_null() && engine::urgency_of(row.draft.text("urgency", "none")) >= urgency &&
         (urgency > engine::Urgency::none || row.draft.find("positive")->as_bool());
}

void raise_case(record::Writer& writer, Events& events, const engine::RunResult& result) {
  auto row = find_case(writer.transaction(), id_of(result.request.encounter));
  if (!row) return;
  const engine::Finding* finding = result.report.empty() ? nullptr : most_urgent(result.reading);
  if (finding && !is_shown_already(*row, finding->urgency))
    row->draft = draft_summary(result.reading, *result.card);
  if (finding && finding->urgency > row->urgency) {
    row->urgency = finding->urgency;
    row->urgency_reason = engine::to_json(finding->text);
  }
  save_case(writer.transaction(), *row);
  if (finding && finding->urgency >= engine::Urgency::today)
    for (const std::string& organization : row->organizations())
      send_message(writer, events, *row, engine::principal_of(*result.card),
                   {"draft", organization, finding->text});
  publish_case(writer.transaction(), events, *row);
}

}  // namespace

void project_cases(record::Record& record) {
  record.on_write([](record::Writer& writer, const record::Version& version) {
    if (version.deleted) return;
    if (version.type == "Encounter") return project_encounter(writer, version);
    if (version.type != "Patient" || version.created) return;
    const PatientView view = view_of_patient(Json::parse(version.body));
    rename_patient(writer.transaction(), version.reference(), view.row, view.search);
  });
}

void raise_cases_on_drafts(engine::Runner& runner, Events& events) {
  runner.on_result([&events](record::Writer& writer, const engine::RunResult& result) {
    if (!result.request.encounter.empty()) raise_case(writer, events, result);
  });
}

Json draft_summary(const engine::Reading& reading, const engine::Card& card) {
  const engine::Finding* finding = most_urgent(reading);
  if (!finding) return {};
  return Json::object({{"text", engine::to_json(finding->text)},
                       {"probability", number_or_null(finding->probability)},
                       {"threshold", number_or_null(finding->threshold)},
                       {"positive", finding->positive},
                       {"urgency", engine::urgency_name(finding->urgency)},
                       {"assistant", card.id}});
}

}  // namespace meridian::care
