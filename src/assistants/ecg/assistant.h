// Rhythm of an ECG: quality, beats, rate, RR statistics and atrial fibrillation; card.json says for whom, how
// well and with what limits.
#pragma once
#include <memory>

#include "engine/assistant.h"

namespace meridian::assistants::ecg {

// Throws invalid_configuration when the card is wrong. The model is loaded by the first recording.
std::unique_ptr<engine::Assistant> make_assistant();

}  // namespace meridian::assistants::ecg
