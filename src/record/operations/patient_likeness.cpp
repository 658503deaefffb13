#include "record/operations/patient_likeness.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <set>
#include <string>

#include "base/fact_table.h"
#include "record/terminology/canonical_source.h"
#include "record/values/fold.h"

namespace meridian::record {
namespace {

constexpr const char* kTable = "patient_match.csv";

struct Field {
  std::string_view name;
  std::set<std::string> (*texts)(const Json& patient);
  bool counts_against;  // people move, and have several identifiers: another of these is no sign against
};

// How often a field agrees in two records of one person, and of two.
struct Weight {
  double same_person = 0, others = 0;
};

using Texts = std::set<std::string>;

Texts identifiers_of(const Json& patient) {
  Texts texts;
  for (const Json& identifier : items_of(patient, "identifier"))
    if (const std::string value = identifier.text("value"); !value.empty())
      texts.insert(identifier.text("system") + "|" + value);
  return texts;
}

Texts families_of(const Json& patient) {
  Texts texts;
  for (const Json& name : items_of(patient, "name"))
    if (std::string family = fold(name.text("family")); !family.empty()) texts.insert(std::move(family));
  return texts;
}

Texts givens_of(const Json& patient) {
  Texts texts;
  for (const Json& name : items_of(patient, "name"))
    for (const Json& given : items_of(name, "given"))
      if (given.is_string()) texts.insert(fold(given.as_string()));
  return texts;
}

Texts contacts_of(const Json& patient) {
  Texts texts;
  for (const Json& contact : items_of(patient, "telecom")) {
    std::string value = contact.text("value");
    std::erase_if(value, [](char c) { return c == ' ' || c == '-' || c == '(' || c == ')'; });
    if (!value.empty()) texts.insert(fold(value));
  }
  return texts;
}

Texts postal_codes_of(const Json& patient) {
  Texts texts;
  for (const Json& address : items_of(patient, "address"))
    if (std::string code = fold(address.text("postalCode")); !code.empty()) texts.insert(std::move(code));
  return texts;
}

Texts one_of(const Json& patient, const char* member) {
  const std::string value = patient.text(member);
  return value.empty() ? Texts() : Texts{value};
}

Texts birth_day_of(const Json& patient) {
  return one_of(patient, "birthDate");
}

Texts sex_of(const Json& patient) {
  return one_of(patient, "gender");
}

constexpr std::array<Field, 7> kFields{{{"identifier", identifiers_of, false},
                                        {"family", families_of, true},
                                        {"given", givens_of, true},
                                        {"birth_day", birth_day_of, true},
                                        {"sex", sex_of, true},
                                        {"contact", contacts_of, false},
                                        {"postal_code", postal_codes_of, false}}};

double share(const std::string& text) {
  const double value = std::strtod(text.c_str(), nullptr);
  if (!(value > 0 && value < 1)) refuse_fact_table(kTable, text);
  return value;
}

// In the order of the fields.
std::array<Weight, kFields.size()> read_weights() {
  std::array<Weight, kFields.size()> weights;
  for (const auto& row : read_fact_table(kTable, 3)) {
    const auto field = std::ranges::find(kFields, row[0], &Field::name);
    if (field == kFields.end()) refuse_fact_table(kTable, row[0]);
    weights.at(static_cast<std::size_t>(field - kFields.begin())) = {share(row[1]), share(row[2])};
  }
  for (const Weight& weight : weights)
    if (weight.same_person == 0) refuse_fact_table(kTable, "a field is missing");
  return weights;
}

// Nothing when one of the two does not say.
std::optional<bool> agree(const Texts& a, const Texts& b) {
  if (a.empty() || b.empty()) return {};
  return std::ranges::any_of(a, [&](const std::string& text) { return b.contains(text); });
}

double bits(const Weight& weight, bool agreement) {
  return agreement ? std::log2(weight.same_person / weight.others)
                   : std::log2((1 - weight.same_person) / (1 - weight.others));
}

}  // namespace

std::vector<FieldAgreement> agreements_of(const Json& asked, const Json& known) {
  std::vector<FieldAgreement> agreements;
  agreements.reserve(kFields.size());
  for (const Field& field : kFields)
    agreements.push_back({field.name, agree(field.texts(asked), field.texts(known))});
  return agreements;
}

Likeness likeness_of(const Json& asked, const Json& known) {
  static const auto weights = read_weights();
  const std::vector<FieldAgreement> agreements = agreements_of(asked, known);
  const auto agrees = [&](std::string_view name) {
    return std::ranges::find(agreements, name, &FieldAgreement::field)->agree == true;
  };
  Likeness likeness;
  for (std::size_t i = 0; i < kFields.size(); ++i)
    if (const auto agree = agreements[i].agree; agree && (*agree || kFields[i].counts_against))
      likeness.bits += bits(weights[i], *agree);
  likeness.identifier = agrees("identifier");
  likeness.demographics = agrees("family") && agrees("given") && agrees("birth_day") && agrees("sex");
  return likeness;
}

double probability_of(const Likeness& likeness, std::int64_t people) {
  const double prior = -std::log2(static_cast<double>(std::max<std::int64_t>(people, 1)));
  return 1 / (1 + std::exp2(-(prior + likeness.bits)));
}

}  // namespace meridian::record
