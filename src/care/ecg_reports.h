// ECGs of cases as documents to be printed.
#pragma once
#include <string>

#include "care/cases.h"
#include "care/recordings.h"

namespace meridian::care {

struct EcgReport;  // print/ecg_report.h

class EcgReports {
 public:
  EcgReports(const Cases& cases, const Recordings& recordings) : cases_(cases), recordings_(recordings) {}

  // A PDF of the case's recording: who, the ECG, its drafts, the clinical report and who signed it, or that
  // nobody has. Throws what Cases::page and ecg_pdf throw, not_found when the case has no such recording,
  // not_acceptable when it is no ECG.
  std::string pdf(const trust::Principal& principal, const std::string& case_id, const std::string& instance,
                  bool chinese) const;
  // What is printed beside the ECG. As signed stands only what the signature is of: the findings that were
  // accepted, and the report where the recording was on the case. Throws as pdf().
  EcgReport report(const trust::Principal& principal, const std::string& case_id, const std::string& instance,
                   bool chinese) const;

 private:
  const Cases& cases_;
  const Recordings& recordings_;
};

}  // namespace meridian::care
