#include "assistants/ecg/conduction_findings.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "assistants/ecg/wording.h"
#include "engine/evidence.h"

namespace meridian::assistants::ecg {
namespace {

using engine::Coding;
using engine::Finding;
using engine::LocalizedText;
using engine::Measurement;
using engine::Urgency;
using signal::AvBlock;

constexpr double kMark = 0.05;  // s around the middle of a P wave

struct BlockName {
  AvBlock block;
  Coding code;
  LocalizedText text;
  Urgency urgency;
};

const BlockName& name_of(AvBlock block) {
  static const Coding kSecond{kIcd10, "I44.1", "Atrioventricular block, second degree"},
      kThird{kIcd10, "I44.2", "Atrioventricular block, complete"};
  static const std::array<BlockName, 4> kNames{{
      {AvBlock::wenckebach,
       kSecond,
       {"Second degree AV block, type I (Wenckebach): PR grows until a P wave is not conducted",
        "二度I型房室传导阻滞（文氏型）：PR间期逐渐延长直至P波未下传"},
       Urgency::routine},
      {AvBlock::mobitz,
       kSecond,
       {"Second degree AV block, type II (Mobitz): P waves are not conducted while PR stays",
        "二度II型房室传导阻滞（莫氏II型）：PR间期固定而有P波未下传"},
       Urgency::emergency},
      {AvBlock::two_to_one,
       kSecond,
       {"Second degree AV block, 2:1: every other P wave is conducted", "二度房室传导阻滞，2:1下传"},
       Urgency::today},
      {AvBlock::complete,
       kThird,
       {"Complete AV block: P waves and QRS complexes have no relation",
        "三度（完全性）房室传导阻滞：P波与QRS波无关"},
       Urgency::emergency},
  }};
  return *std::find_if(kNames.begin(), kNames.end(),
                       [&](const BlockName& name) { return name.block == block; });
}

Measurement rate(const char* code, const char* display, const char* name_zh, double value) {
  return {{kOwn, code, display}, name_zh, std::round(value), "/min", print("%.0f /min", value)};
}

Measurement interval(const char* code, const char* display, const char* name_zh, double seconds) {
  const double value = std::round(seconds * 1000);
  return {{kOwn, code, display}, name_zh, value, "ms", print("%.0f ms", value)};
}

}  // namespace

Finding block_finding(const signal::AvConduction& conduction) {
  const BlockName& name = name_of(conduction.block);
  Finding finding;
  finding.code = name.code;
  finding.text = {
      name.text.en + print("; P waves %.0f/min, QRS complexes %.0f/min, %zu P wave(s) seen that no "
                           "QRS complex follows.",
                           conduction.atrial_rate, conduction.ventricular_rate, conduction.blocked.size()),
      name.text.zh + print("；P波%.0f次/分，QRS波%.0f次/分，可见%zu个未下传的P波。", conduction.atrial_rate,
                           conduction.ventricular_rate, conduction.blocked.size())};
  finding.urgency = name.urgency;
  finding.measurements = {
      rate("atrial-rate", "Atrial rate", "心房率", conduction.atrial_rate),
      rate("ventricular-rate", "Ventricular rate", "心室率", conduction.ventricular_rate),
      interval("shortest-p-r", "Shortest time from the middle of a P wave to the QRS complex",
               "P波中点至QRS波的最短时间", conduction.shortest_pr),
      interval("longest-p-r", "Longest time from the middle of a P wave to the QRS complex",
               "P波中点至QRS波的最长时间", conduction.longest_pr)};
  Json intervals = Json::array();
  for (const double time : conduction.blocked)
    intervals.push_back(
        engine::evidence_interval(time - kMark, time + kMark, {"P wave not conducted", "未下传的P波"}));
  finding.evidence = Json::object({{"intervals", std::move(intervals)}});
  return finding;
}

Finding flutter_finding(const signal::AtrialFlutter& flutter, double heart_rate) {
  const std::string lead = flutter.lead.substr(0, 16);
  Finding finding;
  finding.code = {kOwn, "atrial-flutter", "Atrial flutter"};
  finding.text = {
      print("Atrial flutter: waves of %.0f/min in %s (correlation with themselves %.2f), ventricular rate "
            "%.0f/min.",
            flutter.rate, lead.c_str(), flutter.correlation, heart_rate),
      print("心房扑动：%s导联可见%.0f次/分的扑动波（自相关%.2f），心室率%.0f次/分。", lead.c_str(),
            flutter.rate, flutter.correlation, heart_rate)};
  finding.text.en +=
      " The waves hide or feign ST depression, T waves, Q waves of the inferior leads, PR and QT: statements "
      "that rest on these are not made.";
  finding.text.zh += "扑动波会掩盖或造成类似ST段压低、T波、下壁Q波及PR、QT间期改变，相关判断未给出。";
  finding.urgency = Urgency::today;
  finding.measurements = {rate("atrial-rate", "Atrial rate", "心房率", flutter.rate)};
  finding.evidence = Json::object({{"leads", Json::array({Json::object({{"name", flutter.lead}})})}});
  return finding;
}

}  // namespace meridian::assistants::ecg
