#include "doors/http/outcome.h"

namespace meridian::doors::http {
namespace {

Json outcome(std::string_view issue_code, const std::string& what, const std::string& where,
             const std::string& advice) {
  Json issue = Json::object({{"severity", "error"}, {"code", issue_code}});
  if (!advice.empty()) issue["details"]["text"] = advice;
  issue["diagnostics"] = what;
  if (!where.empty()) issue["expression"].push_back(where);
  return Json::object({{"resourceType", "OperationOutcome"}, {"issue", Json::array({std::move(issue)})}});
}

Response with_outcome(int status, const Json& outcome) {
  Response response = Response::json(outcome, status);
  response.media_type = "application/fhir+json; charset=utf-8";
  return response;
}

}  // namespace

Json outcome_of(const Error& error) {
  // What a defect of ours says is for the log, not for a client.
  if (error.code() == ErrorCode::internal)
    return outcome("exception", "The node could not do this because of a defect", {},
                   "Report it with the request id of this answer");
  return outcome(traits(error.code()).fhir_issue, error.what(), error.where(), error.advice());
}

Response error_response(const Error& error, const Json& outcome) {
  Response response = with_outcome(traits(error.code()).http_status, outcome);
  if (error.code() == ErrorCode::unauthenticated) response.headers.set("WWW-Authenticate", "Bearer");
  if (error.code() == ErrorCode::busy || error.code() == ErrorCode::unavailable)
    response.headers.add("Retry-After", "5");
  return response;
}

Response error_response(const Error& error) {
  return error_response(error, outcome_of(error));
}

Response protocol_error(int status, const std::string& what, const std::string& advice) {
  return with_outcome(status,
                      outcome(status == 413 || status == 431 ? "too-long" : "invalid", what, {}, advice));
}

}  // namespace meridian::doors::http
