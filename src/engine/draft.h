// A reading made into facts of the record that nobody has signed yet.
//
//   DiagnosticReport  preliminary; category assistant-draft; identifier assistant|version|input; conclusion
//   in
//                     English and Chinese; result: the Observations; presentedForm: the evidence
//   Observation       preliminary, one a finding: valueBoolean whether it was found (or valueQuantity when it
//   is a
//                     measurement), interpretation POS or NEG, note the sentence, device the assistant,
//                     components probability, threshold and the measurements
//   Binary            the whole reading as docs/reading.schema.json says, its evidence included
//   Device            the assistant's version, made when missing
//   Provenance        of all of these: author the Device, entity the input
// An assistant that said nothing (refused its input, has not the patient's consent, is switched off,
// unavailable, or failed) leaves a Task: status rejected or failed, businessStatus one of refused, withheld,
// off, unavailable, failed, statusReason why; it is completed when a later run makes a draft. Ids follow from
// assistant, version and input: the same run written twice is one draft. All of it but the Device is kept
// from the patient until signed.
#pragma once
#include <functional>
#include <string>

#include "engine/assistant.h"
#include "engine/matching.h"
#include "record/record.h"
#include "trust/principal.h"

namespace meridian::engine {

struct WrittenDraft {
  std::string report;    // "DiagnosticReport/…"
  bool changed = false;  // false: a person has already judged this draft, and there is nothing to add to it
  bool created = false;
};

// again: of a series the how manieth draft, after others were judged when only a part of it was here.
std::string draft_report_id(const Card& card, const RunRequest& request, int again = 0);
std::string finding_id(const std::string& report_id, std::size_t index);
std::string device_id(const Card& card);
// The assistant's Device, when there is none yet.
void make_device(record::Writer& writer, const Card& card);

// A draft that was judged is left as it is; more slices of its series than it rests on make another beside
// it.
WrittenDraft write_draft(record::Writer& writer, const Card& card, const RunRequest& request,
                         const Reading& reading);

// Why an assistant said nothing.
struct NotRun {
  std::string outcome;      // refused, withheld, off, unavailable, failed
  std::string reason_code;  // Refusal::reason, or the outcome again
  LocalizedText text;
};
void write_not_run(record::Writer& writer, const Card& card, const RunRequest& request, const NotRun& why);

// The reading that a draft was made from. The report is the draft's DiagnosticReport.
std::string evidence_reference(const Json& report);  // "Binary/…", or empty
Json reading_of(const Json& binary);

// A clinician throws a draft out: report and Observations cancelled, the reason kept. Throws forbidden by
// role, invalid_value without a reason, conflict when it is no longer preliminary.
void reject_draft(record::Writer& writer, const trust::Principal& principal, const std::string& report_id,
                  const std::string& reason);

// The program's own act, on behalf of the assistant.
trust::Principal principal_of(const Card& card);

}  // namespace meridian::engine
