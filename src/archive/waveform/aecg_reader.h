// HL7 version 3 annotated ECGs (aECG, ANSI/HL7 V3 ECG R1).
#pragma once
#include <string_view>

#include "signal/recording.h"

namespace meridian::archive {

// The leads of the rhythm series, each sequence set at its time. What else the document holds (representative
// beats, annotations, sequences that are no leads, sets of another sampling rate) is named in `unread`.
// Throws invalid_syntax, invalid_structure (no rhythm, or no sampling interval), too_large.
signal::Recording read_aecg(std::string_view bytes);

}  // namespace meridian::archive
