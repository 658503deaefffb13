// Whether the likeliest class of a reading is the case's.
#pragma once
#include <map>
#include <optional>
#include <string>

#include "engine/finding.h"

namespace meridian::app {

// truth: by class. Of the reading only those classes count (what a segmenter outlines beside them is no
// answer). Nothing of a case that is of none of the reading's classes, which no answer would fit.
std::optional<bool> is_rightly_named(const engine::Reading& reading,
                                     const std::map<std::string, bool>& truth);

}  // namespace meridian::app
