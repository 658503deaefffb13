// Resting ECGs as GE's MUSE exports them (RestingECG XML).
#pragma once
#include <string_view>

#include "signal/recording.h"

namespace meridian::archive {

// The rhythm waveform. III, aVR, aVL and aVF, which MUSE does not store where it has I and II, are
// calculated. The median beat, measurements and statements are named in `unread`; a lead whose electrode was
// off, or whose count of samples is not as announced, in `doubts`. Throws invalid_syntax, invalid_structure,
// not_supported (samples that are not of 2 bytes).
signal::Recording read_muse(std::string_view bytes);

}  // namespace meridian::archive
