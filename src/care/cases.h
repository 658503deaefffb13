// Cases: opened, shown whole, claimed by who reads them, and released.
#pragma once
#include <string>

#include "care/case_table.h"
#include "care/context.h"

namespace meridian::care {

// FHIR request priority: routine, urgent, asap or stat. Throws invalid_value.
engine::Urgency urgency_of_priority(const std::string& priority);

class Cases {
 public:
  explicit Cases(const Context& context) : context_(context) {}

  struct Opening {
    std::string patient;  // "Patient/…"
    std::string reason;   // in the clinician's words; may be empty
    std::string priority = "routine";
  };
  // {case: the page}. Throws forbidden, not_found (the patient).
  Json open(const trust::Principal& principal, const Opening& opening) const;
  // The case page of docs/console-api.md. That it was opened is in the ledger. Throws not_found, and
  // forbidden for residents and devices: drafts are for clinicians.
  Json page(const trust::Principal& principal, const std::string& id) const;
  // {case}. Writes a fact of the case that a draft asks for (engine/case_facts.h) as the principal's own
  // Observation; the drafts that rest on it are made again. Throws invalid_value for what is no value of it,
  // not_found (the case, the fact), forbidden, and conflict when the case is signed.
  Json note_fact(const trust::Principal& principal, const std::string& id, const std::string& fact,
                 const Json& value) const;
  // {case}. Claiming what is already one's own changes nothing. Throws conflict naming who has it, or when it
  // is signed.
  Json claim(const trust::Principal& principal, const std::string& id) const;
  // {case}. Throws conflict when somebody else has it.
  Json release(const trust::Principal& principal, const std::string& id) const;
  // {today: [row], answers: [message], outbox: {waiting}}: the principal's organization's cases of the last
  // 24 hours.
  Json home(const trust::Principal& principal) const;
  // [{id, name, kind}]: the other organizations, whose opinion may be asked.
  Json organizations(const trust::Principal& principal) const;

 private:
  Context context_;
};

// Within a transaction, for the room's services: a new Encounter and its row. priority: of the FHIR request.
CaseRow make_case(record::Writer& writer, const Cases::Opening& opening, const std::string& organization);
// The task of the consultation that is under way, or nothing.
std::optional<Json> open_consultation(record::Writer& writer, const CaseRow& row);
std::string consultation_task_id(const CaseRow& row);

}  // namespace meridian::care
