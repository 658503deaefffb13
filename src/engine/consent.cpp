#include "engine/consent.h"

#include <algorithm>
#include <limits>

#include "base/error.h"
#include "engine/draft.h"
#include "engine/resources.h"
#include "record/values/temporal.h"

namespace meridian::engine {
namespace {

constexpr std::string_view kScope = "http://terminology.hl7.org/CodeSystem/consentscope";
constexpr std::string_view kAction = "http://terminology.hl7.org/CodeSystem/consentaction";
constexpr std::string_view kReason = "http://terminology.hl7.org/CodeSystem/v3-ActReason";
constexpr std::string_view kPolicy = "http://terminology.hl7.org/CodeSystem/v3-ActCode";

using record::Temporal;

const Json::Array& items_of(const Json& json, std::string_view name) {
  static const Json::Array kNone;
  const Json* items = json.find(name);
  return items && items->is_array() ? items->items() : kNone;
}

std::optional<Temporal> time_at(const Json& json, std::string_view name) {
  return Temporal::parse_date_time(json.text(name));
}

bool is_in_force(const Json& period, Instant at) {
  const std::int64_t now = at.time_since_epoch().count();
  const auto start = time_at(period, "start"), end = time_at(period, "end");
  return (!start || start->first_microsecond() <= now) && (!end || now <= end->last_microsecond());
}

// A rule that names nobody, or no action, is about all of them.
bool concerns_actor(const Json& rule, const std::vector<std::string>& actors) {
  const Json::Array& named = items_of(rule, "actor");
  return named.empty() || std::ranges::any_of(named, [&](const Json& one) {
           return std::ranges::count(actors, local_reference(one.text("reference.reference"))) > 0;
         });
}

// Who may not have access may neither use nor be shown anything.
bool concerns_action(const Json& rule, std::string_view action) {
  const Json::Array& actions = items_of(rule, "action");
  return actions.empty() || std::ranges::any_of(actions, [&](const Json& one) {
           return has_coding(one, kAction, action) || has_coding(one, kAction, "access");
         });
}

// All that is asked here is for the patient's treatment.
bool concerns_treatment(const Json& rule) {
  const Json::Array& purposes = items_of(rule, "purpose");
  return purposes.empty() || std::ranges::any_of(purposes, [](const Json& one) {
           return one.text("system") == kReason && one.text("code") == "TREAT";
         });
}

// Of a part of the record only. A part cannot be kept from a reader who gets the whole: who withholds a part
// withholds the whole, and who permits a part permits nothing.
bool is_of_a_part(const Json& rule) {
  return std::ranges::any_of(
      std::initializer_list<std::string_view>{"class", "code", "data", "securityLabel", "dataPeriod"},
      [&](std::string_view member) { return rule.contains(member); });
}

// What a rule says, or the exceptions to it within it; of exceptions a refusal decides. Nothing when it does
// not hold. of_a_part: what it is an exception to is of a part, and so is it.
std::optional<ConsentState> decide(const Json& rule, const ConsentQuestion& question, Instant at,
                                   bool of_a_part = false) {
  if (!is_in_force(rule.get("period"), at) || !concerns_actor(rule, question.actors) ||
      !concerns_action(rule, question.action) || !concerns_treatment(rule))
    return {};
  of_a_part = of_a_part || is_of_a_part(rule);
  std::optional<ConsentState> said, exception;
  if (rule.text("type") == "deny") said = ConsentState::withheld;
  if (rule.text("type") == "permit" && !of_a_part) said = ConsentState::granted;
  for (const Json& nested : items_of(rule, "provision"))
    if (const auto state = decide(nested, question, at, of_a_part);
        state && exception != ConsentState::withheld)
      exception = state;
  return exception ? exception : said;
}

ConsentState policy_of(const Json& consent) {
  for (const Json& coding : items_of(consent.get("policyRule"), "coding")) {
    if (coding.text("system") != kPolicy) continue;
    if (coding.text("code").starts_with("OPTIN")) return ConsentState::granted;
    if (coding.text("code").starts_with("OPTOUT")) return ConsentState::withheld;
  }
  return ConsentState::not_asked;
}

bool is_of_treatment(const Json& consent) {
  const Json* scope = consent.find("scope");
  return scope && (has_coding(*scope, kScope, "patient-privacy") || has_coding(*scope, kScope, "treatment"));
}

// The Devices that a rule names, and the exceptions to it.
void add_devices(const Json& rule, std::vector<std::string>& devices) {
  for (const Json& actor : items_of(rule, "actor"))
    if (std::string reference = local_reference(actor.text("reference.reference"));
        reference.starts_with("Device/"))
      devices.push_back(std::move(reference));
  for (const Json& nested : items_of(rule, "provision")) add_devices(nested, devices);
}

bool is_version_of(record::Record& record, const std::string& device, const Card& card) {
  const auto found = record.find(trust::Principal::system(), "Device",
                                 {{"_id", device.substr(std::string_view("Device/").size())}});
  return std::ranges::any_of(found, [&](const Json& one) {
    return std::ranges::any_of(items_of(one, "identifier"), [&](const Json& identifier) {
      return identifier.text("system") == kAssistant && identifier.text("value").starts_with(card.id + "|");
    });
  });
}

// Who refuses one version of an assistant refuses those that come after it.
std::vector<std::string> named_versions_of(record::Record& record, const Card& card,
                                           const std::vector<Json>& consents) {
  std::vector<std::string> devices;
  for (const Json& consent : consents) add_devices(consent.get("provision"), devices);
  std::erase_if(devices, [&](const std::string& device) { return !is_version_of(record, device, card); });
  return devices;
}

std::int64_t given_at(const Json& consent) {
  const auto time = time_at(consent, "dateTime");
  return time ? time->first_microsecond() : std::numeric_limits<std::int64_t>::min();
}

}  // namespace

std::string_view consent_name(ConsentState state) {
  switch (state) {
    case ConsentState::granted:
      return "granted";
    case ConsentState::withheld:
      return "withheld";
    case ConsentState::not_asked:
      break;
  }
  return "not-asked";
}

ConsentState consent_of(const std::vector<Json>& consents, const ConsentQuestion& question, Instant at) {
  ConsentState newest = ConsentState::not_asked;
  std::int64_t newest_given = std::numeric_limits<std::int64_t>::min();
  for (const Json& consent : consents) {
    if (consent.text("status") != "active" || !is_of_treatment(consent)) continue;
    const ConsentState state = decide(consent.get("provision"), question, at).value_or(policy_of(consent));
    const std::int64_t given = given_at(consent);
    if (state == ConsentState::not_asked || given < newest_given) continue;
    if (given > newest_given || newest != ConsentState::withheld) newest = state;
    newest_given = given;
  }
  return newest;
}

Json consent_after(record::Record& record, const record::Version& version) {
  if (!version.deleted) return Json::parse(version.body);
  Json last = Json::parse(
      record.read_version(trust::Principal::system(), version.type, version.id, version.number - 1).body);
  last["status"] = "inactive";
  return last;
}

std::vector<std::string> patients_of_consent(record::Record& record, const record::Version& version) {
  std::vector<Json> states = record.find(trust::Principal::system(), "Consent", {{"_id", version.id}});
  states.push_back(consent_after(record, version));
  std::vector<std::string> patients;
  for (const Json& consent : states)
    if (std::string patient = local_reference(consent.text("patient.reference"));
        patient.starts_with("Patient/") && std::ranges::find(patients, patient) == patients.end())
      patients.push_back(std::move(patient));
  return patients;
}

std::vector<Json> consents_of(record::Record& record, const std::string& patient) {
  if (patient.empty()) return {};  // a search by no patient would find everybody's
  return record.find(trust::Principal::system(), "Consent", {{"patient", patient}, {"status", "active"}});
}

std::optional<LocalizedText> withheld_from(record::Record& record, const Card& card,
                                           const std::string& patient) {
  if (patient.empty()) return {};
  const std::vector<Json> consents = consents_of(record, patient);
  const ConsentQuestion question{named_versions_of(record, card, consents), kUse};
  if (consent_of(consents, question, now()) != ConsentState::withheld) return {};
  return LocalizedText{
      "Not analysed, because the patient does not agree that an assistant reads their record.",
      "未分析：患者不同意由辅助程序读取其病历。"};
}

void require_consent(record::Record& record, const Card& card, const std::string& patient) {
  if (const auto why = withheld_from(record, card, patient))
    throw Error(ErrorCode::consent_withheld, why->en, patient,
                "Talk with the patient; when they agree, record their consent");
}

}  // namespace meridian::engine
