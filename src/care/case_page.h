// A case as one page, put together from the record: docs/console-api.md, "case page".
#pragma once
#include <set>

#include "care/case_table.h"
#include "care/context.h"

namespace meridian::care {

class CasePage {
 public:
  // The principal has been found to see the row's patient.
  CasePage(const Context& context, const trust::Principal& principal, const CaseRow& row);
  Json json() const;

 private:
  std::vector<Json> find(const std::string& type, const std::string& reference_parameter) const;
  bool is_of_case(const Json& resource) const;
  Json encounter() const;
  Json patient() const;
  Json allergies() const;
  Json consent() const;
  Json recordings() const;
  const RecordingRow* recording_of(const std::string& instance) const;  // null when it is none of them
  bool show_the_same(const RecordingRow& one, const RecordingRow& other) const;
  const Json* earlier_draft(const Json& draft, const RecordingRow& recording) const;
  Json comparison(const Json& draft) const;
  Json drafts() const;
  Json not_run() const;
  Json running() const;
  struct SignedRecordings {
    std::set<std::string> instances;
    bool said = false;  // that it is of no others
  };
  SignedRecordings signed_recordings(const Json& clinical) const;
  Json report() const;
  Json requests() const;
  Json timeline() const;
  Json may() const;

  const Context& context_;
  const trust::Principal& principal_;
  const CaseRow& row_;
  std::vector<RecordingRow> recordings_;                           // of the patient
  std::vector<Json> reports_, tasks_, requests_, communications_;  // of the patient
};

// {case: the page}, as every act on a case answers. Throws not_found.
Json case_answer(const Context& context, const trust::Principal& principal, const std::string& case_id);
// The id of the clinicians' report of the case.
std::string clinical_report_id(const std::string& case_id);

}  // namespace meridian::care
