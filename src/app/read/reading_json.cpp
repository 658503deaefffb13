#include "app/read/report.h"
#include "engine/resources.h"
#include "vision/burnt_in_text.h"

namespace meridian::app {
namespace {

Json texts(const std::vector<std::string>& lines) {
  Json list = Json::array();
  for (const std::string& line : lines) list.push_back(line);
  return list;
}

Json recording_json(const signal::Recording& recording, const engine::Subject& subject) {
  Json leads = Json::array();
  for (const signal::Lead& lead : recording.leads) leads.push_back(lead.name);
  return Json::object({{"source", recording.source},
                       {"sampling_frequency", recording.sampling_frequency},
                       {"samples", static_cast<std::int64_t>(recording.length())},
                       {"leads", std::move(leads)},
                       {"start", recording.start ? Json(format_instant(*recording.start)) : Json()},
                       {"sex", engine::text_or_null(subject.sex)},
                       {"age_years", subject.age_years ? Json(*subject.age_years) : Json()},
                       {"unread", texts(recording.unread)},
                       {"doubts", texts(recording.doubts)}});
}

}  // namespace

const Json& evidence(const engine::Reading& reading, std::string_view kind) {
  static const Json nothing;
  for (const engine::Finding& finding : reading.findings)
    if (const Json* found = finding.evidence.find(kind)) return *found;
  return nothing;
}

Json reading_json(const ReadInput& input) {
  static const engine::Card nobody{};
  Json json = engine::to_json(input.reading, input.card ? *input.card : nobody, input.name);
  if (!input.masks.is_null()) json["masks"] = input.masks;
  if (!input.input) return json;
  if (input.input->image)
    json["lines_of_writing"] = static_cast<std::int64_t>(vision::burnt_in_text(*input.input->image).size());
  if (!input.input->recording) return json;
  json["recording"] = recording_json(*input.input->recording, input.input->subject);
  for (const char* kind : {"beats", "delineation"}) json[kind] = evidence(input.reading, kind);
  return json;
}

}  // namespace meridian::app
