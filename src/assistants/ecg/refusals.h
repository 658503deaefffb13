// Why a recording is not analysed.
#pragma once
#include <optional>

#include "assistants/ecg/analysis.h"
#include "engine/finding.h"

namespace meridian::assistants::ecg {

// By what was sent: no-recording, invalid-sampling-frequency, uneven-leads, too-short.
std::optional<engine::Refusal> refuse_unsuitable(const std::optional<signal::Recording>& recording);
// By its signal: no-signal, too-noisy.
std::optional<engine::Refusal> refuse_unusable(const Analysis& analysis);
// By what was found: too-few-beats.
std::optional<engine::Refusal> refuse_without_beats(const Analysis& analysis);

}  // namespace meridian::assistants::ecg
