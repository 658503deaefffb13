#include "assistants/imaging/follow_up.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <sstream>

#include "assistants/imaging/measurements.h"
#include "base/error.h"
#include "base/file.h"
#include "base/resource.h"
#include "engine/evidence.h"

namespace meridian::assistants::imaging {
namespace {

constexpr const char* kTable = "knowledge/imaging_follow_up.csv";
constexpr std::size_t kFields = 13;
// LOINC: DNA of high-risk types in the cervix, by probe and by amplification.
constexpr std::array<const char*, 2> kHpvTests{"21440-3", "82675-0"};

// What a row says of one class; as the table's head explains.
struct Row {
  std::string class_name, found;
  std::string code;  // of the class's finding
  std::optional<double> from, to, age_from, age_to;
  std::string hpv;  // positive, negative; empty: any
  engine::Urgency urgency = engine::Urgency::none;
  std::string category;
  engine::LocalizedText advice;
  std::string guideline;
};

[[noreturn]] void wrong(const std::string& line) {
  throw Error(ErrorCode::corrupted, "A line of the table of what follows is wrong", line,
              std::string("Restore ") + kTable);
}

std::optional<double> number(const std::string& text, const std::string& line) {
  if (text.empty()) return {};
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  if (*end != '\0') wrong(line);
  return value;
}

// The code of the class's finding, in whichever of the card's networks tells the class.
std::optional<std::string> code_of(const std::vector<Description>& networks, const std::string& class_name) {
  for (const Description& network : networks)
    for (const Class& one : network.classes)
      if (one.name == class_name && one.code) return one.code->code;
  return {};
}

Row row_of(const std::vector<std::string>& cells, const std::string& line,
           const std::vector<Description>& networks) {
  constexpr std::array<std::string_view, 3> kFound{"yes", "no", "any"};
  const auto code = code_of(networks, cells[1]);
  if (!code || std::ranges::find(kFound, cells[2]) == kFound.end()) wrong(line);
  return {cells[1],
          cells[2],
          *code,
          number(cells[3], line),
          number(cells[4], line),
          number(cells[5], line),
          number(cells[6], line),
          cells[7],
          engine::urgency_of(cells[8]),
          cells[9],
          {cells[10], cells[11]},
          cells[12]};
}

std::vector<Row> rows_of(const std::string& assistant) {
  const std::vector<Description> networks = parse_networks(engine::Card::load(assistant));
  std::istringstream lines(read_file(resource(kTable)));
  std::vector<Row> rows;
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with(assistant + ",")) continue;
    std::vector<std::string> cells;
    std::istringstream stream(line);
    for (std::string cell; std::getline(stream, cell, ',');) cells.push_back(cell);
    if (cells.size() != kFields) wrong(line);
    rows.push_back(row_of(cells, line, networks));
  }
  return rows;
}

bool is_within(double value, const std::optional<double>& from, const std::optional<double>& to) {
  return (!from || value >= *from) && (!to || value < *to);
}

bool fits_age(const Row& row, const std::optional<double>& age) {
  if (!row.age_from && !row.age_to) return true;
  return age && is_within(*age, row.age_from, row.age_to);
}

bool is_positive(const engine::Finding& finding) {
  return finding.positive;
}

// Whether the class made a positive finding; by its code.
bool is_found(const engine::Reading& reading, const std::string& code) {
  return std::ranges::any_of(reading.findings, [&](const engine::Finding& finding) {
    return finding.positive && finding.code.code == code;
  });
}

bool fits_what_was_found(const Row& row, const engine::Reading& reading) {
  if (row.found == "any") return std::ranges::any_of(reading.findings, is_positive);
  return is_found(reading, row.code) == (row.found == "yes");
}

bool has_coding(const Json& concept_or_list, std::string_view code) {
  if (concept_or_list.is_array())
    return std::ranges::any_of(concept_or_list.items(),
                               [&](const Json& one) { return has_coding(one, code); });
  const Json* codings = concept_or_list.is_object() ? concept_or_list.find("coding") : nullptr;
  return codings && codings->is_array() && std::ranges::any_of(codings->items(), [&](const Json& coding) {
           return coding.text("code") == code;
         });
}

bool says(const Json& observation, std::string_view interpretation, std::string_view loinc_answer) {
  const Json *interpreted = observation.find("interpretation"),
             *value = observation.find("valueCodeableConcept");
  return (interpreted && has_coding(*interpreted, interpretation)) ||
         (value && has_coding(*value, loinc_answer));
}

// Of the latest of the HPV tests among the resources: positive, negative, or empty where none says either.
std::string hpv_of(const std::vector<Json>& resources) {
  std::string latest, result;
  for (const Json& resource : resources) {
    const Json* code = resource.find("code");
    if (!code || !std::ranges::any_of(kHpvTests, [&](const char* test) { return has_coding(*code, test); }))
      continue;
    const std::string when = resource.text("effectiveDateTime");
    if (when < latest) continue;
    latest = when;
    result = says(resource, "POS", "LA6576-8")   ? "positive"
             : says(resource, "NEG", "LA6577-6") ? "negative"
                                                 : "";
  }
  return result;
}

bool holds(const Row& row, const engine::Reading& reading, const engine::Input& input) {
  const auto one = std::ranges::find(reading.classes, row.class_name, &engine::ClassProbability::name);
  if (one == reading.classes.end() || !fits_age(row, input.subject.age_years)) return false;
  if (!row.hpv.empty() && row.hpv != hpv_of(input.resources)) return false;
  if (!is_within(one->probability, row.from, row.to)) return false;
  return fits_what_was_found(row, reading);
}

void say(const Row& row, engine::Reading& reading) {
  engine::Finding& finding = reading.findings.front();
  finding.text.en += " " + row.advice.en + " (" + row.guideline + ").";
  finding.text.zh += row.advice.zh + "（" + row.guideline + "）。";
  finding.urgency = std::max(finding.urgency, row.urgency);
  if (!finding.evidence.is_object()) finding.evidence = Json::object({});
  if (!finding.evidence.contains("rules")) finding.evidence["rules"] = Json::array();
  const double probability = probability_of(reading, row.class_name).value_or(0);
  finding.evidence["rules"].push_back(
      engine::evidence_rule({row.guideline + ": " + row.category, row.guideline + "：" + row.category},
                            probability, row.from.value_or(finding.threshold.value_or(0))));
}

}  // namespace

Completion follow_up(const std::string& assistant) {
  return [rows = rows_of(assistant)](const engine::Input& input, engine::Reading& reading) {
    if (reading.findings.empty()) return;
    const auto row = std::ranges::find_if(rows, [&](const Row& one) { return holds(one, reading, input); });
    if (row != rows.end()) say(*row, reading);
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
