#include "record/subscriptions/subscription.h"

#include <algorithm>
#include <array>

#include "base/error.h"
#include "base/text.h"
#include "record/definitions/definitions.h"

namespace meridian::record {
namespace {

constexpr std::string_view kBackport = "http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/";
constexpr std::string_view kJson = "application/fhir+json", kXml = "application/fhir+xml";
constexpr std::size_t kMostHeaderBytes = 8192;  // of all lines: what servers commonly take
constexpr std::int64_t kLongestTimeout = 60, kMostEvents = 100, kShortestHeartbeat = 10;
// Those that the client of HTTP sets itself.
constexpr std::array<std::string_view, 5> kOwnHeaders{"host", "content-length", "content-type",
                                                      "transfer-encoding", "connection"};

[[noreturn]] void wrong(const std::string& element, const std::string& message) {
  throw Error(ErrorCode::invalid_value, message, "Subscription." + element);
}

[[noreturn]] void not_done(const std::string& element, const std::string& message,
                           const std::string& advice) {
  throw Error(ErrorCode::not_supported, message, "Subscription." + element, advice);
}

std::vector<const Json*> extensions(const Json* element, std::string_view name) {
  std::vector<const Json*> found;
  const Json* list = element ? element->find("extension") : nullptr;
  if (!list || !list->is_array()) return found;
  for (const Json& extension : list->items())
    if (extension.text("url") == std::string(kBackport) + std::string(name)) found.push_back(&extension);
  return found;
}

std::int64_t number_in(const Json& channel, std::string_view name, std::string_view value,
                       std::int64_t otherwise, std::int64_t most) {
  const std::vector<const Json*> found = extensions(&channel, name);
  if (found.empty()) return otherwise;
  const Json* number = found.front()->find(value);
  if (!number || !number->is_number()) wrong("channel.extension", std::string(name) + " has no number");
  return std::clamp<std::int64_t>(number->as_int(), 1, most);
}

// The type and the query of "Observation?code=a|b".
std::pair<std::string, std::string> type_and_query(const std::string& text, const std::string& element) {
  const auto mark = text.find('?');
  const std::string type = text.substr(0, mark);
  if (!is_resource_type(type))
    wrong(element,
          "Criteria are written Type?parameter=value; FHIR R4 has no type \"" + type.substr(0, 80) + "\"");
  return {type, mark == std::string::npos ? std::string() : text.substr(mark + 1)};
}

void take_criteria(const Json& resource, std::string_view base_url, Subscription& into) {
  const std::string criteria = resource.text("criteria");
  const bool is_search = criteria.substr(0, criteria.find('?')).find("://") == std::string::npos;
  if (is_search) {
    auto [type, query] = type_and_query(criteria, "criteria");
    into.type = std::move(type);
    into.queries.push_back(std::move(query));
    return;
  }
  const std::string root = topic_of("", base_url);
  if (criteria.starts_with(root)) into.type = criteria.substr(root.size());
  if (!is_resource_type(into.type))
    wrong("criteria",
          "There is no topic " + criteria.substr(0, 200) + "; the CapabilityStatement lists them");
  into.topic = criteria;
  for (const Json* filter : extensions(resource.find("_criteria"), "backport-filter-criteria")) {
    auto [type, query] = type_and_query(filter->text("valueString"), "criteria.extension");
    if (type != into.type) wrong("criteria.extension", "The topic is of " + into.type + ", not of " + type);
    into.queries.push_back(std::move(query));
  }
}

void take_header(const std::string& line, Subscription& into) {
  const auto colon = line.find(':');
  const std::string name = line.substr(0, colon);
  const bool is_token = !name.empty() && std::ranges::all_of(name, [](unsigned char c) {
    return std::isalnum(c) ||
           std::string_view("!#$%&'*+-.^_`|~").find(static_cast<char>(c)) != std::string_view::npos;
  });
  if (colon == std::string::npos || !is_token || line.find_first_of("\r\n") != std::string::npos)
    wrong("channel.header", "A header is written Name: value, on one line");
  if (std::ranges::find(kOwnHeaders, lower_case(name)) != kOwnHeaders.end())
    wrong("channel.header", "The header " + name + " is set by the node");
  const auto value = line.find_first_not_of(" \t", colon + 1);
  into.headers.emplace_back(name, value == std::string::npos ? std::string() : line.substr(value));
}

void take_headers(const Json& channel, Subscription& into) {
  const Json* headers = channel.find("header");
  if (!headers) return;
  std::size_t bytes = 0;
  for (const Json& header : headers->items()) {
    bytes += header.as_string().size();
    if (bytes > kMostHeaderBytes)
      wrong("channel.header", "The headers have more than " + std::to_string(kMostHeaderBytes) + " bytes");
    take_header(header.as_string(), into);
  }
}

void take_payload(const Json& channel, Subscription& into) {
  const std::string payload = channel.text("payload");
  if (!payload.empty() && payload != kJson && payload != kXml)
    not_done("channel.payload", "The payload is " + std::string(kJson) + " or " + std::string(kXml),
             "Leave it away to be told only that something changed");
  into.xml = payload == kXml;
  if (!into.on_topic()) {
    into.content = payload.empty() ? Subscription::Content::empty : Subscription::Content::full_resource;
    return;
  }
  const std::vector<const Json*> content = extensions(channel.find("_payload"), "backport-payload-content");
  const std::string code = content.empty() ? "empty" : content.front()->text("valueCode");
  const std::optional<Subscription::Content> named = content_named(code);
  if (!named) wrong("channel.payload.extension", "The content is empty, id-only or full-resource");
  into.content = *named;
}

void take_channel(const Json& channel, Subscription& into) {
  const std::string type = channel.text("type");
  if (!extensions(channel.find("_type"), "backport-channel-type").empty() ||
      (type != "rest-hook" && type != "websocket"))
    not_done("channel.type", "This node notifies by rest-hook and websocket", "Choose one of these");
  into.channel = type == "websocket" ? Subscription::Channel::websocket : Subscription::Channel::rest_hook;
  into.endpoint = channel.text("endpoint");
  if (into.channel == Subscription::Channel::rest_hook && into.endpoint.empty())
    wrong("channel.endpoint", "A rest-hook needs the address that is called");
  take_headers(channel, into);
  take_payload(channel, into);
  if (!into.on_topic()) return;
  into.timeout = std::chrono::seconds(
      number_in(channel, "backport-timeout", "valueUnsignedInt", into.timeout.count(), kLongestTimeout));
  into.most_events =
      static_cast<int>(number_in(channel, "backport-max-count", "valuePositiveInt", 20, kMostEvents));
  const std::int64_t heartbeat =
      number_in(channel, "backport-heartbeat-period", "valueUnsignedInt", 0, std::int64_t{7} * 24 * 3600);
  into.heartbeat = std::chrono::seconds(heartbeat == 0 ? 0 : std::max(heartbeat, kShortestHeartbeat));
}

}  // namespace

std::optional<Subscription::Content> content_named(std::string_view code) {
  if (code == "empty") return Subscription::Content::empty;
  if (code == "id-only") return Subscription::Content::id_only;
  if (code == "full-resource") return Subscription::Content::full_resource;
  return {};
}

std::string topic_of(std::string_view type, std::string_view base_url) {
  return std::string(base_url) + "/SubscriptionTopic/" + std::string(type);
}

Subscription subscription_of(const Json& resource, std::string_view base_url) {
  Subscription subscription;
  subscription.id = resource.text("id");
  take_criteria(resource, base_url, subscription);
  take_channel(resource.get("channel"), subscription);
  if (const std::string end = resource.text("end"); !end.empty()) subscription.end = parse_instant(end);
  return subscription;
}

}  // namespace meridian::record
