#include "app/bench/class_accuracy.h"

namespace meridian::app {

std::optional<bool> is_rightly_named(const engine::Reading& reading,
                                     const std::map<std::string, bool>& truth) {
  bool can_be_named = false, is_right = false;
  double highest = -1;
  for (const engine::ClassProbability& one : reading.classes) {
    const auto known = truth.find(one.name);
    if (known == truth.end()) continue;
    can_be_named = can_be_named || known->second;
    if (one.probability <= highest) continue;
    highest = one.probability;
    is_right = known->second;
  }
  if (!can_be_named) return {};
  return is_right;
}

}  // namespace meridian::app
