// Nuclei on a stained slide; card.json says for whom, how well and with what limits.
#pragma once
#include <memory>

#include "engine/assistant.h"

namespace meridian::assistants::pathology {

// Throws invalid_configuration when the card is wrong. The models are loaded by the first image.
std::unique_ptr<engine::Assistant> make_assistant();

}  // namespace meridian::assistants::pathology
