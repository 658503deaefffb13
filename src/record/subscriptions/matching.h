// Whether a resource meets a subscription's criteria, and whether its subscriber may see it.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "record/record.h"
#include "record/store/resource_writer.h"
#include "record/subscriptions/notification.h"
#include "record/subscriptions/subscription_table.h"

namespace meridian::record {

// That they can be asked, once they were. Throws what parse_search throws, invalid_value for what is no
// criterion (_sort, _include) and for more than the database can be asked at once, forbidden where the role
// may not read the type.
void require_criteria(storage::Connection& connection, const SubscriptionRow& subscription,
                      const RecordOptions& options);
// Of the resource as the transaction has it. Throws what parse_search throws: what a criterion names may be
// gone since; invalid_value for what the database cannot answer.
bool meets(storage::Connection& connection, const SubscriptionRow& subscription, std::int64_t key,
           const RecordOptions& options);
// The event with the version that it made; nothing where the principal may not see that, or no longer.
std::optional<ToldEvent> shown_event(storage::Connection& connection, const trust::Principal& principal,
                                     const SubscriptionEvent& event);

}  // namespace meridian::record
