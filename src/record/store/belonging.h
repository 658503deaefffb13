// Whose a resource is: what decides who may see it (visibility.h).
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"

namespace meridian::record {

// The security label of what is not to be disclosed to the patient before their clinician agrees.
inline constexpr std::string_view kActCode = "http://terminology.hl7.org/CodeSystem/v3-ActCode";
inline constexpr std::string_view kNotForPatient = "NOPAT";

enum class Audience : std::int64_t {
  care_team = 0,  // the organizations that have the patient in their care; not yet for the patient
  patient = 1,    // those, and the patient
  everyone = 2    // what a region consists of (trust::is_reference_data) and audit entries, about no patient
};

struct Belonging {
  std::vector<std::string> patients;  // "Patient/…", sorted
  Audience audience = Audience::care_team;
  // Resources, "DocumentReference/…", to whose patients it belongs too: a Binary's securityContext, what a
  // Provenance is of.
  std::vector<std::string> contexts;
};

// The patients are those given, of the Patient compartment. A Binary is in no compartment, and a Provenance
// in that of the patient only where it is of the Patient itself: they belong with their contexts. Kept from
// the patient until somebody answers for it: results that are not yet final, and whatever is labelled NOPAT
// (FHIR's security label for it, in meta.security).
Belonging belonging_of(const Json& resource, std::vector<std::string> patients);

}  // namespace meridian::record
