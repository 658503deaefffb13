// What no ECG looks like: a gain or a sampling frequency that the file states wrongly.
#pragma once
#include "signal/recording.h"

namespace meridian::archive {

// Adds to the recording's doubts:
// - a lead without a value, and leads whose deflections are above 20 mV or, in all leads, below 0.02 mV: the
//   gain may be wrong;
// - QRS complexes narrower than 70 ms with a QTc below 320 ms, or wider than 120 ms with a QTc above 550 ms
// and
//   fewer than 50 beats a minute, in the first 30 s: time itself may be wrong. Chosen on 531 records of
//   PTB-XL, LUDB and MIT-BIH: none of them is doubted, 76 % are at twice their rate and 59 % at half of it.
// QTc after Fridericia (1920). Recordings that the ECG assistant would refuse are judged by their gain only.
void note_implausible(signal::Recording& recording);

}  // namespace meridian::archive
