// What a patient allows: whether assistants may read their record, and whether those who do not treat them
// may see it. Read from FHIR R4 Consent resources of privacy or treatment (docs/fhir.md says how).
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/time.h"
#include "engine/card.h"
#include "record/record.h"

namespace meridian::engine {

enum class ConsentState : std::uint8_t { not_asked, granted, withheld };
std::string_view consent_name(ConsentState state);  // "not-asked"

// HL7's consentaction.
inline constexpr std::string_view kUse = "use", kDisclose = "disclose";

struct ConsentQuestion {
  // Of one of them: "Device/…" of an assistant's versions, "Organization/…". Empty: what holds for anyone.
  std::vector<std::string> actors;
  std::string_view action;  // kUse, kDisclose
};

// Of the active consents that say something about it, the newest decides; of several of one time, a refusal.
ConsentState consent_of(const std::vector<Json>& consents, const ConsentQuestion& question, Instant at);
// A Consent that is being written or removed, as it counts from then on.
Json consent_after(record::Record& record, const record::Version& version);
// Whose consents that changes: of whom it is, and of whom it was until now. A Consent without a patient is
// nobody's.
std::vector<std::string> patients_of_consent(record::Record& record, const record::Version& version);
// The active ones. Of no patient there are none.
std::vector<Json> consents_of(record::Record& record, const std::string& patient);
// Why the assistant may not read the patient's record; nothing when it may.
std::optional<LocalizedText> withheld_from(record::Record& record, const Card& card,
                                           const std::string& patient);
// Throws consent_withheld.
void require_consent(record::Record& record, const Card& card, const std::string& patient);

}  // namespace meridian::engine
