#include "assistants/imaging/follow_up.h"

#include <algorithm>
#include <array>
#include <cstdlib>

#include "assistants/imaging/conditions.h"
#include "assistants/imaging/measurements.h"
#include "base/fact_table.h"
#include "engine/evidence.h"

namespace meridian::assistants::imaging {
namespace {

using Facts = std::vector<const engine::CaseFact*>;

constexpr const char* kTable = "imaging_follow_up.csv";
constexpr std::size_t kFields = 11;

// As the table's head explains.
struct Row {
  std::string class_name, found;
  std::string code;  // of the class's finding; empty without a class
  std::optional<double> from, to;
  std::vector<Condition> when;
  engine::Urgency urgency = engine::Urgency::none;
  std::string category;
  engine::LocalizedText advice;
  std::string guideline;
};

std::optional<double> number(const std::string& text) {
  if (text.empty()) return {};
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  if (*end != '\0') refuse_fact_table(kTable, text);
  return value;
}

// The code of the class's finding, in whichever of the card's networks tells the class; a card without
// networks has one class, that of its only finding.
std::optional<std::string> code_of(const engine::Card& card, const std::string& class_name) {
  if (!card.whole.contains("imaging")) return card.whole.text("outputs.findings.code.code");
  for (const Description& network : parse_networks(card))
    for (const Class& one : network.classes)
      if (one.name == class_name && one.code) return one.code->code;
  return {};
}

Row row_of(const std::vector<std::string>& cells, const engine::Card& card) {
  constexpr std::array<std::string_view, 5> kFound{"yes", "no", "any", "none", ""};
  const auto code = cells[1].empty() ? std::string() : code_of(card, cells[1]);
  const bool needs_class = cells[2] == "yes" || cells[2] == "no" || !cells[3].empty() || !cells[4].empty();
  if (!code || (needs_class && code->empty()) || std::ranges::find(kFound, cells[2]) == kFound.end())
    refuse_fact_table(kTable, cells[0] + "," + cells[1] + "," + cells[2]);
  return {cells[1],
          cells[2],
          *code,
          number(cells[3]),
          number(cells[4]),
          Condition::parse_all(cells[5]),
          engine::urgency_of(cells[6]),
          cells[7],
          {cells[8], cells[9]},
          cells[10]};
}

std::vector<Row> rows_of(const std::string& assistant) {
  const engine::Card card = engine::Card::read(assistant);
  std::vector<Row> rows;
  for (const auto& cells : read_fact_table(kTable, kFields))
    if (cells[0] == assistant) rows.push_back(row_of(cells, card));
  return rows;
}

bool is_within(double value, const std::optional<double>& from, const std::optional<double>& to) {
  return (!from || value >= *from) && (!to || value < *to);
}

// Whether the class made a positive finding; by its code.
bool is_found(const engine::Reading& reading, const std::string& code) {
  return std::ranges::any_of(reading.findings, [&](const engine::Finding& finding) {
    return finding.positive && finding.code.code == code;
  });
}

bool fits_what_was_found(const Row& row, const engine::Reading& reading) {
  if (row.found.empty()) return true;
  const bool some = std::ranges::any_of(reading.findings, &engine::Finding::positive);
  if (row.found == "any") return some;
  if (row.found == "none") return !some;
  return is_found(reading, row.code) == (row.found == "yes");
}

bool fits_probability(const Row& row, const engine::Reading& reading) {
  if (!row.from && !row.to) return true;
  const auto probability = probability_of(reading, row.class_name);
  return probability && is_within(*probability, row.from, row.to);
}

// The rows that hold are one; those before it that would, were a fact known, name the first that they lack.
struct Following {
  const Row* row = nullptr;
  Facts unknown;
};

Following following(const std::vector<Row>& rows, const engine::Input& input,
                    const engine::Reading& reading) {
  Following found;
  for (const Row& row : rows) {
    if (!fits_what_was_found(row, reading) || !fits_probability(row, reading)) continue;
    Truth all = Truth::yes;
    const engine::CaseFact* lacking = nullptr;
    for (const Condition& condition : row.when) {
      const Truth truth = condition.holds(input, reading);
      all = std::min(all, truth);
      if (truth == Truth::unknown && !lacking) lacking = &condition.fact();
    }
    if (all == Truth::yes) {
      found.row = &row;
      return found;
    }
    if (all == Truth::unknown && std::ranges::find(found.unknown, lacking) == found.unknown.end())
      found.unknown.push_back(lacking);
  }
  return found;
}

void add_rule(engine::Finding& finding, const engine::LocalizedText& name, double value, double limit) {
  Json& rules = finding.evidence["rules"];
  if (rules.is_null()) rules = Json::array();
  rules.push_back(engine::evidence_rule(name, value, limit));
}

void say(const Row& row, const engine::Input& input, engine::Reading& reading) {
  engine::Finding& finding = reading.findings.front();
  finding.text.en += " " + row.advice.en + " (" + row.guideline + ").";
  finding.text.zh += row.advice.zh + "（" + row.guideline + "）。";
  finding.urgency = std::max(finding.urgency, row.urgency);
  const double probability =
      probability_of(reading, row.class_name).value_or(finding.probability.value_or(0));
  add_rule(finding, {row.guideline + ": " + row.category, row.guideline + "：" + row.category}, probability,
           row.from.value_or(finding.threshold.value_or(0)));
  for (const Condition& condition : row.when)
    if (const auto value = condition.number(input, reading))
      add_rule(finding, condition.fact().text, *value, condition.limit().value_or(0));
}

void ask(const Facts& unknown, const engine::Input& input, engine::Finding& finding) {
  engine::LocalizedText names;
  Json asks = Json::array();
  for (const engine::CaseFact* fact : unknown) {
    names.en += (names.en.empty() ? "" : "; ") + fact->text.en;
    names.zh += (names.zh.empty() ? "" : "；") + fact->text.zh;
    for (const engine::CaseFact* part : unknown_parts(*fact, input)) asks.push_back(engine::to_json(*part));
  }
  finding.text.en += " Not known, though it decides what follows: " + names.en + ".";
  finding.text.zh += "尚不清楚但决定后续处理：" + names.zh + "。";
  if (!asks.empty()) finding.evidence["asks"] = std::move(asks);
}

}  // namespace

Completion follow_up(const std::string& assistant) {
  return [rows = rows_of(assistant)](const engine::Input& input, engine::Reading& reading) {
    if (reading.findings.empty()) return;
    const Following found = following(rows, input, reading);
    engine::Finding& finding = reading.findings.front();
    if (!finding.evidence.is_object()) finding.evidence = Json::object({});
    if (found.row) say(*found.row, input, reading);
    if (!found.unknown.empty()) ask(found.unknown, input, finding);
  };
}

Completion both(Completion first, Completion second) {
  return [first = std::move(first), second = std::move(second)](const engine::Input& input,
                                                                engine::Reading& reading) {
    first(input, reading);
    second(input, reading);
  };
}

}  // namespace meridian::assistants::imaging
