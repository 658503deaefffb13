#include "doors/http/dispatcher.h"

#include "base/log.h"
#include "doors/http/authentication.h"
#include "doors/http/compression.h"
#include "doors/http/content_coding.h"
#include "doors/http/media_type.h"
#include "doors/http/outcome.h"
#include "doors/http/target.h"

namespace meridian::doors::http {
namespace {

constexpr int kGoOn = 100;

std::string allow_header(const std::vector<Method>& methods) {
  std::string list;
  for (const Method method : methods) list += (list.empty() ? "" : ", ") + std::string(method_name(method));
  return list;
}

[[noreturn]] void no_such_address(const Request& request) {
  throw Error(ErrorCode::not_found, "There is nothing at this address", request.target.substr(0, 200));
}

// Runs it and turns what it throws into an answer.
template <class Function>
Response guarded(const Request& request, Function function) {
  try {
    return function();
  } catch (const Error& error) {
    if (traits(error.code()).http_status >= 500)
      log_error(
          "request-failed",
          {{"request", request.id}, {"address", request.target.substr(0, 200)}, {"error", error.describe()}});
    return error_response(error);
  } catch (const std::exception& error) {
    log_error("request-failed",
              {{"request", request.id}, {"address", request.target.substr(0, 200)}, {"error", error.what()}});
    return error_response(Error(ErrorCode::internal, error.what()));
  }
}

void compress(const Request& request, Response& response) {
  if (response.events || response.more || response.headers.contains("Content-Encoding") ||
      !worth_compressing(response.media_type, response.body.size()))
    return;
  response.headers.add("Vary", "Accept-Encoding");
  if (!accepts_coding(request.headers.get("Accept-Encoding"), "gzip")) return;
  response.body = gzipped(response.body);
  response.headers.add("Content-Encoding", "gzip");
}

// Changes and failures; successful reads of records are in the ledger, and everything is in the metrics.
void log_answer(const Request& request, const Response& response, std::chrono::nanoseconds took) {
  const bool read = request.method == Method::get || request.method == Method::head;
  if (read && response.status < 400) return;
  Json::Object fields{
      {"request", request.id},
      {"method", method_name(request.method)},
      {"route", request.route ? std::string_view(request.route->pattern) : std::string_view("none")},
      {"status", response.status},
      {"milliseconds", std::chrono::duration<double, std::milli>(took).count()},
      {"address", request.address}};
  if (request.session) fields.emplace_back("user", request.session->principal.user);
  log(LogLevel::info, "request", fields);
}

}  // namespace

void Dispatcher::find_route(Request& request) const {
  Target target = parse_target(request.target);
  request.segments = std::move(target.segments);
  request.query = std::move(target.query);
  Router::Match match = router_.match(request.method, request.segments);
  request.route = match.route;
  request.captured = std::move(match.captured);
  if (!match.route && match.allowed.empty()) no_such_address(request);
}

void Dispatcher::sign_in(Request& request) const {
  if (request.route->permission.open) return;
  if (!request.session) authenticate(identity_, request);
  require_role(request.principal(), request.route->permission);
}

std::optional<Response> Dispatcher::admit(Request& request, bool has_body) const {
  if (std::optional<Response> answer = others_.preflight(request)) return answer;
  Response outcome = guarded(request, [&] {
    find_route(request);
    if (!request.route) {
      Response refused = protocol_error(405, "The method is not allowed at this address");
      refused.headers.add("Allow", allow_header(router_.match(request.method, request.segments).allowed));
      return refused;
    }
    if (has_body) {
      sign_in(request);
      require_known_coding(request.headers.get("Content-Encoding"));
    }
    return Response::empty(kGoOn);
  });
  if (outcome.status == kGoOn) return std::nullopt;
  if (outcome.status == 415) outcome.headers.add("Accept-Encoding", kKnownCodings);
  others_.permit(request, outcome);
  return outcome;
}

bool Dispatcher::is_signed_in(const std::string& token) const {
  try {
    return identity_.is_open(token);
  } catch (const std::exception& error) {
    log_error("session-not-checked", {{"error", error.what()}});
    return true;  // asked again soon
  }
}

Response Dispatcher::handle(Request& request) const {
  sign_in(request);
  return request.route->handler(request);
}

Response Dispatcher::answer(Request& request) const {
  const auto begun = std::chrono::steady_clock::now();
  Response response = guarded(request, [&] {
    Response handled = handle(request);
    compress(request, handled);
    return handled;
  });
  others_.permit(request, response);
  const auto took = std::chrono::steady_clock::now() - begun;
  request.route->metrics->observe(response.status, took);
  log_answer(request, response, took);
  return response;
}

}  // namespace meridian::doors::http
