// Pages of other origins that may use this node with a token (CORS,
// https://fetch.spec.whatwg.org/#http-cors-protocol).
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "doors/http/message.h"

namespace meridian::doors::http {

// Cookies are never let through, so that a page can do no more than the token that it was given.
class CrossOrigin {
 public:
  CrossOrigin() = default;
  // list: "https://viewer.example, http://localhost:3000"; empty: none may. Throws invalid_configuration for
  // what is no origin.
  explicit CrossOrigin(std::string_view list);

  // The answer to a browser that asks before it sends the request itself; nothing when this is no such
  // question.
  std::optional<Response> preflight(const Request& request) const;
  // Lets the page read the answer, when it is of one of the origins.
  void permit(const Request& request, Response& response) const;

 private:
  bool knows(std::string_view origin) const;
  std::vector<std::string> origins_;
};

}  // namespace meridian::doors::http
