#include "base/error.h"
#include "doors/http/fhir_binary.h"
#include "doors/http/fhir_exchange.h"
#include "doors/http/fhir_format.h"
#include "doors/http/fhir_operations.h"
#include "doors/http/outcome.h"
#include "doors/http/routes.h"
#include "record/bulk/bulk_data.h"
#include "record/bundle/version_tag.h"
#include "record/store/prepared.h"

namespace meridian::doors::http {
namespace {

// That records were looked at, record::Record writes into the ledger.
class FhirDoor {
 public:
  explicit FhirDoor(const Services& services) : record_(services.record) {}

  Response capabilities(const Request& request) const {
    const std::string mode = request.parameter("mode", "full");
    if (mode == "terminology") return bundle(record_.terminology_capabilities().dump());
    if (mode == "full" || mode == "normative") return bundle(record_.capability_statement().dump());
    throw Error(ErrorCode::invalid_request, "mode is full, normative or terminology", "mode");
  }

  Response read(const Request& request) const {
    const record::Subset subset = subset_asked_for(request);
    return version_response(
        request, part(record_.read(request.principal(), request.captured[0], request.captured[1]), subset));
  }

  Response read_binary(const Request& request) const {
    return binary_response(request, record_.read(request.principal(), "Binary", request.captured[0]));
  }

  Response read_binary_version(const Request& request) const {
    return binary_response(request, record_.read_version(request.principal(), "Binary", request.captured[0],
                                                         record::parse_version_number(request.captured[1])));
  }

  Response read_version(const Request& request) const {
    const record::Subset subset = subset_asked_for(request);
    const std::int64_t number = record::parse_version_number(request.captured[2]);
    return version_response(request, part(record_.read_version(request.principal(), request.captured[0],
                                                               request.captured[1], number),
                                          subset));
  }

  Response create(Request& request) const {
    const Json resource = sent_resource(request);
    record::require_resource_type(resource, request.captured[0]);
    return written(request, resource, [&] {
      return record_.create(request.principal(), resource, std::string(request.headers.get("If-None-Exist")));
    });
  }

  Response update(Request& request) const {
    const Json resource = sent_resource(request);
    record::require_resource_type(resource, request.captured[0]);
    if (resource.text("id") != request.captured[1])
      throw Error(ErrorCode::invalid_request, "The resource's id is not the one in the address",
                  request.captured[0] + ".id", "Give the resource the id \"" + request.captured[1] + "\"");
    return written(request, resource,
                   [&] { return record_.update(request.principal(), resource, precondition(request)); });
  }

  Response update_where(Request& request) const {
    const record::Parameters condition = condition_of(request);
    const Json resource = sent_resource(request);
    record::require_resource_type(resource, request.captured[0]);
    return written(request, resource, [&] {
      return record_.update_where(request.principal(), resource, condition, precondition(request));
    });
  }

  Response patch(Request& request) const {
    const Json patch = patch_of(request);
    return write_response(request, record_.patch(request.principal(), request.captured[0],
                                                 request.captured[1], patch, precondition(request)));
  }

  Response patch_where(Request& request) const {
    const record::Parameters condition = condition_of(request);
    const Json patch = patch_of(request);
    return write_response(request, record_.patch_where(request.principal(), request.captured[0], condition,
                                                       patch, precondition(request)));
  }

  Response remove(const Request& request) const {
    return removal_response(request, record_.remove(request.principal(), request.captured[0],
                                                    request.captured[1], precondition(request)));
  }

  Response remove_where(const Request& request) const {
    return removal_response(request, record_.remove_where(request.principal(), request.captured[0],
                                                          condition_of(request), precondition(request)));
  }

  Response search(Request& request) const {
    const std::string type = request.captured.empty() ? std::string() : request.captured[0];
    return found(request, type, search_parameters(request));
  }

  // FHIR R4, http.html#vsearch: Patient/ID/Observation, Patient/ID/*.
  Response search_compartment(Request& request) const {
    return found(request, request.captured[0] + "/" + request.captured[1] + "/" + request.captured[2],
                 search_parameters(request));
  }

  Response history(Request& request) const {
    const std::string type = request.captured.empty() ? std::string() : request.captured[0];
    const std::string id = request.captured.size() < 2 ? std::string() : request.captured[1];
    return bundle(record_.history(request.principal(), type, id, search_parameters(request)));
  }

  Response execute(Request& request) const {
    const Json resource = resource_of(request);
    if (asks_for_later(request))
      return accepted(record_, record_.bulk().begin_execution(request.principal(), resource,
                                                              returned(request), url_of(request, record_)));
    return bundle(record_.execute(request.principal(), resource, returned(request)).dump());
  }

 private:
  static Json sent_resource(Request& request) {
    if (request.captured[0] != "Binary") return resource_of(request);
    return binary_of(request, request.captured.size() > 1 ? request.captured[1] : std::string());
  }

  Response found(const Request& request, const std::string& type,
                 const record::Parameters& parameters) const {
    if (asks_for_later(request))
      return accepted(record_, record_.bulk().begin_search(request.principal(), type, parameters,
                                                           url_of(request, record_)));
    return bundle(record_.search(request.principal(), type, parameters));
  }

  static record::Version part(record::Version version, const record::Subset& subset) {
    version.body = record::subset_of(version.body, subset);
    return version;
  }

  static bool has_errors(const Json& outcome) {
    const Json* issues = outcome.find("issue");
    for (const Json& issue : issues && issues->is_array() ? issues->items() : Json::Array()) {
      const std::string severity = issue.text("severity");
      if (severity == "error" || severity == "fatal") return true;
    }
    return false;
  }

  // A resource that is refused gets all that is wrong with it, not only what was found first.
  template <class Write>
  Response written(const Request& request, const Json& resource, Write write) const {
    try {
      return write_response(request, write());
    } catch (const Error& error) {
      if (error.code() != ErrorCode::invalid_structure && error.code() != ErrorCode::invalid_value) throw;
      const Json outcome = record_.validate(resource);
      return has_errors(outcome) ? error_response(error, outcome) : error_response(error);
    }
  }

  record::Record& record_;
};

}  // namespace

void add_fhir_routes(Router& router, const Services& services, std::uint64_t largest_upload) {
  const auto door = std::make_shared<FhirDoor>(services);
  const Permission people = Permission::signed_in();  // what a role may do with a type, the record asks
  const RouteOptions with_body{.largest_body = largest_upload};
  const auto add = [&](Method method, std::string_view pattern, auto action, RouteOptions options = {}) {
    router.add(method, pattern, people,
               in_format([door, action](Request& request) { return ((*door).*action)(request); }), options);
  };
  router.add(Method::get, "/fhir/metadata", Permission::everyone(),
             in_format([door](Request& request) { return door->capabilities(request); }));
  add(Method::get, "/fhir", &FhirDoor::search);
  add(Method::post, "/fhir", &FhirDoor::execute, with_body);
  for (const Method method : {Method::get, Method::post}) {  // clients use _search with both
    add(method, "/fhir/_search", &FhirDoor::search);
    add(method, "/fhir/{type}/_search", &FhirDoor::search);
    add(method, "/fhir/{type}/{id}/{member}/_search", &FhirDoor::search_compartment);
  }
  add(Method::get, "/fhir/_history", &FhirDoor::history);
  add(Method::get, "/fhir/{type}", &FhirDoor::search);
  add(Method::post, "/fhir/{type}", &FhirDoor::create, with_body);
  add(Method::put, "/fhir/{type}", &FhirDoor::update_where, with_body);
  add(Method::patch, "/fhir/{type}", &FhirDoor::patch_where, with_body);
  add(Method::remove, "/fhir/{type}", &FhirDoor::remove_where);
  add(Method::get, "/fhir/{type}/_history", &FhirDoor::history);
  add(Method::get, "/fhir/{type}/{id}", &FhirDoor::read, {.quick = true});
  add(Method::put, "/fhir/{type}/{id}", &FhirDoor::update, with_body);
  add(Method::patch, "/fhir/{type}/{id}", &FhirDoor::patch, with_body);
  add(Method::remove, "/fhir/{type}/{id}", &FhirDoor::remove);
  add(Method::get, "/fhir/{type}/{id}/_history", &FhirDoor::history);
  add(Method::get, "/fhir/{type}/{id}/{member}", &FhirDoor::search_compartment);
  add(Method::get, "/fhir/{type}/{id}/_history/{version}", &FhirDoor::read_version);
  // Not in_format: what a Binary holds has a format of its own.
  router.add(Method::get, "/fhir/Binary/{id}", people,
             [door](const Request& request) { return door->read_binary(request); });
  router.add(Method::get, "/fhir/Binary/{id}/_history/{version}", people,
             [door](const Request& request) { return door->read_binary_version(request); });
  add_fhir_operations(router, services.record, with_body);
}

}  // namespace meridian::doors::http
