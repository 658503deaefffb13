#include "engine/matching.h"

#include <algorithm>

#include "archive/slide/slide_frames.h"
#include "record/search/extraction.h"

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
  record.on_write([&registry](record::Writer& writer, const record::Version& version) {
    if (version.deleted) return;
    for (const Assistant* assistant : registry.all()) {
      if (!matches(assistant->card(), version.type)) continue;
      const Json resource = Json::parse(version.body);
      for (const std::string& patient : record::patients_of(resource))
        request_run(writer, {assistant->card().id,
                             {},
                             version.reference(),
                             patient,
                             resource.text("encounter.reference"),
                             {}});
    }
  });
}

}  // namespace meridian::engine
