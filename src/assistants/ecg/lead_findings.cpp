#include "assistants/ecg/lead_findings.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "assistants/ecg/wording.h"
#include "engine/evidence.h"

namespace meridian::assistants::ecg {
namespace {

using engine::Finding;
using engine::LocalizedText;
using signal::Quality;
using signal::Reversal;

LocalizedText fault_of(Quality quality) {
  switch (quality) {
    case Quality::noisy:
      return {"noisy", "噪声过大"};
    case Quality::saturated:
      return {"saturated", "饱和"};
    case Quality::missing:
      return {"without signal", "无信号"};
    default:
      return {"flat (electrode off?)", "平线（电极脱落？）"};
  }
}

void add(const LocalizedText& one, LocalizedText& all) {
  all.en += (all.en.empty() ? "" : ", ") + one.en;
  all.zh += (all.zh.empty() ? "" : "、") + one.zh;
}

LocalizedText not_judged(const std::vector<const Statement*>& statements) {
  LocalizedText names;
  for (const Statement* statement : statements) add(statement->name, names);
  add({"the five diagnostic classes", "五个诊断大类"}, names);
  return {" Not judged: " + names.en + ".", "未判断：" + names.zh + "。"};
}

LocalizedText joined(const LocalizedText& a, const LocalizedText& b) {
  return {a.en + b.en, a.zh + b.zh};
}

Json leads_json(const std::vector<std::string>& names) {
  Json leads = Json::array();
  for (const std::string& name : names) leads.push_back(Json::object({{"name", name}}));
  return leads;
}

Finding left_out_finding(const Judgement& judgement) {
  LocalizedText leads;
  std::vector<std::string> names;
  for (const LeftOutLead& lead : judgement.left_out) {
    const LocalizedText fault = fault_of(lead.reason);
    add({lead.lead + " " + fault.en, lead.lead + fault.zh}, leads);
    names.push_back(lead.lead);
  }
  Finding finding;
  finding.code = {kOwn, "leads-not-judged", "Leads that could not be judged"};
  finding.text = joined({"Leads left out: " + leads.en + ". Check the electrodes and record again.",
                         "未用导联：" + leads.zh + "。请检查电极后重新记录。"},
                        not_judged(judgement.unjudged));
  finding.urgency = engine::Urgency::routine;
  finding.evidence = Json::object({{"leads", leads_json(names)}});
  return finding;
}

struct ReversalName {
  Reversal kind;
  const char* code;
  LocalizedText text;
};

const ReversalName& name_of(Reversal kind) {
  static const std::array<ReversalName, 4> kNames{{
      {Reversal::arms, "arm-reversal", {"Arm electrodes possibly exchanged", "左右手电极可能接反"}},
      {Reversal::right_arm_left_leg,
       "right-arm-left-leg-reversal",
       {"Electrodes of right arm and left leg possibly exchanged", "右手与左腿电极可能接反"}},
      {Reversal::right_leg,
       "right-leg-reversal",
       {"Electrode of the right leg possibly exchanged with that of an arm", "右腿电极可能与上肢电极接反"}},
      {Reversal::chest, "chest-reversal", {"Chest electrodes possibly exchanged", "胸前电极可能接反"}},
  }};
  return *std::find_if(kNames.begin(), kNames.end(),
                       [&](const ReversalName& name) { return name.kind == kind; });
}

Finding reversal_finding(const Judgement& judgement) {
  const signal::LeadReversal& reversal = *judgement.reversal;
  const ReversalName& name = name_of(reversal.kind);
  LocalizedText signs;
  for (const signal::ReversalSign& sign : reversal.signs) {
    const std::string text =
        sign.lead + " " + sign.wave + print(" %.2f mV", std::round(sign.millivolts * 100) / 100);
    add({text, text}, signs);
  }
  if (reversal.kind == Reversal::chest) {
    const std::string leads = reversal.leads[0] + ", " + reversal.leads[1];
    signs = {leads, leads};
  }
  Finding finding;
  finding.code = {kOwn, name.code, name.text.en};
  finding.text = joined({name.text.en + ": " + signs.en + ". Check the electrodes and record again.",
                         name.text.zh + "：" + signs.zh + "。请检查电极后重新记录。"},
                        judgement.paced ? LocalizedText{} : not_judged(judgement.unjudged_by_reversal));
  finding.urgency = engine::Urgency::routine;
  finding.evidence = Json::object({{"leads", leads_json(reversal.leads)}});
  return finding;
}

}  // namespace

std::vector<Finding> lead_findings(const Judgement& judgement) {
  std::vector<Finding> findings;
  if (!judgement.left_out.empty()) findings.push_back(left_out_finding(judgement));
  if (judgement.reversal) findings.push_back(reversal_finding(judgement));
  return findings;
}

}  // namespace meridian::assistants::ecg
