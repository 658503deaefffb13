// What a Subscription asks for: R4's own criteria, or a topic as the Subscriptions R5 Backport IG (1.1, R4
// part) writes it into R4's Subscription.
#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/time.h"

namespace meridian::record {

struct Subscription {
  enum class Channel { rest_hook, websocket };
  enum class Content { empty, id_only, full_resource };

  std::string id;
  std::string type;                  // of the resources
  std::vector<std::string> queries;  // each of which must be met: "code=a|b&status=final"
  std::string topic;                 // canonical; empty: R4's own criteria
  Channel channel = Channel::rest_hook;
  std::string endpoint;  // of a rest-hook
  std::vector<std::pair<std::string, std::string>> headers;
  Content content = Content::empty;
  bool xml = false;
  std::optional<Instant> end;
  std::chrono::seconds heartbeat{0};  // 0: none
  std::chrono::seconds timeout{10};   // of one notification
  int most_events = 1;                // in one notification

  bool on_topic() const { return !topic.empty(); }
  // R4's WebSockets say only that something changed, whatever the payload.
  bool hands_out_resources() const {
    return content == Content::full_resource && (on_topic() || channel == Channel::rest_hook);
  }
};

// Of the code of the backport's payload content; nothing for others.
std::optional<Subscription::Content> content_named(std::string_view code);

// The topic of every change of a type: BASE/SubscriptionTopic/Observation.
std::string topic_of(std::string_view type, std::string_view base_url);

// Throws invalid_value and not_supported, with the element.
Subscription subscription_of(const Json& resource, std::string_view base_url);

}  // namespace meridian::record
