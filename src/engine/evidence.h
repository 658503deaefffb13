// The parts of a finding's evidence that several assistants write, as docs/reading.schema.json describes
// them.
#pragma once
#include <string>

#include "base/json.h"
#include "engine/card.h"
#include "engine/finding.h"

namespace meridian::engine {

// Seconds from the start; without a lead it is true of all.
Json evidence_interval(double from, double to, const LocalizedText& label, const std::string& lead = {});
// The polygon is [[x, y], ...] in pixels of the image; structure: what it is the outline of, where a code
// says so.
Json evidence_region(const LocalizedText& label, Json polygon, const Coding& structure = {});
Json evidence_rule(const LocalizedText& name, double value, double limit);

}  // namespace meridian::engine
