// What a subscriber is sent: the notification Bundles of the Subscriptions R5 Backport IG for R4, whose first
// entry is the subscription's status as Parameters.
#pragma once
#include <string_view>
#include <vector>

#include "record/subscriptions/subscription.h"
#include "record/subscriptions/subscription_table.h"

namespace meridian::record {

// An event with the version that it made, where it is to be shown; a removal has none.
struct ToldEvent {
  SubscriptionEvent event;
  std::optional<Version> version;
};

// kind: handshake, heartbeat, event-notification, query-status, query-event. content: how much of the events
// is told.
Json subscription_status(const SubscriptionRow& row, const Subscription& subscription, std::string_view kind,
                         Subscription::Content content, const std::vector<ToldEvent>& events,
                         std::string_view base_url);
Json notification_bundle(const SubscriptionRow& row, const Subscription& subscription, std::string_view kind,
                         Subscription::Content content, const std::vector<ToldEvent>& events,
                         std::string_view base_url);

}  // namespace meridian::record
