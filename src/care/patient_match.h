// Whose recording it is that a device sent: the patient in the record, or a new one made of what DICOM says.
//
// A patient is the same when an identifier of theirs has the file's Patient ID as its value, and either its
// system is that of the file's issuer or the patient is managed by the sender's organization; and neither the
// date of birth nor the sex contradicts. What fits nobody, or more than one, becomes a patient of its own:
// two people are never mixed, and a doubled one is merged by a person.
#pragma once
#include <optional>
#include <string>

#include "archive/archive.h"
#include "record/record.h"

namespace meridian::care {

// "Patient/…", or nothing when none fits.
std::optional<std::string> find_patient(record::Record& record, const archive::InstanceFacts& facts,
                                        const std::string& organization);
// Within the transaction: the Patient that these facts make under the organization, made when missing.
// Without a Patient ID, each study has a patient of its own.
std::string make_patient(record::Writer& writer, const archive::InstanceFacts& facts,
                         const std::string& organization);
// Throws conflict when the file says that it is of somebody else: another date of birth or another sex.
void require_same_person(const Json& patient, const archive::InstanceFacts& facts);

// "19570304" as "1957-03-04"; empty when it is not a DICOM date.
std::string fhir_date(const std::string& dicom_date);
std::string fhir_gender(const std::string& dicom_sex);  // M, F, O; else "unknown"
// HumanName of a DICOM PN "Li^Xiuying=李^秀英": one a group; the ideographic first.
Json human_names(const std::string& person_name);

}  // namespace meridian::care
