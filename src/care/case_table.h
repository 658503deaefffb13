// The cases as a worklist needs them: one row a case, kept beside the FHIR resources and changed in the
// transactions that change those, so that thousands of cases are sorted and filtered by an index. The facts
// are the resources.
#pragma once
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/time.h"
#include "care/events.h"
#include "engine/finding.h"
#include "storage/database.h"
#include "trust/principal.h"

namespace meridian::care {

// waiting: nobody reads it yet; reading: somebody has claimed it; asked: another organization's opinion is
// asked for; answered: it came back to the clinic with a question, unsigned; signed: its report is final.
enum class CaseStatus { waiting, reading, asked, answered, signed_off };
std::string_view status_name(CaseStatus status);  // "signed" for signed_off
CaseStatus status_of(std::string_view name);

struct CaseRow {
  std::string id;            // the Encounter's
  std::string patient;       // "Patient/…"
  Json patient_json;         // {id, name, nameLatin, sex, birthDate}
  std::string search;        // names and identifiers, in lower case
  std::string organization;  // "Organization/…" that has the case
  std::string organization_name;
  std::string asked;  // "Organization/…" whose opinion is asked for, or empty
  CaseStatus status = CaseStatus::waiting;
  engine::Urgency urgency = engine::Urgency::routine;  // before waiting time
  Json urgency_reason;                                 // localized or null
  std::string modality;                                // of the newest recording, or empty
  Json draft;  // {text, probability, threshold, assistant} of the most urgent finding, or null
  std::string reader, reader_display;  // account id of who has claimed it
  Instant since{};                     // when the case was opened
  std::optional<Instant> signed_at;
  std::int64_t version = 0;  // counts changes

  std::vector<std::string> organizations() const;  // that work on it
};

// What says something of other recordings: a segmentation, a structured report, a presentation state.
inline constexpr const char* kResultKind = "result";

// A recording or film of a case, as the case page and the timeline list it.
struct RecordingRow {
  std::string instance, study, series, case_id, patient;
  std::string kind;  // "ecg", "image", "slide" or kResultKind
  std::string modality, title;
  Instant at{};
  int frames = 1;
  Json leads;  // ["I", …]; null for images
  double seconds = 0;
  std::vector<std::string> flaws = {};  // what is damaged, doubtful or was not read, in words
};

Json json_of_texts(const std::vector<std::string>& texts);

std::span<const storage::Migration> case_migrations();

std::optional<CaseRow> find_case(storage::Connection& connection, const std::string& id);
// The newest case of the patient at the organization that is not signed.
std::optional<CaseRow> find_open_case(storage::Connection& connection, const std::string& patient,
                                      const std::string& organization);
std::vector<CaseRow> cases_of(storage::Connection& connection, const std::string& patient);
// Inserts or replaces; counts the version up.
void save_case(storage::Transaction& transaction, CaseRow& row);
// The patient's names changed.
void rename_patient(storage::Transaction& transaction, const std::string& patient, const Json& patient_json,
                    const std::string& search);

void save_recording(storage::Transaction& transaction, const RecordingRow& row);
std::vector<RecordingRow> recordings_of(storage::Connection& connection, const std::string& patient);

// The columns of a case in the order in which read_case takes them, for other queries of this room.
std::string case_columns();
CaseRow read_case(const storage::Row& row);

// Tells those who work on the case, once the transaction is durable, that it and the worklist changed.
void publish_case(storage::Transaction& transaction, Events& events, const CaseRow& row);

// The case, when it exists and the principal may see its patient; else throws not_found.
CaseRow require_case(storage::Connection& connection, const trust::Principal& principal,
                     const std::string& id);

}  // namespace meridian::care
