// All assistants of this program. The list is made from the folders beside this file when the program is
// built.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "engine/assistant.h"

namespace meridian::assistants {

// One of each. Throws invalid_configuration when a card is missing or wrong, and what an assistant throws
// when it is made (corrupted for a wrong table of knowledge/, say). One whose model is damaged is there and
// unavailable; the others work.
std::vector<std::unique_ptr<engine::Assistant>> all();
// What make gives, the assistant of src/assistants/ID/card.json. When it throws corrupted for a model of that
// card, one that has the card, says that it is unavailable and why, and throws unavailable when it is run;
// everything else that it throws is thrown on.
std::unique_ptr<engine::Assistant> made(const std::string& id, std::unique_ptr<engine::Assistant> (*make)());
// Throws usage, naming those that there are.
const engine::Assistant& named(const std::vector<std::unique_ptr<engine::Assistant>>& assistants,
                               const std::string& id);

}  // namespace meridian::assistants
