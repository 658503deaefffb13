#include "record/subscriptions/notification.h"

#include "base/id.h"
#include "record/bundle/version_tag.h"
#include "record/operations/input.h"

namespace meridian::record {
namespace {

constexpr std::string_view kProfile = "http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/";

Json profiled(std::string_view name) {
  return Json::object({{"profile", Json::array({std::string(kProfile) + std::string(name)})}});
}

std::string reference_of(const SubscriptionEvent& event) {
  return event.type + "/" + event.id;
}

Json event_parameter(const SubscriptionEvent& event, Subscription::Content content,
                     std::string_view base_url) {
  Json parts = Json::array({output("event-number", "valueString", std::to_string(event.number)),
                            output("timestamp", "valueInstant", format_instant(event.at))});
  if (content != Subscription::Content::empty)
    parts.push_back(output("focus", "valueReference",
                           Json::object({{"reference", std::string(base_url) + "/" + reference_of(event)}})));
  return output("notification-event", "part", std::move(parts));
}

Json event_entry(const ToldEvent& told, Subscription::Content content, std::string_view base_url) {
  const SubscriptionEvent& event = told.event;
  const bool created = event.kind == Change::Kind::created, removed = event.kind == Change::Kind::removed;
  Json entry = Json::object({{"fullUrl", std::string(base_url) + "/" + reference_of(event)}});
  if (content == Subscription::Content::full_resource && told.version)
    entry["resource"] = Json::parse(told.version->body);
  entry["request"] = Json::object({{"method", removed   ? "DELETE"
                                              : created ? "POST"
                                                        : "PUT"},
                                   {"url", created ? event.type : reference_of(event)}});
  entry["response"] = Json::object({{"status", removed   ? "204"
                                               : created ? "201"
                                                         : "200"},
                                    {"etag", version_tag(event.version)},
                                    {"lastModified", format_instant(event.at)}});
  return entry;
}

}  // namespace

Json subscription_status(const SubscriptionRow& row, const Subscription& subscription, std::string_view kind,
                         Subscription::Content content, const std::vector<ToldEvent>& events,
                         std::string_view base_url) {
  Json list =
      Json::array({output("subscription", "valueReference",
                          Json::object({{"reference", std::string(base_url) + "/Subscription/" + row.id}}))});
  if (subscription.on_topic()) list.push_back(output("topic", "valueCanonical", subscription.topic));
  list.push_back(output("status", "valueCode", row.status));
  list.push_back(output("type", "valueCode", kind));
  list.push_back(output("events-since-subscription-start", "valueString", std::to_string(row.events)));
  for (const ToldEvent& told : events) list.push_back(event_parameter(told.event, content, base_url));
  return Json::object({{"resourceType", "Parameters"},
                       {"id", new_id()},
                       {"meta", profiled("backport-subscription-status-r4")},
                       {"parameter", std::move(list)}});
}

Json notification_bundle(const SubscriptionRow& row, const Subscription& subscription, std::string_view kind,
                         Subscription::Content content, const std::vector<ToldEvent>& events,
                         std::string_view base_url) {
  Json status = subscription_status(row, subscription, kind, content, events, base_url);
  Json entries = Json::array({Json::object(
      {{"fullUrl", "urn:uuid:" + status.text("id")},
       {"resource", std::move(status)},
       {"request", Json::object({{"method", "GET"},
                                 {"url", std::string(base_url) + "/Subscription/" + row.id + "/$status"}})},
       {"response", Json::object({{"status", "200"}})}})});
  if (content != Subscription::Content::empty)
    for (const ToldEvent& told : events) entries.push_back(event_entry(told, content, base_url));
  return Json::object({{"resourceType", "Bundle"},
                       {"id", new_id()},
                       {"meta", profiled("backport-subscription-notification-r4")},
                       {"type", "history"},
                       {"timestamp", format_instant(now())},
                       {"entry", std::move(entries)}});
}

}  // namespace meridian::record
