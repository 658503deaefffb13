// What came in another form than DICOM, made DICOM before it is taken in. The same bytes for the same patient
// give the same UIDs, so that what is sent twice is kept once.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "archive/slide/compose_slide.h"
#include "archive/waveform/file_source.h"
#include "base/time.h"
#include "signal/recording.h"

namespace meridian::care {

// Whose it is, where the file itself does not say. DICOM's forms: YYYYMMDD; M, F, O.
struct ConversionSubject {
  std::string patient_id, name, birth_date, sex;
  std::string modality, body_part;  // that a picture is said to show; empty: a film of the chest
  std::string series;               // to which a picture belongs; empty: to none
  std::int64_t number = 1;          // of a picture in its series
  std::string scope;  // the case, or the organization: what is sent to two of them is two recordings
};

// Whether the bytes begin as a DICOM file does (PS3.10 7.1), and as a PNG or JPEG does.
bool is_dicom(std::string_view bytes);
bool is_picture(std::string_view bytes);

// FHIR's forms as DICOM's: "1953-05-08" as 19530508, "male" as M. Empty when there is none.
std::string dicom_date(std::string fhir_date);
std::string dicom_sex(const std::string& gender);

// A recording of any format but DICOM. Where the file says whose it is, that goes into the DICOM, but for the
// patient's identifier and name, which are the subject's where it has some. What the reader left out or
// doubted goes along. Throws what archive::read_recording and compose_ecg throw.
std::string dicom_of_recording(const std::vector<archive::NamedBytes>& files,
                               const ConversionSubject& subject, Instant arrived);
// A piece of a monitor's signal, an examination of its own; name: of this piece among all (a UUID). Throws
// what compose_ecg throws.
std::string dicom_of_strip(const signal::Recording& recording, const std::string& name,
                           const std::string& title, const ConversionSubject& subject);
std::string strip_instance_uid(const std::string& name);
// A film, or what the subject's modality says, as PNG or JPEG. Throws what vision::decode_picture and
// archive::compose_picture throw, and unsupported_media_type for a film in colour.
std::string dicom_of_picture(const archive::NamedBytes& file, const ConversionSubject& subject,
                             Instant arrived);
// What a whole slide of a scanner is filed under: whose it is where the case says so, and UIDs that follow
// from the file's bytes.
archive::SlideFacts slide_facts(const std::filesystem::path& file, const std::string& name,
                                const ConversionSubject& subject, Instant arrived);
// The SOP Instance UID that they give.
std::string converted_instance_uid(const std::vector<archive::NamedBytes>& files,
                                   const ConversionSubject& subject);

}  // namespace meridian::care
