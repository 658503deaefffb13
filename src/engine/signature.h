// The signature by which a person makes a report final.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "record/record.h"
#include "trust/principal.h"

namespace meridian::engine {

struct SignRequest {
  std::string report_id;              // of the clinician's DiagnosticReport, preliminary
  std::int64_t version = 0;           // the one that the clinician read
  std::vector<std::string> accepted;  // ids of the findings (Observations) that the report rests on
  std::vector<std::string> drafts;    // ids of the drafts (DiagnosticReports) that the clinician read
  std::string changes;                // against the drafts, as changes_against_drafts says
  // SOP Instance UIDs of the ECGs that the clinician was shown; nothing: not known.
  std::optional<std::vector<std::string>> recordings = {};
};

struct Signed {
  std::int64_t version = 0;  // of the report, now final
  std::string provenance;    // "Provenance/…", which bears the signature
  std::string hash;          // hexadecimal
};

// Within the writer's transaction: the report and the accepted findings become final, drafts with an accepted
// finding too, less the findings (and the conclusion) that nobody accepted, and a Provenance over them bears
// the signature: who, when, and the hash of what was signed. Its entities are the drafts in the versions that
// were read, and the recordings as sources. Throws forbidden unless the role may sign, conflict when it is
// signed already, precondition_failed when the report is no longer of that version.
Signed sign_report(record::Writer& writer, const trust::Principal& principal, const SignRequest& request);

// SHA-256, hexadecimal, over the canonical content of the resources in their order: members sorted by name,
// numbers as written, no white space (as RFC 8785, but for numbers), without meta.
std::string content_hash(const std::vector<Json>& resources);
// The recordings of the request that the Provenance was made from; nothing where it does not say them.
std::optional<std::vector<std::string>> signed_recordings(const Json& provenance);
// The id of the Provenance of a report's signature.
std::string signature_id(const std::string& report_id);
// Whether the Provenance's signature is of these resources: the report first, then its findings.
bool is_signature_of(const Json& provenance, const std::vector<Json>& resources);

}  // namespace meridian::engine
