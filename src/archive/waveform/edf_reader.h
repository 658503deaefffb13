// European Data Format: EDF, EDF+ (continuous and discontinuous) and Biosemi's BDF.
#pragma once
#include <string_view>

#include "signal/recording.h"

namespace meridian::archive {

// The signals that are ECG leads: those called "ECG ..." or "EKG ...", and where none is, those in volts that
// are not called another signal. Slower ones are interpolated to the fastest. Records of EDF+D stand at their
// times, with gaps between. Signals left out and annotations are named in `unread`; a file that is shorter or
// longer than its header says, in `doubts`. Throws invalid_syntax (header), invalid_structure (no lead, no
// whole record), too_large.
signal::Recording read_edf(std::string_view bytes);

}  // namespace meridian::archive
