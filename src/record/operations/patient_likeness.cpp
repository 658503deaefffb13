#include "record/operations/patient_likeness.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>
#include <string>

#include "record/terminology/canonical_source.h"
#include "record/values/fold.h"

namespace meridian::record {
namespace {

// How often a field agrees in two records of one person, and of two: assumed, not measured on any population.
struct Field {
  double same_person, others;
};
constexpr Field kIdentifier{0.95, 1e-6}, kBirthDay{0.95, 3e-5}, kSex{0.98, 0.5}, kFamily{0.9, 0.01},
    kGiven{0.85, 0.02}, kContact{0.6, 1e-5}, kPostalCode{0.7, 1e-3};

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

// Nothing when one of the two does not say.
std::optional<bool> agree(const Texts& a, const Texts& b) {
  if (a.empty() || b.empty()) return {};
  return std::ranges::any_of(a, [&](const std::string& text) { return b.contains(text); });
}

double bits(const Field& field, std::optional<bool> agreement) {
  if (!agreement) return 0;
  return *agreement ? std::log2(field.same_person / field.others)
                    : std::log2((1 - field.same_person) / (1 - field.others));
}

}  // namespace

Likeness likeness_of(const Json& asked, const Json& known) {
  const auto identifier = agree(identifiers_of(asked), identifiers_of(known));
  const auto family = agree(families_of(asked), families_of(known));
  const auto given = agree(givens_of(asked), givens_of(known));
  const auto born = agree(one_of(asked, "birthDate"), one_of(known, "birthDate"));
  const auto sex = agree(one_of(asked, "gender"), one_of(known, "gender"));
  // Another number or address is no sign against: people move, and have several identifiers.
  const auto for_only = [](const Field& field, std::optional<bool> agreement) {
    return agreement == true ? bits(field, agreement) : 0;
  };
  Likeness likeness;
  likeness.bits = for_only(kIdentifier, identifier) + bits(kFamily, family) + bits(kGiven, given) +
                  bits(kBirthDay, born) + bits(kSex, sex) +
                  for_only(kContact, agree(contacts_of(asked), contacts_of(known))) +
                  for_only(kPostalCode, agree(postal_codes_of(asked), postal_codes_of(known)));
  likeness.identifier = identifier == true;
  likeness.demographics = family == true && given == true && born == true && sex == true;
  return likeness;
}

double probability_of(const Likeness& likeness, std::int64_t people) {
  const double prior = -std::log2(static_cast<double>(std::max<std::int64_t>(people, 1)));
  return 1 / (1 + std::exp2(-(prior + likeness.bits)));
}

}  // namespace meridian::record
