// What an instance says of itself: enough to file it and to choose an assistant.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace meridian::archive {

struct InstanceKey {
  std::string study, series, instance;  // UIDs
  friend bool operator==(const InstanceKey&, const InstanceKey&) = default;
};

// One item of the Request Attributes Sequence: an order that a series is for.
struct RequestAttributes {
  std::string accession_number, study_uid, scheduled_step_id, requested_procedure_id;
};

// Texts are UTF-8, dates and times as in DICOM.
struct InstanceFacts {
  InstanceKey key;
  std::string sop_class, transfer_syntax;
  std::string modality, body_part, view_position, study_description, series_description;
  std::string patient_id, issuer_of_patient_id, patient_name, patient_birth_date, patient_sex;
  std::string accession_number, study_id, referring_physician;
  std::string study_date, study_time;
  // FHIR dateTime, as exact as the file is; empty when it says none. A time without a time zone is read as
  // the node's own zone.
  std::string study_datetime;
  std::vector<RequestAttributes> requests = {};          // as the file says; the index has them by series
  std::string performed_date = {}, performed_time = {};  // when the step began; likewise
  std::string timezone = {};                             // "+0800"; likewise, by study
  int series_number = 0, instance_number = 0, frames = 1, rows = 0, columns = 0;
};

// A series, with as many of its instances as were asked for: the first by their numbers, at least one.
struct SeriesFacts {
  std::vector<InstanceFacts> first_instances;
  std::int64_t instances = 0;  // that it has
};

}  // namespace meridian::archive
