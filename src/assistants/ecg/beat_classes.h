// The AAMI class of each beat. Ventricular and fusion beats are told by their shape (beat_model.h),
// supraventricular ones among the others by their time and P wave (signal/atrial_ectopy.h).
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "assistants/ecg/beat_model.h"
#include "signal/atrial_fibrillation.h"
#include "signal/signal_quality.h"

namespace meridian::assistants::ecg {

// N, S, V or F (ANSI/AAMI EC57), one a beat (samples of the recording); empty: too few beats to tell.
std::string classify_beats(std::span<const std::int64_t> beats, const signal::RepeatingActivity& activity,
                           const BeatModel& model);

// Makes class Q of the beats that a pacemaker began (paced, by beat) and of those in whose second no lead is
// usable.
void mark_unclassifiable(std::span<const std::int64_t> beats, const std::vector<char>& paced,
                         std::span<const signal::LeadQuality> quality, double sampling_frequency,
                         std::string& classes);

}  // namespace meridian::assistants::ecg
