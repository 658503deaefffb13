#include "assistants/ecg/judgement_findings.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "assistants/ecg/lead_findings.h"
#include "assistants/ecg/quantity.h"
#include "assistants/ecg/wording.h"
#include "base/text.h"
#include "engine/evidence.h"

namespace meridian::assistants::ecg {
namespace {

using engine::Finding;
using engine::LocalizedText;

struct ClassName {
  const char* name;  // the model's output
  const char* code;
  LocalizedText text;
};

const std::array<ClassName, 4> kRhythms{{
    {"N", "rhythm-normal", {"Normal sinus rhythm", "正常窦性心律"}},
    {"A", "rhythm-fibrillation", {"Rhythm of atrial fibrillation", "心房颤动心律"}},
    {"O",
     "rhythm-other",
     {"Another rhythm than sinus rhythm or atrial fibrillation", "窦性心律和心房颤动以外的心律"}},
    {"~", "rhythm-noise", {"Too noisy to name the rhythm", "噪声过大，无法判断心律"}},
}};

const std::array<ClassName, 5> kDiagnoses{{
    {"NORM", "diagnostic-normal", {"Normal ECG", "正常心电图"}},
    {"MI", "diagnostic-infarction", {"Myocardial infarction", "心肌梗死"}},
    {"STTC", "diagnostic-st-t", {"ST-T changes", "ST-T改变"}},
    {"CD", "diagnostic-conduction", {"Conduction disturbance", "传导异常"}},
    {"HYP", "diagnostic-hypertrophy", {"Hypertrophy", "肥厚"}},
}};

double rounded(double probability) {
  return std::round(probability * 1e4) / 1e4;
}

template <std::size_t Count>
const ClassName* name_of(const std::array<ClassName, Count>& names, const std::string& output) {
  const auto found =
      std::find_if(names.begin(), names.end(), [&](const ClassName& name) { return output == name.name; });
  return found == names.end() ? nullptr : &*found;
}

Finding class_finding(const ClassName& name, const JudgedClass& judged) {
  Finding finding;
  finding.code = {kOwn, name.code, name.text.en};
  finding.probability = rounded(judged.probability);
  return finding;
}

std::vector<Finding> rhythm_findings(const Judgement& judgement) {
  const std::vector<JudgedClass>& classes = judgement.rhythm;
  std::vector<Finding> findings;
  std::vector<double> probabilities, thresholds;
  for (const JudgedClass& judged : classes) {
    probabilities.push_back(judged.probability);
    thresholds.push_back(judged.threshold);
  }
  const std::size_t chosen = chosen_class(probabilities, thresholds);
  for (std::size_t k = 0; k < classes.size(); ++k) {
    const ClassName* name = name_of(kRhythms, classes[k].name);
    if (!name) continue;
    Finding finding = class_finding(*name, classes[k]);
    finding.threshold = classes[k].threshold;
    finding.positive = k == chosen;
    finding.text =
        finding.positive
            ? LocalizedText{name->text.en + ": the one of four classes that the model chooses.",
                            name->text.zh + "：模型在四类中选出的一类。"}
            : LocalizedText{name->text.en + ": not chosen by the model.", name->text.zh + "：模型未选。"};
    if (classes[k].name == "A" && judgement.fibrillation && *judgement.fibrillation != finding.positive) {
      finding.text.en += " The assessment of atrial fibrillation by itself disagrees.";
      finding.text.zh += "与心房颤动的单独评估不一致。";
    }
    findings.push_back(std::move(finding));
  }
  return findings;
}

// "V2 ST", "Cornell", "QRS".
LocalizedText label_of(const Criterion& criterion) {
  struct Name {
    std::string_view quantity;
    const char *en, *zh;
  };
  static constexpr std::array<Name, 26> kNames{{
      {"pr_ms", "PR", "PR"},
      {"qotc_ms", "QRS onset to T onset, corrected", "QRS起点至T波起点（校正）"},
      {"qatc_ms", "QRS onset to T peak, corrected", "QRS起点至T波顶点（校正）"},
      {"st_ms", "ST segment", "ST段时限"},
      {"t_ms", "T wave", "T波时限"},
      {"u", "U", "U"},
      {"u_over_t", "U over T", "U/T比值"},
      {"qrs_ms", "QRS", "QRS"},
      {"qtc_ms", "QTc", "QTc"},
      {"axis_deg", "axis", "电轴"},
      {"j", "ST", "ST"},
      {"j_with_r", "ST with positive QRS", "ST（QRS主波向上）"},
      {"j_with_s", "ST with negative QRS", "ST（QRS主波向下）"},
      {"j_over_s", "ST over S", "ST/S比值"},
      {"depressed_leads", "leads with ST depression", "ST段压低的导联数"},
      {"st60", "ST", "ST"},
      {"t", "T", "T"},
      {"net", "QRS", "QRS"},
      {"r", "R", "R"},
      {"r_prime", "R'", "R'"},
      {"q_depth", "Q", "Q"},
      {"q_depth20", "Q", "Q"},
      {"q_depth30", "Q", "Q"},
      {"s_depth", "S", "S"},
      {"s_ms", "S", "S"},
      {"r_peak_ms", "R peak time", "R峰时间"},
  }};
  if (criterion.quantity.find('+') != std::string::npos)
    return {criterion.alternative, criterion.alternative};
  const auto parts = split(criterion.quantity, ':');
  const auto name = std::find_if(kNames.begin(), kNames.end(),
                                 [&](const Name& entry) { return entry.quantity == parts.front(); });
  const std::string lead = parts.size() > 1 ? parts[1] + " " : "";
  if (name == kNames.end()) return {lead + parts.front(), lead + parts.front()};
  return {lead + name->en, lead + name->zh};
}

// "V2 ST 0.31 mV", "Cornell 3.1 mV", "QRS 134 ms".
LocalizedText shown(const Fulfilled& fulfilled) {
  const std::string unit(unit_of(fulfilled.criterion->quantity));
  const bool ratio = unit == "1", number = unit == "{leads}";
  const std::string value = " " + print(unit == "mV" || ratio ? "%.2f" : "%.0f", fulfilled.value) +
                            (ratio || number ? ""
                             : unit == "deg" ? " °"
                                             : " " + unit);
  const LocalizedText label = label_of(*fulfilled.criterion);
  return {label.en + value, label.zh + value};
}

Finding statement_finding(const FoundStatement& found) {
  const Statement& statement = *found.statement;
  LocalizedText shown_all;
  Json rules = Json::array();
  for (const Fulfilled& fulfilled : found.criteria) {
    const Criterion& criterion = *fulfilled.criterion;
    const LocalizedText one = shown(fulfilled), label = label_of(criterion);
    shown_all.en += (shown_all.en.empty() ? "" : ", ") + one.en;
    shown_all.zh += (shown_all.zh.empty() ? "" : "、") + one.zh;
    const std::string rest = ", " + std::string(unit_of(criterion.quantity)) + ", " + criterion.source;
    rules.push_back(engine::evidence_rule({label.en + rest, label.zh + rest},
                                          std::round(fulfilled.value * 1000) / 1000, criterion.limit));
  }
  Finding finding;
  finding.code = {kOwn, statement.id, statement.name.en};
  finding.text = {statement.name.en + ": " + shown_all.en + ".",
                  statement.name.zh + "：" + shown_all.zh + "。"};
  finding.urgency = statement.urgency;
  finding.evidence = Json::object({{"rules", std::move(rules)}});
  return finding;
}

// The names of the statements of a class, joined; empty: none.
LocalizedText statements_of(const std::string& superclass, const std::vector<FoundStatement>& statements) {
  LocalizedText names;
  for (const FoundStatement& found : statements) {
    if (found.statement->superclass != superclass) continue;
    names.en += (names.en.empty() ? "" : ", ") + found.statement->name.en;
    names.zh += (names.zh.empty() ? "" : "、") + found.statement->name.zh;
  }
  return names;
}

void add_disagreement(const LocalizedText& measured, Finding& finding) {
  if (finding.positive && measured.en.empty()) {
    finding.text.en += " The measured criteria do not show it.";
    finding.text.zh += "测量标准未见相应改变。";
  } else if (!finding.positive && !measured.en.empty()) {
    finding.text.en += " The measured criteria disagree: " + measured.en + ".";
    finding.text.zh += "与测量标准不一致：" + measured.zh + "。";
  }
}

// Why the classes of the learned model do not hold; empty: they do.
LocalizedText doubt_of_classes(const Judgement& judgement) {
  if (judgement.paced) return {" It does not hold, because beats are paced.", "因有起搏心搏，该结果不成立。"};
  if (judgement.reversal)
    return {" It does not hold, because electrodes may be exchanged.", "因电极可能接反，该结果不成立。"};
  if (!judgement.left_out.empty())
    return {" It does not hold, because not all leads can be judged.", "因部分导联无法判断，该结果不成立。"};
  return {};
}

std::vector<Finding> diagnosis_findings(const Judgement& judgement) {
  std::vector<Finding> findings;
  const LocalizedText doubt = doubt_of_classes(judgement);
  for (const JudgedClass& judged : judgement.twelve_leads) {
    const ClassName* name = name_of(kDiagnoses, judged.name);
    if (!name) continue;
    Finding finding = class_finding(*name, judged);
    finding.threshold = judged.threshold;
    const bool likely = judged.probability >= judged.threshold;
    finding.positive = likely && doubt.en.empty();
    finding.text = likely ? LocalizedText{name->text.en + ": likely by the learned model.",
                                          name->text.zh + "：学习模型提示可能。"}
                          : LocalizedText{name->text.en + ": not likely by the learned model.",
                                          name->text.zh + "：学习模型未提示。"};
    finding.text.en += doubt.en;
    finding.text.zh += doubt.zh;
    if (judged.name != "NORM" && doubt.en.empty())
      add_disagreement(statements_of(judged.name, judgement.statements), finding);
    findings.push_back(std::move(finding));
  }
  return findings;
}

}  // namespace

std::vector<Finding> judgement_findings(const Judgement& judgement) {
  std::vector<Finding> findings = lead_findings(judgement);
  for (Finding& finding : rhythm_findings(judgement)) findings.push_back(std::move(finding));
  for (Finding& finding : diagnosis_findings(judgement)) findings.push_back(std::move(finding));
  for (const FoundStatement& found : judgement.statements) findings.push_back(statement_finding(found));
  return findings;
}

}  // namespace meridian::assistants::ecg
