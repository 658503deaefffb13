// Keeps the table of cases true to the resources, whoever writes them.
#pragma once
#include "care/context.h"
#include "engine/runner.h"

namespace meridian::care {

// Has the record tell of each Encounter (a case is made or its patient changes) and Patient (a name changes).
// Call before the first write.
void project_cases(record::Record& record);
// Has each draft raise its case: its most urgent finding is shown, its urgency raises the case's, and a
// finding that cannot wait for the next look is told to those who have the case.
void raise_cases_on_drafts(engine::Runner& runner, Events& events);
// A row of the worklist's "draft" for the finding, or null when the reading has none.
Json draft_summary(const engine::Reading& reading, const engine::Card& card);

}  // namespace meridian::care
