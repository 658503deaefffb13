// All assistants of this program. The list is made from the folders beside this file when the program is
// built.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "engine/assistant.h"

namespace meridian::assistants {

// One of each. Throws invalid_configuration when a card is missing or wrong.
std::vector<std::unique_ptr<engine::Assistant>> all();
// Throws usage, naming those that there are.
const engine::Assistant& named(const std::vector<std::unique_ptr<engine::Assistant>>& assistants,
                               const std::string& id);

}  // namespace meridian::assistants
