// What the data set of a work item must hold, and how its state may change (PS3.4, CC.1.1 and CC.2.5).
#pragma once
#include <string>

#include "base/json.h"

namespace meridian::care {

inline constexpr const char *kScheduled = "SCHEDULED", *kInProgress = "IN PROGRESS",
                            *kCompleted = "COMPLETED", *kCanceled = "CANCELED";
inline constexpr const char *kWorkitemState = "00741000", *kTransactionUid = "00081195";
inline constexpr const char *kContactUri = "0074100A", *kContactName = "0074100C",
                            *kDiscontinuationReason = "0074100E", *kCancellationReason = "00741238";

bool has_ended(const std::string& state);

// Throws invalid_structure naming the attribute that a new work item lacks or must not have.
void check_new_workitem(const Json& attributes);
// Throws invalid_structure for attributes that are set once, or by a change of state.
void check_workitem_update(const Json& attributes);
// Throws invalid_structure naming the attribute that is no part of a request to cancel (PS3.4, CC.2.2).
void check_cancel_reason(const Json& reason);
// Throws conflict when what a completed work item must say of its performance is missing.
void check_completed_workitem(const Json& dataset);

}  // namespace meridian::care
