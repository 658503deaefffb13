#include "engine/live/signal_stream.h"

#include <cmath>

namespace meridian::engine {
namespace {

Json time_json(std::int64_t sample, double sampling_frequency) {
  return std::round(static_cast<double>(sample) / sampling_frequency * 1e4) / 1e4;
}

}  // namespace

Json to_json(const StreamBeat& beat, double sampling_frequency) {
  return Json::object({{"beat", Json::object({{"sample", beat.sample},
                                              {"time", time_json(beat.sample, sampling_frequency)},
                                              {"aami_class", std::string(1, beat.aami_class)}})}});
}

Json to_json(const StreamAlarm& alarm, double sampling_frequency) {
  return Json::object({{"alarm", Json::object({{"kind", alarm.kind},
                                               {"sample", alarm.from},
                                               {"time", time_json(alarm.from, sampling_frequency)},
                                               {"value", std::round(alarm.value * 100) / 100},
                                               {"urgency", urgency_name(alarm.urgency)},
                                               {"text", alarm.text.en},
                                               {"text_zh", alarm.text.zh}})}});
}

}  // namespace meridian::engine
