// The words by which recordings say whose they are, read alike in every format.
#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace meridian::archive {

// FHIR's administrative gender of "M", "F", "male", "Female", "O"; empty for all else.
std::string gender_of(std::string_view text);
// Years, 0 to 130; nothing when the text is no such number.
std::optional<double> age_of(std::string_view text);
// YYYY-MM-DD of "19530508" (HL7, DICOM), "08-MAY-1953" (EDF+), "05-08-1953" (MUSE) and of itself; empty when
// it is none of these or no day.
std::string birth_date_of(std::string_view text);
// DICOM's PN of its parts, without its delimiters.
std::string person_name_of(std::string_view family, std::string_view given);

}  // namespace meridian::archive
