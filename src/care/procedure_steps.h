// What modalities say of their work: performed procedure steps (PS3.4, F.7) as Tasks of the orders.
#pragma once
#include <string>

#include "care/context.h"

namespace meridian::care {

class ProcedureSteps {
 public:
  explicit ProcedureSteps(const Context& context) : context_(context) {}

  // N-CREATE: a Task in progress, which follows from the UID, on the order that the step's scheduled
  // attributes name by Study Instance UID or accession number; what else is to be done for that order is in
  // progress too. A step of no known order is kept without one. Its series and its dose become what the Task
  // puts out (performed_outputs.h), here and in update(). attributes: DICOM JSON. Throws conflict (the
  // step is known), invalid_value (it is not IN PROGRESS).
  void begin(const trust::Principal& device, const std::string& uid, const Json& attributes) const;
  // N-SET: COMPLETED completes the Task and the order; DISCONTINUED ends the Task, and the order stays open.
  // Throws not_found, precondition_failed (the step has ended), invalid_value.
  void update(const trust::Principal& device, const std::string& uid, const Json& attributes) const;

 private:
  Context context_;
};

// Whether a step of the ServiceRequest of this id is in progress.
bool has_step_in_progress(record::Record& record, const std::string& request_id);

}  // namespace meridian::care
