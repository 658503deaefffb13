// Recordings as DICOM ECG waveforms, so that every ECG is archived and shown in one form.
#pragma once
#include <string>

#include "base/time.h"
#include "signal/recording.h"

namespace meridian::archive {

// Whose ECG it is and where it belongs. Texts in UTF-8; what is empty is written empty, or made where DICOM
// asks for a value (UIDs).
struct EcgFacts {
  std::string patient_id, issuer_of_patient_id;
  std::string patient_name;        // as DICOM PN writes it: Family^Given=Ideographic
  std::string patient_birth_date;  // YYYYMMDD
  std::string patient_sex;         // M, F or O
  std::string patient_age;         // 061Y
  std::string accession_number;
  std::string study_instance_uid, series_instance_uid, sop_instance_uid;
  std::string study_description = "ECG";
  std::string institution_name;
  Instant recorded;  // used where the recording has no start of its own
};

// An age string: whole years, of those below 2 years whole months.
std::string dicom_age(double years);

// An instance (file with meta header, explicit VR little endian) of the SOP class that fits: 12-Lead ECG for
// up to 10 s of the twelve standard leads, General ECG up to 60 s, else Ambulatory ECG. Samples are stored in
// 16 bits with a step of 0.1 uV or the next of 1, 2, 5 times a power of ten that holds the lead's range; NaN
// as the padding value. More than 1000 samples a second are brought down by a whole factor (PS3.3 A.34 sets
// the limit). Throws invalid_value when the recording has no lead, no sample, leads of different lengths, or
// is slower than 50 Hz.
//
// The recording's doubts and what was not read of it become Waveform Annotations, from which read_dicom_ecg
// has them again.
std::string compose_ecg(const signal::Recording& recording, const EcgFacts& facts);

}  // namespace meridian::archive
