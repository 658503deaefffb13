// DICOM waveforms: 12-Lead, General and Ambulatory ECG, and any other waveform whose channels are voltages.
#pragma once
#include <string>

#include "signal/recording.h"

namespace meridian::archive {

// The largest group of channels that was recorded (not derived), with the leads of other groups of the same
// sampling frequency at their time offsets. What is left out is named in `unread`. Throws invalid_syntax (not
// DICOM, cut short), invalid_structure (no waveform, or an element is missing, or less data than announced),
// not_supported (a sample encoding), too_large.
signal::Recording read_dicom_ecg(std::string bytes);

}  // namespace meridian::archive
