#include "record/bundle/bundle_response.h"

#include "base/id.h"
#include "record/bundle/version_tag.h"
#include "record/validation/validator.h"

namespace meridian::record {

Json written_response(const Version& version, Returned returned) {
  Json response = Json::object();
  response["status"] = version.deleted ? "204 No Content" : version.created ? "201 Created" : "200 OK";
  if (!version.deleted)
    response["location"] = version.reference() + "/_history/" + std::to_string(version.number);
  response["etag"] = version_tag(version.number);
  response["lastModified"] = format_instant(version.last_updated);
  if (returned == Returned::outcome) response["outcome"] = outcome_of_success(version);
  Json entry = Json::object();
  if (returned == Returned::representation && !version.deleted) entry["resource"] = Json::parse(version.body);
  entry["response"] = std::move(response);
  return entry;
}

Json outcome_of_success(const Version& version) {
  const std::string done = version.deleted ? "deleted" : version.created ? "created" : "stored";
  return operation_outcome(
      {{Issue::Severity::information,
        "informational",
        version.reference() + " is " + done + ", version " + std::to_string(version.number),
        {}}});
}

Json read_response(Json resource) {
  return Json::object(
      {{"resource", std::move(resource)}, {"response", Json::object({{"status", "200 OK"}})}});
}

Json not_modified_response(const Version& version) {
  return Json::object(
      {{"response", Json::object({{"status", "304 Not Modified"}, {"etag", version_tag(version.number)}})}});
}

Json error_response(const Error& error) {
  const Issue issue{Issue::Severity::error, std::string(traits(error.code()).fhir_issue), error.what(),
                    error.where()};
  return Json::object(
      {{"response", Json::object({{"status", std::to_string(traits(error.code()).http_status)},
                                  {"outcome", operation_outcome({issue})}})}});
}

Json response_bundle(const char* type, Json::Array entries) {
  Json bundle = Json::object({{"resourceType", "Bundle"}, {"id", new_id()}, {"type", type}});
  if (!entries.empty()) bundle["entry"] = std::move(entries);
  return bundle;
}

}  // namespace meridian::record
