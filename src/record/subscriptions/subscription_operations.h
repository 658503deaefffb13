// The operations of the Subscriptions R5 Backport IG: $status, $events, $get-ws-binding-token.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "record/operations/operation.h"

namespace meridian::record {

// A Bundle of the states of one subscription, or of those of the parameters id and status; without an id, of
// all that the asker may see.
std::string subscription_states(const OperationContext& context, const OperationCall& call);
// What happened, from eventsSinceNumber to eventsUntilNumber, as the notification that tells it. Of content
// no more than the subscription asks for. Throws gone for events that are no longer kept.
std::string subscription_events(const OperationContext& context, const OperationCall& call);
// A token for a WebSocket, of one subscription or those of the parameter ids, and where to bring it.
std::string websocket_token(const OperationContext& context, const OperationCall& call);

// The subscriptions of a token that a node of this database gave out and that has not run out. Throws
// unauthenticated.
std::vector<std::string> subscriptions_of_token(storage::Connection& connection, std::string_view token);
// ws://… of the node's FHIR address.
std::string websocket_address(std::string_view base_url);

}  // namespace meridian::record
