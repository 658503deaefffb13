// A clinic asks another organization for its opinion, and gets its question or its answer back.
//
// Asking writes a ServiceRequest (what is asked, of whom, by whom) and a Task (who has it: requested by the
// clinic's doctor, owned by the organization and then by the reader; in-progress when claimed, on-hold while
// a question waits for the clinic, completed when the report is signed), and gives the organization access to
// the patient.
#pragma once
#include <string>

#include "care/case_table.h"
#include "care/context.h"

namespace meridian::care {

class Consultations {
 public:
  explicit Consultations(const Context& context) : context_(context) {}

  struct Question {
    std::string organization;  // id or "Organization/…", another than one's own
    std::string question;
    std::string priority = "routine";
  };
  // {case}. Asking again after a question came back goes on with the same request. Throws forbidden (role, or
  // the case is another organization's), conflict (asked already, or signed), not_found, invalid_value,
  // consent_withheld (the patient does not agree that the organization sees their record).
  Json ask(const trust::Principal& principal, const std::string& case_id, const Question& question) const;
  // {case}: back to the clinic with a question, unsigned. Throws invalid_value (no text), conflict (nobody
  // asked, or somebody else reads it).
  Json return_with_question(const trust::Principal& principal, const std::string& case_id,
                            const std::string& text) const;

 private:
  Context context_;
};

// Within the transaction that signs the report: the request and its task are completed with that report.
void complete_consultation(record::Writer& writer, const CaseRow& row, const std::string& report);

// From then on an organization that a patient's consent no longer covers loses sight of the patient and its
// open consultations, which come back to the clinic. Call before the first write.
void end_consultations_without_consent(record::Record& record, Events& events);

}  // namespace meridian::care
