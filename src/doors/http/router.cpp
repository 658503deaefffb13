#include "doors/http/router.h"

#include "base/error.h"
#include "doors/http/target.h"

namespace meridian::doors::http {
namespace {

bool is_variable(std::string_view segment) {
  return segment.starts_with('{') && segment.ends_with('}');
}
bool is_tail(std::string_view segment) {
  return is_variable(segment) && segment.ends_with("...}");
}

// Names of what is asked of all of a type or of a resource, as _history and $validate; no id begins so (FHIR
// R4, 2.24.0.1).
bool is_reserved(std::string_view segment) {
  return segment.starts_with('_') || segment.starts_with('$');
}

std::vector<std::string> split(std::string_view pattern) {
  std::vector<std::string> segments;
  while (!pattern.empty()) {
    pattern.remove_prefix(1);
    const auto slash = pattern.find('/');
    const std::string_view segment = pattern.substr(0, slash);
    if (!segment.empty()) segments.emplace_back(segment);
    pattern.remove_prefix(slash == std::string_view::npos ? pattern.size() : slash);
  }
  return segments;
}

}  // namespace

void require_role(const trust::Principal& principal, const Permission& permission) {
  if (!permission.act || trust::role_may(principal.role, *permission.act, permission.resource_type)) return;
  throw Error(ErrorCode::forbidden,
              "The role " + std::string(trust::role_name(principal.role)) + " may not do this", {},
              "Ask an administrator which role this work needs");
}

void Router::add(Method method, std::string_view pattern, Permission permission, Handler handler,
                 RouteOptions options) {
  Route& route = routes_.emplace_back(Route{method, std::string(pattern), std::move(permission),
                                            std::move(handler), options, std::make_unique<RouteMetrics>()});
  Node* node = &root_;
  bool tail = false;
  for (const std::string& segment : split(pattern)) {
    tail = is_tail(segment);
    if (tail) break;
    std::unique_ptr<Node>& next = is_variable(segment) ? node->variable : node->literal[segment];
    if (!next) next = std::make_unique<Node>();
    node = next.get();
  }
  if (!(tail ? node->rest : node->here).emplace(method, &route).second)
    throw Error(ErrorCode::internal, "Two handlers for one address", std::string(pattern));
}

bool Router::choose(const std::map<Method, const Route*>& routes, Method method, Match& match) {
  const auto found = routes.find(method == Method::head ? Method::get : method);
  if (found != routes.end()) {
    match.route = found->second;
    return true;
  }
  for (const auto& [allowed, route] : routes) match.allowed.push_back(allowed);
  return false;
}

bool Router::find(const Node& node, const std::vector<std::string>& segments, std::size_t depth,
                  Method method, Match& match) const {
  if (depth == segments.size()) return choose(node.here, method, match) || choose(node.rest, method, match);
  const std::string& segment = segments[depth];
  const auto literal = node.literal.find(segment);
  if (literal != node.literal.end() && find(*literal->second, segments, depth + 1, method, match))
    return true;
  if (node.variable && !is_reserved(segment)) {
    match.captured.push_back(segment);
    if (find(*node.variable, segments, depth + 1, method, match)) return true;
    match.captured.pop_back();
  }
  if (!choose(node.rest, method, match)) return false;
  match.captured.insert(match.captured.end(), segments.begin() + static_cast<std::ptrdiff_t>(depth),
                        segments.end());
  return true;
}

Router::Match Router::match(Method method, const std::vector<std::string>& segments) const {
  Match match;
  find(root_, segments, 0, method, match);
  return match;
}

}  // namespace meridian::doors::http
