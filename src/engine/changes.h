// What a clinician changed against the drafts, in words that are kept with the signed report.
#pragma once
#include <string>
#include <vector>

#include "engine/card.h"

namespace meridian::engine {

// One line a change: "+ " a sentence that no draft proposed, "- " a proposed one that the report does not
// say, in the order of the report and then of the drafts. A sentence counts as said when the report has it
// word for word in either language. Empty when nothing was changed.
std::string changes_against_drafts(const std::vector<LocalizedText>& proposed, const std::string& report);

}  // namespace meridian::engine
