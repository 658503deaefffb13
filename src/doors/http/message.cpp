#include "doors/http/message.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/error.h"
#include "doors/http/media_type.h"

namespace meridian::doors::http {
namespace {

// In the order of Method; other has none.
constexpr std::array<std::string_view, 7> kMethods{"GET",   "HEAD",   "POST",   "PUT",
                                                   "PATCH", "DELETE", "OPTIONS"};

constexpr std::size_t kLargestJson = 64u << 20;

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

}  // namespace

Method method_of(std::string_view name) {
  for (std::size_t i = 0; i < kMethods.size(); ++i)
    if (kMethods[i] == name) return static_cast<Method>(i);
  return Method::other;
}

std::string_view method_name(Method method) {
  return method == Method::other ? "" : kMethods[static_cast<std::size_t>(method)];
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

void Headers::add(std::string_view name, std::string_view value) {
  fields_.emplace_back(name, value);
}

void Headers::set(std::string_view name, std::string_view value) {
  for (Field& field : fields_)
    if (equal_ignoring_case(field.first, name)) {
      field.second = value;
      return;
    }
  add(name, value);
}

std::string_view Headers::get(std::string_view name) const {
  for (const Field& field : fields_)
    if (equal_ignoring_case(field.first, name)) return field.second;
  return {};
}

bool Headers::contains(std::string_view name) const {
  return std::any_of(fields_.begin(), fields_.end(),
                     [&](const Field& field) { return equal_ignoring_case(field.first, name); });
}

const trust::Principal& Request::principal() const {
  if (!session) throw Error(ErrorCode::unauthenticated, "Nobody is signed in", {}, "Sign in");
  return session->principal;
}

std::string Request::parameter(std::string_view name, std::string_view otherwise) const {
  for (const auto& [key, value] : query)
    if (key == name) return value;
  return std::string(otherwise);
}

std::int64_t Request::number(std::string_view name, std::int64_t otherwise, std::int64_t least,
                             std::int64_t most) const {
  const std::string text = parameter(name);
  if (text.empty()) return otherwise;
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < least || value > most)
    throw Error(
        ErrorCode::invalid_request,
        "The parameter must be a whole number from " + std::to_string(least) + " to " + std::to_string(most),
        std::string(name));
  return value;
}

Json Request::json() {
  const MediaType type = MediaType::parse(headers.get("Content-Type"));
  if (!type.is_json())
    throw Error(ErrorCode::unsupported_media_type, "The body must be JSON, not \"" + type.name + "\"",
                "Content-Type", "Send application/json or application/fhir+json");
  return Json::parse(body.take(), {.bytes = kLargestJson});
}

Response Response::json(const Json& value, int status) {
  Response response;
  response.status = status;
  response.media_type = "application/json";
  response.body = value.dump();
  return response;
}

Response Response::text(std::string text, std::string media_type) {
  Response response;
  response.media_type = std::move(media_type);
  response.body = std::move(text);
  return response;
}

Response Response::empty(int status) {
  Response response;
  response.status = status;
  return response;
}

std::string_view reason_phrase(int status) {
  switch (status) {
    case 101:
      return "Switching Protocols";
    case 200:
      return "OK";
    case 201:
      return "Created";
    case 202:
      return "Accepted";
    case 204:
      return "No Content";
    case 206:
      return "Partial Content";
    case 304:
      return "Not Modified";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 406:
      return "Not Acceptable";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 410:
      return "Gone";
    case 412:
      return "Precondition Failed";
    case 413:
      return "Content Too Large";
    case 415:
      return "Unsupported Media Type";
    case 416:
      return "Range Not Satisfiable";
    case 422:
      return "Unprocessable Content";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 501:
      return "Not Implemented";
    case 503:
      return "Service Unavailable";
    case 504:
      return "Gateway Timeout";
    case 507:
      return "Insufficient Storage";
    default:
      return "Status";
  }
}

}  // namespace meridian::doors::http
