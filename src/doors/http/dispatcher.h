// From a request to its answer: route, sign-in, permission, handler, errors, what every answer carries.
#pragma once
#include <optional>

#include "doors/http/cross_origin.h"
#include "doors/http/message.h"
#include "doors/http/router.h"
#include "trust/identity.h"

namespace meridian::doors::http {

class Dispatcher {
 public:
  Dispatcher(const Router& router, trust::Identity& identity, CrossOrigin others = {})
      : router_(router), identity_(identity), others_(std::move(others)) {}

  // Once the head is read: finds the route and, before a body is let in, who is asking. An answer when the
  // request is refused already.
  std::optional<Response> admit(Request& request, bool has_body) const;
  // Whether who asked is signed in still; never throws, and logs when that cannot be known now.
  bool is_signed_in(const std::string& token) const;
  // Runs the handler; never throws.
  Response answer(Request& request) const;
  // For an answer that neither of them made: a page of another origin may read it as it may theirs.
  void permit(const Request& request, Response& response) const { others_.permit(request, response); }

 private:
  void find_route(Request& request) const;
  void sign_in(Request& request) const;
  Response handle(Request& request) const;

  const Router& router_;
  trust::Identity& identity_;
  const CrossOrigin others_;
};

}  // namespace meridian::doors::http
