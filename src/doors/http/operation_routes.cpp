#include "base/error.h"
#include "base/metrics.h"
#include "doors/http/routes.h"

namespace meridian::doors::http {
namespace {

// "ready", or why not.
template <class Function>
Json state_of(Function look, bool& ready) {
  try {
    look();
    return "ready";
  } catch (const Error& error) {
    ready = false;
    return error.what();
  }
}

// An assistant without its model does not keep the node from its other work; it is named.
Json assistants_json(const engine::Registry& registry) {
  Json states = Json::object();
  for (const engine::Assistant* assistant : registry.all()) {
    const auto reason = registry.unavailable(assistant->card().id);
    states[assistant->card().id] = reason ? Json(reason->en) : Json("ready");
  }
  return states;
}

Response readiness(const Services& services) {
  bool ready = true;
  Json body;
  body["database"] = state_of([&] { services.ledger.size(); }, ready);
  body["archive"] = state_of([&] { services.archive.size(); }, ready);
  body["assistants"] = assistants_json(services.registry);
  body["ready"] = ready;
  return Response::json(body, ready ? 200 : 503);
}

std::string route_metrics(const Router& router) {
  std::string requests =
      "# HELP meridian_http_requests_total Requests answered\n# TYPE meridian_http_requests_total counter\n";
  std::string seconds =
      "# HELP meridian_http_request_seconds Time to answer\n# TYPE meridian_http_request_seconds histogram\n";
  for (const Route& route : router.routes()) {
    route.metrics->write_requests(requests, method_name(route.method), route.pattern);
    route.metrics->write_seconds(seconds, method_name(route.method), route.pattern);
  }
  return requests + seconds;
}

}  // namespace

void add_operation_routes(Router& router, const Services& services) {
  router.add(Method::get, "/healthz", Permission::everyone(),
             [](Request&) {
               return Response::json(Json::object({{"alive", true}}));
             },
             {.quick = true});
  router.add(Method::get, "/readyz", Permission::everyone(),
             [services](Request&) { return readiness(services); });
  router.add(Method::get, "/metrics", Permission::everyone(), [&router](Request&) {
    return Response::text(metrics_text() + route_metrics(router), "text/plain; version=0.0.4; charset=utf-8");
  });
}

}  // namespace meridian::doors::http
