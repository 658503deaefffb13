// Which handler answers which address, and who may ask it.
#pragma once
#include <atomic>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "doors/http/message.h"
#include "doors/http/route_metrics.h"
#include "trust/access.h"

namespace meridian::doors::http {

using Handler = std::function<Response(Request&)>;

// What a role must be allowed for the address as such. Whose record may be seen is asked further in.
struct Permission {
  bool open = false;               // to all, signed in or not
  std::optional<trust::Act> act;   // nothing: to all who are signed in
  std::string resource_type = {};  // of the act

  static Permission everyone() { return {true, {}, {}}; }
  static Permission signed_in() { return {}; }
  static Permission of(trust::Act act, std::string resource_type = {}) {
    return {false, act, std::move(resource_type)};
  }
};

// Throws forbidden when the principal's role may not do the act.
void require_role(const trust::Principal& principal, const Permission& permission);

struct RouteOptions {
  std::uint64_t largest_body = 1u << 20;  // bytes; a larger one is refused before it is read
  // The handler only looks up a little and never waits for a disk that is being written: it is run where the
  // request was read, without a change of threads.
  bool quick = false;
};

struct Route {
  Method method = Method::get;
  std::string pattern;
  Permission permission;
  Handler handler;
  RouteOptions options;
  std::unique_ptr<RouteMetrics> metrics;
};

class Router {
 public:
  // pattern: "/care/cases/{id}/claim"; a last segment "{path...}" takes all the rest, also nothing. A literal
  // segment goes before a {…}, which takes none that begins with _ or $. Throws internal when the same is
  // added twice.
  void add(Method method, std::string_view pattern, Permission permission, Handler handler,
           RouteOptions options = {});

  struct Match {
    const Route* route = nullptr;
    std::vector<std::string> captured;
    std::vector<Method> allowed;  // when only the method does not fit
  };
  // HEAD finds what GET does.
  Match match(Method method, const std::vector<std::string>& segments) const;
  const std::deque<Route>& routes() const { return routes_; }

 private:
  struct Node {
    std::map<std::string, std::unique_ptr<Node>, std::less<>> literal;
    std::unique_ptr<Node> variable;
    std::map<Method, const Route*> here, rest;  // ending here; with a tail
  };
  bool find(const Node& node, const std::vector<std::string>& segments, std::size_t depth, Method method,
            Match& match) const;
  static bool choose(const std::map<Method, const Route*>& routes, Method method, Match& match);

  std::deque<Route> routes_;
  Node root_;
};

}  // namespace meridian::doors::http
