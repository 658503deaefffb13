#include "base/error.h"
#include "doors/http/routes.h"

namespace meridian::doors::http {
namespace {

Response set_state(const Services& services, Request& request) {
  const std::string& id = request.captured.front();
  const Json body = request.json();
  const Json* on = body.find("on");
  if (!on || !on->is_bool()) throw Error(ErrorCode::invalid_request, "\"on\" must be true or false", "on");
  services.registry.set_state(services.record, request.principal(), id, on->as_bool(), body.text("reason"));
  return Response::json(services.registry.to_json(id));
}

}  // namespace

void add_assistants_routes(Router& router, const Services& services) {
  router.add(Method::get, "/assistants", Permission::signed_in(),
             [services](Request&) { return Response::json(services.registry.to_json()); });
  router.add(Method::put, "/assistants/{id}/state", Permission::of(trust::Act::administer, "Device"),
             [services](Request& request) { return set_state(services, request); });
}

}  // namespace meridian::doors::http
