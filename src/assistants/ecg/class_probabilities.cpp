#include "assistants/ecg/class_probabilities.h"

#include <algorithm>
#include <charconv>

#include "base/fact_table.h"

namespace meridian::assistants::ecg {
namespace {

constexpr const char* kTable = "ecg_probabilities.csv";

double probability(const std::vector<std::string>& row, std::size_t field) {
  const std::string& text = row[field];
  double value = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !(value >= 0 && value <= 1))
    refuse_fact_table(kTable, row[0] + "," + text);
  return value;
}

bool is_among(const std::vector<const Statement*>& statements, const std::string& id) {
  return std::any_of(statements.begin(), statements.end(),
                     [&](const Statement* statement) { return statement->id == id; });
}

// The learned model's classes of 12-lead diagnoses.
bool rests_on_all_leads(const engine::Finding& finding) {
  return finding.code.code.starts_with("diagnostic-");
}

}  // namespace

ProbabilityTable ProbabilityTable::load() {
  ProbabilityTable table;
  for (const auto& row : read_fact_table(kTable, 7))
    table.rows_.push_back({row[0],
                           row[3].empty() ? std::optional<double>() : probability(row, 3),
                           probability(row, 4),
                           {row[5], row[6]}});
  return table;
}

std::vector<engine::ClassProbability> ProbabilityTable::classes_of(
    const std::vector<engine::Finding>& findings, const Judgement& judgement) const {
  std::vector<engine::ClassProbability> classes;
  if (!judgement.twelve_leads_judged || judgement.paced) return classes;
  const bool leads_are_missing = !judgement.left_out.empty() || judgement.reversal;
  for (const engine::Finding& finding : findings)
    if (finding.probability && !(rests_on_all_leads(finding) && leads_are_missing))
      classes.push_back({finding.code.code, finding.text, *finding.probability});
  for (const StatementProbability& row : rows_) {
    if (is_among(judgement.unjudged, row.code) || is_among(judgement.unjudged_by_reversal, row.code) ||
        is_among(judgement.unjudged_by_rhythm, row.code))
      continue;
    const bool said = std::any_of(findings.begin(), findings.end(), [&](const engine::Finding& finding) {
      return finding.positive && finding.code.code == row.code;
    });
    if (const std::optional<double> probability = said ? row.if_said : row.if_not)
      classes.push_back({row.code, row.text, *probability});
  }
  return classes;
}

}  // namespace meridian::assistants::ecg
