#include "assistants/ecg/criteria.h"

#include <algorithm>
#include <cstdlib>

#include "assistants/ecg/quantity.h"
#include "base/error.h"
#include "base/fact_table.h"
#include "base/text.h"

namespace meridian::assistants::ecg {
namespace {

constexpr double kUnknownAge = 40;
constexpr const char* kUnknownSex = "male";
constexpr const char *kPaced = "paced", *kFlutter = "flutter";

double number(const std::string& text) {
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  if (text.empty() || *end != '\0')
    throw Error(ErrorCode::corrupted, "The table of ECG criteria has no number where one must be", text,
                "Restore knowledge/ecg_criteria.csv");
  return value;
}

std::optional<double> number_or_nothing(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(number(text));
}

std::string relation(const std::string& text) {
  for (const char* known : {">=", ">", "<=", "<"})
    if (text == known) return text;
  throw Error(ErrorCode::corrupted, "The table of ECG criteria compares in a way that there is not", text,
              "Restore knowledge/ecg_criteria.csv");
}

bool is_upwards(const Criterion& criterion) {
  return criterion.relation.starts_with('>');
}

bool holds(const Criterion& criterion, double value) {
  if (criterion.relation == ">=") return value >= criterion.limit;
  if (criterion.relation == ">") return value > criterion.limit;
  if (criterion.relation == "<=") return value <= criterion.limit;
  return value < criterion.limit;
}

bool is_for(const Criterion& criterion, const engine::Subject& subject) {
  const double age = subject.age_years.value_or(kUnknownAge);
  const std::string sex = subject.sex == "female" ? "female" : kUnknownSex;
  if (!criterion.sex.empty() && criterion.sex != sex) return false;
  return age >= criterion.age_from.value_or(0) && (!criterion.age_to || age < *criterion.age_to);
}

// Criteria of one way in which a statement holds.
struct Alternative {
  std::string name;
  std::size_t needed = 1;
  std::vector<Fulfilled> fulfilled;
  std::size_t unknown = 0;  // that need a lead which is missing

  bool holds() const { return !fulfilled.empty() && fulfilled.size() >= needed; }
  bool may_hold() const { return !fulfilled.empty() && fulfilled.size() + unknown >= needed; }
};

// Neighbouring pairs share a lead, which is told once.
void add_new(const std::vector<Fulfilled>& fulfilled, std::vector<Fulfilled>& all) {
  for (const Fulfilled& one : fulfilled) {
    const bool known = std::any_of(all.begin(), all.end(), [&](const Fulfilled& other) {
      return other.criterion->quantity == one.criterion->quantity && other.value == one.value;
    });
    if (!known) all.push_back(one);
  }
}

}  // namespace

CriteriaTable CriteriaTable::load() {
  CriteriaTable table;
  for (const auto& row : read_fact_table("ecg_statements.csv", 8)) {
    Statement statement{row[0],           row[1],         engine::urgency_of(row[2]), {}, {},
                        {row[5], row[6]}, row[7] == "yes"};
    if (!row[3].empty()) statement.not_with = split(row[3], ' ');
    if (!row[4].empty()) statement.only_with = split(row[4], ' ');
    table.statements_.push_back(std::move(statement));
  }
  for (const auto& row : read_fact_table("ecg_criteria.csv", 10))
    table.criteria_.push_back({row[0], row[1], static_cast<std::size_t>(number(row[2])), row[3],
                               relation(row[4]), number(row[5]), row[6], number_or_nothing(row[7]),
                               number_or_nothing(row[8]), row[9]});
  return table;
}

std::vector<FoundStatement> CriteriaTable::find(const signal::EcgMeasurements& measured, double rr,
                                                const engine::Subject& subject, const RhythmBars& rhythm,
                                                std::span<const std::string> missing) const {
  std::vector<FoundStatement> found;
  std::vector<std::string> possible;
  for (const Statement& statement : statements_) {
    FoundStatement result{&statement, {}};
    std::vector<Alternative> alternatives;
    for (const Criterion& criterion : criteria_) {
      if (criterion.statement != statement.id || !is_for(criterion, subject)) continue;
      if (alternatives.empty() || alternatives.back().name != criterion.alternative)
        alternatives.push_back({criterion.alternative, criterion.needed, {}, 0});
      const auto value = quantity_of(criterion.quantity, measured, rr, is_upwards(criterion));
      if (value && holds(criterion, *value)) alternatives.back().fulfilled.push_back({&criterion, *value});
      alternatives.back().unknown += needs_one_of(criterion.quantity, missing);
    }
    for (const Alternative& one : alternatives) {
      if (one.holds()) add_new(one.fulfilled, result.criteria);
      if (one.may_hold()) possible.push_back(statement.id);
    }
    if (!result.criteria.empty()) found.push_back(std::move(result));
  }
  const auto is_found = [all = found, rhythm](const std::string& id) {
    if (id == kPaced) return rhythm.paced;
    if (id == kFlutter) return rhythm.flutter;
    return std::any_of(all.begin(), all.end(), [&](const auto& other) { return other.statement->id == id; });
  };
  std::erase_if(found, [&](const FoundStatement& statement) {
    const auto& not_with = statement.statement->not_with;
    const auto& only_with = statement.statement->only_with;
    if (std::any_of(not_with.begin(), not_with.end(), is_found)) return true;
    if (std::find_first_of(not_with.begin(), not_with.end(), possible.begin(), possible.end()) !=
        not_with.end())
      return true;
    if (rhythm.paced) return std::find(only_with.begin(), only_with.end(), kPaced) == only_with.end();
    return !only_with.empty() && std::none_of(only_with.begin(), only_with.end(), is_found);
  });
  return found;
}

std::vector<const Statement*> CriteriaTable::needing(std::span<const std::string> leads) const {
  std::vector<const Statement*> needing;
  for (const Statement& statement : statements_)
    if (statement.is_said && std::any_of(criteria_.begin(), criteria_.end(), [&](const Criterion& criterion) {
          return criterion.statement == statement.id && needs_one_of(criterion.quantity, leads);
        }))
      needing.push_back(&statement);
  return needing;
}

std::vector<const Statement*> CriteriaTable::barred_by_flutter() const {
  std::vector<const Statement*> barred;
  for (const Statement& statement : statements_)
    if (statement.is_said && std::ranges::count(statement.not_with, kFlutter) > 0)
      barred.push_back(&statement);
  return barred;
}

}  // namespace meridian::assistants::ecg
