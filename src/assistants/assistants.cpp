#include "assistants/assistants.h"

#include "base/error.h"

namespace meridian::assistants {

const engine::Assistant& named(const std::vector<std::unique_ptr<engine::Assistant>>& assistants,
                               const std::string& id) {
  std::string known;
  for (const auto& assistant : assistants) {
    if (assistant->card().id == id) return *assistant;
    known += (known.empty() ? "" : ", ") + assistant->card().id;
  }
  throw Error(ErrorCode::usage, "There is no assistant \"" + id + "\"", {}, "There are " + known);
}

}  // namespace meridian::assistants
