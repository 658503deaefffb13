#include "engine/matching.h"

#include <algorithm>

#include "archive/slide/slide_frames.h"
#include "base/text.h"
#include "engine/consent.h"
#include "engine/resources.h"
#include "record/search/extraction.h"
#include "storage/job_lease.h"

namespace meridian::engine {
namespace {

bool among(const std::vector<std::string>& wanted, const std::string& value) {
  return wanted.empty() || std::find(wanted.begin(), wanted.end(), value) != wanted.end();
}

bool concerns(const Trigger& trigger, const std::string& body_part) {
  const auto named = [&](const std::string& word) { return body_part.find(word) != std::string::npos; };
  return body_part.empty() || trigger.body_parts.empty() || std::ranges::any_of(trigger.body_parts, named);
}

bool any_trigger(const Card& card, auto fits) {
  return std::any_of(card.triggers.begin(), card.triggers.end(), fits);
}

// Whether a search of a card ("Observation?code=system|code,...") asks for the resource, by its codes.
bool asks_for(const std::string& search, const Json& resource) {
  const std::string start = resource.text("resourceType") + "?code=";
  const Json* code = resource.find("code");
  if (!code || !search.starts_with(start)) return false;
  return std::ranges::any_of(
      split(std::string_view(search).substr(start.size()), ','), [&](const std::string& token) {
        const auto bar = token.find('|');
        return bar != std::string::npos && has_coding(*code, token.substr(0, bar), token.substr(bar + 1));
      });
}

// Whether it asks for resources of that type at all.
bool reads(const Card& card, const std::string& type) {
  const Json& searches = card.whole.get("inputs.resources");
  return searches.is_array() && std::ranges::any_of(searches.items(), [&](const Json& search) {
           return search.as_string().starts_with(type + "?");
         });
}

bool asks_for(const Card& card, const Json& resource) {
  const Json& searches = card.whole.get("inputs.resources");
  return searches.is_array() && std::ranges::any_of(searches.items(), [&](const Json& search) {
           return asks_for(search.as_string(), resource);
         });
}

std::string identifier_of(const Json& report, std::string_view system) {
  for (const Json& identifier : report.get("identifier").items())
    if (identifier.text("system") == system) return identifier.text("value");
  return {};
}

// What made the draft, or the Task of a run without one.
RunRequest request_of(const Json& report) {
  constexpr std::string_view kOid = "urn:oid:";
  const std::string run = identifier_of(report, kRunIdentifier), uid = identifier_of(report, kDicomUid);
  RunRequest request;
  request.assistant = run.substr(0, run.find('|'));
  request.patient = report.text("subject.reference", report.text("for.reference"));
  request.encounter = report.text("encounter.reference");
  request.imaging_study = report.text("imagingStudy.reference", report.text("focus.reference"));
  const std::string key = run.substr(run.rfind('|') + 1);
  if (!uid.starts_with(kOid)) {
    request.resource = key;
    return request;
  }
  request.instance = uid.substr(kOid.size());
  if (key != request.instance) request.series = key;
  return request;
}

// Those under way may have been given the record as it was before; their drafts may not be there yet. They
// are looked at before the drafts: what ends between the two has left its draft.
void request_drafts_again(record::Writer& writer, record::Record& record, storage::Database& database,
                          const std::string& assistant, const std::string& patient) {
  for (const Json& payload : storage::payloads_in_work(database, kRunTopic))
    if (const RunRequest request = RunRequest::from_json(payload);
        request.assistant == assistant && request.patient == patient)
      request_run(writer, request);
  for (const Json& report : record.find(trust::Principal::system(), "DiagnosticReport",
                                        {{"patient", patient},
                                         {"status", "preliminary"},
                                         {"category", std::string(kReportKind) + "|assistant-draft"}}))
    if (const RunRequest request = request_of(report); request.assistant == assistant)
      request_run(writer, request);
}

// What assistants did not read for want of consent. Whether they may now is asked when they run.
void request_withheld_runs(record::Writer& writer, record::Record& record, const std::string& patient) {
  for (const Json& task : record.find(trust::Principal::system(), "Task",
                                      {{"patient", patient},
                                       {"status", "rejected"},
                                       {"business-status", std::string(kRunOutcome) + "|withheld"}}))
    request_run(writer, request_of(task));
}

}  // namespace

Json RunRequest::to_json() const {
  return Json::object({{"assistant", assistant},
                       {"instance", instance},
                       {"resource", resource},
                       {"patient", patient},
                       {"encounter", encounter},
                       {"imagingStudy", imaging_study},
                       {"series", series}});
}

RunRequest RunRequest::from_json(const Json& json) {
  return {json.text("assistant"), json.text("instance"),     json.text("resource"), json.text("patient"),
          json.text("encounter"), json.text("imagingStudy"), json.text("series")};
}

bool matches(const Card& card, const archive::InstanceFacts& facts) {
  return any_trigger(card, [&](const Trigger& trigger) {
    return trigger.kind == Trigger::Kind::instance && among(trigger.modalities, facts.modality) &&
           among(trigger.sop_classes, facts.sop_class) && concerns(trigger, facts.body_part);
  });
}

bool matches(const Card& card, std::string_view resource_type) {
  return any_trigger(card, [&](const Trigger& trigger) {
    return trigger.kind == Trigger::Kind::resource && trigger.resource_type == resource_type;
  });
}

bool reads_series(const Card& card) {
  return card.whole.text("inputs.kind") == "series";
}

void request_run(record::Writer& writer, const RunRequest& request) {
  writer.enqueue(std::string(kRunTopic), request.to_json(), request.assistant + "|" + request.key());
}

int request_matching_runs(record::Writer& writer, const Registry& registry,
                          const archive::InstanceFacts& facts, RunRequest request) {
  int asked = 0;
  for (const Assistant* assistant : registry.all()) {
    if (!matches(assistant->card(), facts)) continue;
    // One that its card keeps off is not missed.
    const AssistantState state = registry.state(writer.transaction(), assistant->card().id);
    if (!state.on && !state.changed_at) continue;
    request.assistant = assistant->card().id;
    // The instances of a whole slide are read as one, whoever reads it.
    const bool as_one = reads_series(assistant->card()) || archive::is_whole_slide(facts);
    request.series = as_one ? facts.key.series : std::string();
    request_run(writer, request);
    ++asked;
  }
  return asked;
}

void request_runs_on_write(record::Record& record, const Registry& registry) {
  record.on_write([&record, &registry](record::Writer& writer, const record::Version& version) {
    if (version.type == "Consent")
      for (const std::string& patient : patients_of_consent(record, version))
        request_withheld_runs(writer, record, patient);
    if (version.deleted) return;
    std::optional<Json> resource;
    for (const Assistant* assistant : registry.all()) {
      const Card& card = assistant->card();
      const bool asked = matches(card, version.type), read = reads(card, version.type);
      if (!asked && !read) continue;
      if (!resource) resource = Json::parse(version.body);
      for (const std::string& patient : record::patients_of(*resource)) {
        if (asked)
          request_run(writer,
                      {card.id, {}, version.reference(), patient, resource->text("encounter.reference"), {}});
        if (read && asks_for(card, *resource))
          request_drafts_again(writer, record, registry.database(), card.id, patient);
      }
    }
  });
}

}  // namespace meridian::engine
