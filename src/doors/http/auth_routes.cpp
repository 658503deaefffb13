#include "base/error.h"
#include "care/people.h"
#include "doors/http/authentication.h"
#include "doors/http/routes.h"

namespace meridian::doors::http {
namespace {

Json user_json(const Services& services, const trust::Principal& principal) {
  const trust::Account account = services.identity.account(principal.user);
  const std::string organization = account.organization.empty()
                                       ? std::string()
                                       : care::name_of_organization(services.record, account.organization).en;
  return Json::object({{"id", account.id},
                       {"username", account.username},
                       {"display", account.display},
                       {"role", trust::role_name(account.role)},
                       {"fhirUser", account.fhir_user},
                       {"organization", account.organization},
                       {"organizationName", organization}});
}

std::string session_cookie(const std::string& token, bool secure, bool ends) {
  std::string text = std::string(kSessionCookie) + "=" + token + "; Path=/; HttpOnly; SameSite=Strict";
  if (secure) text += "; Secure";
  if (ends) text += "; Max-Age=0";
  return text;
}

std::string required_text(const Json& body, std::string_view member) {
  const Json* value = body.find(member);
  if (!value || !value->is_string())
    throw Error(ErrorCode::invalid_request, "The text \"" + std::string(member) + "\" is missing",
                std::string(member));
  return value->as_string();
}

Response sign_in(const Services& services, Request& request) {
  const Json body = request.json();
  const trust::Session session =
      services.identity.sign_in(required_text(body, "username"), required_text(body, "password"));
  Response response = Response::json(Json::object(
      {{"user", user_json(services, session.principal)}, {"csrf", session.csrf}, {"token", session.token}}));
  response.headers.add("Set-Cookie", session_cookie(session.token, request.secure, false));
  return response;
}

Response sign_out(const Services& services, const Request& request) {
  services.identity.sign_out(request.session->token);
  Response response = Response::empty();
  response.headers.add("Set-Cookie", session_cookie("", request.secure, true));
  return response;
}

}  // namespace

void add_auth_routes(Router& router, const Services& services) {
  router.add(Method::post, "/auth/sign-in", Permission::everyone(),
             [services](Request& request) { return sign_in(services, request); },
             {.largest_body = 16 * 1024});
  router.add(Method::get, "/auth/me", Permission::signed_in(), [services](Request& request) {
    return Response::json(
        Json::object({{"user", user_json(services, request.principal())}, {"csrf", request.session->csrf}}));
  });
  router.add(Method::post, "/auth/sign-out", Permission::signed_in(),
             [services](Request& request) { return sign_out(services, request); });
}

}  // namespace meridian::doors::http
