// Drafts, and why there is none, as the case page shows them. They are read back from the resources that
// engine/draft.h writes.
#pragma once
#include "base/json.h"
#include "care/context.h"

namespace meridian::care {

// The SOP Instance UID that a run read, or the resource, of its DiagnosticReport or Task.
std::string input_of(const Json& resource);
// The id of the assistant that wrote it.
std::string assistant_id(const Json& resource);
// Of a draft's DiagnosticReport, with its findings and their evidence.
Json draft_json(const Context& context, const Json& report);
// An assistant that refused its input has a Task instead of a report.
bool is_refusal(const Json& task);
Json refused_draft_json(const Context& context, const Json& task);
// One that did not run: off, unavailable, failed.
bool is_not_run(const Json& task);
Json not_run_json(const Context& context, const Json& task);

}  // namespace meridian::care
