// What changed from one reading of a patient to the next by the same assistant: ECGs are judged against the
// earlier ones.
#pragma once
#include "base/json.h"

namespace meridian::care {

// The findings of two drafts, as draft_json gives them. {measurements: [{code, text, before, now, unit}],
// new: [text], gone: [text]}: heart rate, intervals and axis where both have them, and what the one states
// and the other does not. Texts are localized.
Json compare_findings(const Json& now, const Json& before);

}  // namespace meridian::care
