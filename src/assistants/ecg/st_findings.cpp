#include "assistants/ecg/st_findings.h"

#include <algorithm>
#include <cmath>

#include "assistants/ecg/wording.h"
#include "engine/evidence.h"

namespace meridian::assistants::ecg {
namespace {

using engine::Finding;
using engine::Measurement;

Json thousandths(float value) {
  return std::round(static_cast<double>(value) * 1000) / 1000;
}

Json trend_json(const std::vector<signal::LeadStTrend>& trend) {
  Json leads = Json::array();
  for (const signal::LeadStTrend& lead : trend) {
    Json levels = Json::array(), slopes = Json::array();
    for (const auto& minute : lead.minutes) {
      levels.push_back(minute ? thousandths(minute->level) : Json());
      slopes.push_back(minute ? thousandths(minute->slope) : Json());
    }
    leads.push_back(Json::object(
        {{"lead", lead.lead}, {"level_mv", std::move(levels)}, {"slope_mv_s", std::move(slopes)}}));
  }
  return leads;
}

// The lead's median, lowest and highest minute; nothing without one.
std::vector<Measurement> lead_measurements(const signal::LeadStTrend& lead) {
  std::vector<float> levels;
  for (const auto& minute : lead.minutes)
    if (minute) levels.push_back(minute->level);
  if (levels.empty()) return {};
  std::sort(levels.begin(), levels.end());
  const auto measurement = [&](const char* code, const char* display, const char* name_zh, float value) {
    return Measurement{{kOwn, std::string(code) + "-" + lead.lead, lead.lead + " " + display},
                       lead.lead + name_zh,
                       std::round(static_cast<double>(value) * 100) / 100,
                       "mV",
                       print("%.2f mV", static_cast<double>(value))};
  };
  return {measurement("st-median", "ST level, median", "导联ST水平，中位数", levels[levels.size() / 2]),
          measurement("st-lowest", "ST level, lowest minute", "导联ST水平，最低一分钟", levels.front()),
          measurement("st-highest", "ST level, highest minute", "导联ST水平，最高一分钟", levels.back())};
}

Finding trend_finding(const std::vector<signal::LeadStTrend>& trend) {
  Finding finding;
  finding.code = {kOwn, "st-trend", "ST level along the recording"};
  std::string en, zh;
  for (const signal::LeadStTrend& lead : trend) {
    const auto measured = lead_measurements(lead);
    if (measured.empty()) continue;
    const std::string range =
        lead.lead.substr(0, 16) + " " + measured[1].display.substr(0, 5) + " – " + measured[2].display;
    en += (en.empty() ? "" : ", ") + range;
    zh += (zh.empty() ? "" : "、") + range;
    finding.measurements.insert(finding.measurements.end(), measured.begin(), measured.end());
  }
  finding.text = {"ST level 60 ms after the J point, lowest to highest minute: " + en + ".",
                  "J点后60毫秒ST水平（最低至最高一分钟）：" + zh + "。"};
  finding.evidence = Json::object({{"st_trend", trend_json(trend)}});
  return finding;
}

std::string clock(double seconds) {
  const long whole = std::lround(seconds);
  return print("%ld:%02ld", whole / 3600, whole / 60 % 60);
}

Finding episodes_finding(const std::vector<signal::StEpisode>& episodes) {
  const auto largest = std::max_element(episodes.begin(), episodes.end(), [](const auto& a, const auto& b) {
    return std::fabs(a.shift) < std::fabs(b.shift);
  });
  const std::string lead = largest->lead.substr(0, 16), at = clock(largest->from);
  const double minutes = (largest->to - largest->from) / 60, shift = static_cast<double>(largest->shift),
               slope = static_cast<double>(largest->slope);
  Finding finding;
  finding.code = {kOwn, "st-episodes", "Stretches in which the ST level leaves the lead's usual one"};
  finding.text = {
      print("ST level 0.1 mV or more from the lead's usual one in %zu stretch(es); largest in %s, "
            "%+.2f mV (slope %.1f mV/s) from %s h on, for %.0f min. Compare with symptoms and "
            "position.",
            episodes.size(), lead.c_str(), shift, slope, at.c_str(), minutes),
      print("ST水平偏离该导联平时水平0.1毫伏以上共%zu段；最大在%s导联，%+.2f毫伏（斜率%.1f毫伏/秒），"
            "自%s起%.0f分钟。请结合症状和体位。",
            episodes.size(), lead.c_str(), shift, slope, at.c_str(), minutes)};
  finding.urgency = engine::Urgency::today;
  Json intervals = Json::array();
  for (const signal::StEpisode& episode : episodes) {
    const std::string label = print("ST %+.2f mV", static_cast<double>(episode.shift));
    intervals.push_back(engine::evidence_interval(episode.from, episode.to, {label, label}, episode.lead));
  }
  finding.evidence = Json::object({{"intervals", std::move(intervals)}});
  return finding;
}

}  // namespace

std::vector<Finding> st_findings(const Analysis& analysis) {
  std::vector<Finding> findings;
  const bool measured = std::any_of(analysis.st.begin(), analysis.st.end(), [](const auto& lead) {
    return std::any_of(lead.minutes.begin(), lead.minutes.end(),
                       [](const auto& minute) { return minute.has_value(); });
  });
  if (measured) findings.push_back(trend_finding(analysis.st));
  if (!analysis.st_episodes.empty()) findings.push_back(episodes_finding(analysis.st_episodes));
  return findings;
}

}  // namespace meridian::assistants::ecg
