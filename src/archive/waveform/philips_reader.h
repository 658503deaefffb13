// Resting ECGs as Philips devices export them (restingecgdata XML, "Sierra ECG", versions 1.03 to 1.04.02).
#pragma once
#include <string_view>

#include "signal/recording.h"

namespace meridian::archive {

// The leads of `parsedwaveforms`, unpacked (XLI) where they are packed, without the calibration pulse at
// their end. Representative beats, measurements and statements are named in `unread`. Throws invalid_syntax,
// invalid_structure, not_supported (another packing or encoding), corrupted (packed data that end early).
signal::Recording read_philips(std::string_view bytes);

}  // namespace meridian::archive
