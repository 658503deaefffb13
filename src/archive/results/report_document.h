// What structured reports of all templates have in common. Of this room only: it includes DCMTK.
#pragma once
#include <dcmtk/dcmsr/dsrdoc.h>

#include <optional>
#include <string>
#include <vector>

#include "archive/results/reported.h"
#include "archive/results/source_image.h"

namespace meridian::archive {

// PS3.16, D: of what the code of a finding says, in percent.
inline const Code kCertainty{"111012", "DCM", "Certainty of Finding"}, kPercent{"%", "UCUM", "percent"};

// Throws invalid_value, saying what could not be made of a report.
void check_report(const OFCondition& condition);

DSRCodedEntryValue entry(const Code& code);
// At most the 16 characters of DS.
std::string decimal(double value);

// The file of a document of Comprehensive 3D SR whose tree is made: of the patient and in the study of the
// first of what it rests on. Without a verification it is partial, preliminary and unverified. Throws
// invalid_value.
std::string write_report(DSRDocument& document, const std::vector<DcmDataset*>& evidence,
                         const Algorithm& algorithm, const ResultIdentity& identity,
                         const std::optional<Verification>& verification);

}  // namespace meridian::archive
