// FHIR's asynchronous requests (R4, async.html): $export and $import, and what became of these and of all
// others.
#include "base/error.h"
#include "doors/http/fhir_exchange.h"
#include "doors/http/fhir_format.h"
#include "doors/http/media_type.h"
#include "doors/http/routes.h"
#include "record/bulk/bulk_data.h"

namespace meridian::doors::http {
namespace {

constexpr std::string_view kNdjson = "application/fhir+ndjson";

class BulkDoor {
 public:
  explicit BulkDoor(record::Record& record) : record_(record), bulk_(record.bulk()) {}

  Response begin_export(const std::string& level, Request& request) const {
    require_asynchronous(request);
    record::OperationCall call{level, request.captured.empty() ? std::string() : request.captured[0],
                               operation_parameters(request)};
    if (std::string handling = preference(request, "handling"); !handling.empty())
      call.query.emplace_back("handling", std::move(handling));
    if (request.body.size() > 0) call.body = resource_of(request);
    return accepted(record_, bulk_.begin_export(request.principal(), call, url_of(request, record_)));
  }

  Response begin_import(Request& request) const {
    require_asynchronous(request);
    const std::string type = MediaType::parse(request.headers.get("Content-Type")).name;
    if (type != kNdjson && type != "application/ndjson" && type != "application/x-ndjson")
      throw Error(ErrorCode::unsupported_media_type, "What is imported is NDJSON", "Content-Type",
                  "Send " + std::string(kNdjson) + ", a resource a line");
    return accepted(record_,
                    bulk_.begin_import(request.principal(), request.body.take(), url_of(request, record_)));
  }

  Response status(const Request& request) const {
    const std::string& id = request.captured[0];
    const record::BulkStatus status = bulk_.status(request.principal(), id);
    if (!status.done) {
      Response response = Response::empty(202);
      response.headers.add("X-Progress", status.progress);
      response.headers.add("Retry-After", "1");
      return response;
    }
    Json manifest = status.manifest;
    for (const char* list : {"output", "error"})
      for (Json& file : manifest.find(list)->items()) {
        file["url"] = address_of_job(record_, id) + "/" + file.get("file").number_text();
        file.erase("file");
      }
    return Response::json(manifest);
  }

  Response file(const Request& request) const {
    const std::string& number = request.captured[1];
    if (number.empty() || number.size() > 6 || number.find_first_not_of("0123456789") != std::string::npos)
      throw Error(ErrorCode::not_found, "There is no such file");
    return Response::text(bulk_.file(request.principal(), request.captured[0], std::stoi(number)).text,
                          std::string(kNdjson));
  }

  Response cancel(const Request& request) const {
    bulk_.cancel(request.principal(), request.captured[0]);
    return Response::empty(202);
  }

 private:
  static void require_asynchronous(const Request& request) {
    if (!asks_for_later(request))
      throw Error(ErrorCode::invalid_request, "This takes long and is answered only asynchronously", "Prefer",
                  "Send Prefer: respond-async");
  }

  record::Record& record_;
  record::BulkData& bulk_;
};

}  // namespace

void add_bulk_routes(Router& router, const Services& services, std::uint64_t largest_upload) {
  const auto door = std::make_shared<BulkDoor>(services.record);
  const Permission people = Permission::signed_in();
  const auto add = [&](Method method, std::string_view pattern, auto action, RouteOptions options = {}) {
    router.add(method, pattern, people,
               in_format([door, action](Request& request) { return action(*door, request); }), options);
  };
  for (const Method method : {Method::get, Method::post}) {
    add(method, "/fhir/$export",
        [](const BulkDoor& to, Request& request) { return to.begin_export("", request); });
    add(method, "/fhir/Patient/$export",
        [](const BulkDoor& to, Request& request) { return to.begin_export("Patient", request); });
    add(method, "/fhir/Group/{id}/$export",
        [](const BulkDoor& to, Request& request) { return to.begin_export("Group", request); });
  }
  add(Method::post, "/fhir/$import",
      [](const BulkDoor& to, Request& request) { return to.begin_import(request); },
      {.largest_body = largest_upload});
  add(Method::get, "/fhir/$bulk/{id}",
      [](const BulkDoor& to, Request& request) { return to.status(request); });
  add(Method::remove, "/fhir/$bulk/{id}",
      [](const BulkDoor& to, Request& request) { return to.cancel(request); });
  // An NDJSON file is not of the formats that FHIR's resources are asked for in.
  router.add(Method::get, "/fhir/$bulk/{id}/{number}", people,
             [door](Request& request) { return door->file(request); });
}

}  // namespace meridian::doors::http
