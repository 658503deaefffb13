#include "care/print/long_ecg.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

namespace meridian::care {
namespace {

constexpr double kMinute = 60, kLongestInterval = 3;  // s; beyond, the signal may be missing
constexpr double kLeastOfMinute = 50;                 // s between beats, for a minute to have a rate
constexpr double kBefore = 1;                         // s that are shown before what is shown

// Of a finding with intervals, how the longest of them is called.
struct LongestName {
  const char* code;
  engine::LocalizedText title;
  bool is_in_the_middle;  // of what is shown; else it begins there
};

const std::array<LongestName, 5> kLongest{{
    {"http://hl7.org/fhir/sid/icd-10|I47.2",
     {"Longest run of ventricular beats", "最长一阵连续室性搏动"},
     false},
    {"http://hl7.org/fhir/sid/icd-10|I47.1",
     {"Longest run of supraventricular ectopic beats", "最长一阵连续室上性异位搏动"},
     false},
    {"urn:meridian:ecg|pause", {"Longest pause", "最长停搏"}, true},
    {"http://hl7.org/fhir/sid/icd-10|I48.9",
     {"Longest episode of suspected atrial fibrillation", "最长一阵疑似心房颤动"},
     false},
    {"urn:meridian:ecg|st-episodes",
     {"Longest stretch with another ST level than usual", "ST水平偏离平时最久的一段"},
     false},
}};

const Json::Array& items_of(const Json& evidence, std::string_view name) {
  static const Json::Array kNone;
  const Json* items = evidence.find(name);
  return items && items->is_array() ? items->items() : kNone;
}

double number(const Json& json, std::string_view name) {
  const Json* value = json.find(name);
  return value && value->is_number() ? value->as_double() : 0;
}

std::int64_t count(const Json& json, std::string_view name) {
  return std::llround(number(json, name));
}

PrintedHour hour_of(const Json& json) {
  PrintedHour hour{number(json, "from"),
                   number(json, "mean_rate"),
                   number(json, "lowest_rate"),
                   number(json, "highest_rate"),
                   count(json, "beats"),
                   count(json, "ventricular"),
                   count(json, "supraventricular"),
                   count(json, "pauses"),
                   number(json, "fibrillation_seconds"),
                   std::nullopt};
  if (const double qtc = number(json, "qtc_ms"); qtc > 0) hour.qtc = qtc;
  return hour;
}

struct Minute {
  double from = 0, rate = 0;
};

// Those in which beats followed one another nearly throughout.
std::vector<Minute> minutes_of(const Json::Array& beats) {
  std::vector<Minute> minutes;
  double from = 0, seconds = 0, last = -1;
  int intervals = 0;
  const auto end = [&] {
    if (seconds >= kLeastOfMinute) minutes.push_back({from, kMinute * intervals / seconds});
    seconds = 0;
    intervals = 0;
  };
  for (const Json& beat : beats) {
    const Json* time = beat.find("time");
    if (!time || !time->is_number()) continue;
    const double at = time->as_double();
    if (at >= from + kMinute) {
      end();
      from = kMinute * std::floor(at / kMinute);
    } else if (last >= from && at - last <= kLongestInterval) {
      seconds += at - last;
      ++intervals;
    }
    last = at;
  }
  end();
  return minutes;
}

void add_minutes(const Json::Array& beats, bool is_signed, LongEcg& course) {
  const std::vector<Minute> minutes = minutes_of(beats);
  if (minutes.size() < 2) return;
  const auto [slowest, fastest] = std::ranges::minmax_element(minutes, {}, &Minute::rate);
  const auto add = [&](const Minute& minute, const char* en, const char* zh) {
    course.stretches.push_back(
        {{fmt::format("{}: {:.0f}/min", en, minute.rate), fmt::format("{}：{:.0f}次/分", zh, minute.rate)},
         minute.from,
         minute.from + (kMinute - kStretchSeconds) / 2,
         is_signed});
  };
  add(*fastest, "Fastest minute", "最快的一分钟");
  add(*slowest, "Slowest minute", "最慢的一分钟");
}

void add_longest(const LongestName& name, const Json::Array& intervals, bool is_signed, LongEcg& course) {
  const auto seconds = [](const Json& one) { return number(one, "to") - number(one, "from"); };
  const auto longest = std::ranges::max_element(intervals, {}, seconds);
  if (longest == intervals.end()) return;
  const double from = number(*longest, "from"),
               before = name.is_in_the_middle ? std::max(kBefore, (kStretchSeconds - seconds(*longest)) / 2)
                                              : kBefore;
  course.stretches.push_back({name.title, from, std::max(0.0, from - before), is_signed});
}

}  // namespace

void add_evidence(const std::string& code, const Json& evidence, bool is_signed, LongEcg& course) {
  for (const Json& hour : items_of(evidence, "hours")) course.hours.push_back(hour_of(hour));
  add_minutes(items_of(evidence, "beats"), is_signed, course);
  for (const LongestName& name : kLongest)
    if (code == name.code) add_longest(name, items_of(evidence, "intervals"), is_signed, course);
}

}  // namespace meridian::care
