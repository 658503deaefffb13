#include "care/filed_by_monitor.h"

#include <cstring>
#include <string_view>
#include <utility>
#include <vector>

#include "base/encoding.h"
#include "engine/draft.h"
#include "record/store/kept_principal.h"

namespace meridian::care {
namespace {

// Samples as floats of this machine's byte order, which is that of all machines that Meridian runs on.
Json json_of(const signal::Recording& recording) {
  Json leads = Json::array();
  for (const signal::Lead& lead : recording.leads) {
    const std::string_view bytes(reinterpret_cast<const char*>(lead.samples.data()),
                                 lead.samples.size() * sizeof(float));
    leads.push_back(Json::object({{"name", lead.name}, {"samples", to_base64(bytes)}}));
  }
  return Json::object({{"samplingFrequency", recording.sampling_frequency},
                       {"start", recording.start ? Json(format_instant(*recording.start)) : Json()},
                       {"leads", std::move(leads)}});
}

signal::Recording recording_of(const Json& json) {
  signal::Recording recording;
  recording.sampling_frequency = json.get("samplingFrequency").as_double();
  if (const std::string start = json.text("start"); !start.empty()) recording.start = parse_instant(start);
  for (const Json& lead : json.get("leads").items()) {
    const std::string bytes = from_base64(lead.text("samples"));
    std::vector<float> samples(bytes.size() / sizeof(float));
    std::memcpy(samples.data(), bytes.data(), samples.size() * sizeof(float));
    recording.leads.push_back({lead.text("name"), std::move(samples)});
  }
  return recording;
}

}  // namespace

std::string key_of(const FiledByMonitor& what) {
  return (what.strip ? "strip/" : "alarm/") + what.alarm.id;
}

Json to_json(const FiledByMonitor& what) {
  const engine::StreamAlarm& alarm = what.alarm.alarm;
  Json json = Json::object({{"case", what.case_id},
                            {"id", what.alarm.id},
                            {"kind", alarm.kind},
                            {"urgency", engine::urgency_name(alarm.urgency)},
                            {"text", engine::to_json(alarm.text)},
                            {"sample", alarm.from},
                            {"value", alarm.value},
                            {"at", format_instant(what.alarm.at)},
                            {"byAssistant", what.alarm.by_assistant}});
  if (!what.strip) return json;
  json["strip"] = json_of(*what.strip);
  json["sender"] = record::kept_principal(what.sender);
  return json;
}

FiledByMonitor filed_by_monitor(const Json& json) {
  FiledByMonitor what;
  what.case_id = json.text("case");
  what.alarm.id = json.text("id");
  what.alarm.alarm = {json.text("kind"),
                      {json.text("text.en"), json.text("text.zh")},
                      engine::urgency_of(json.text("urgency")),
                      json.get("sample").as_int(),
                      json.get("value").as_double()};
  what.alarm.at = parse_instant(json.text("at"));
  what.alarm.by_assistant = json.get("byAssistant").as_bool();
  if (const Json* strip = json.find("strip")) {
    what.strip = recording_of(*strip);
    what.sender = record::principal_of(json.get("sender"));
  }
  return what;
}

}  // namespace meridian::care
