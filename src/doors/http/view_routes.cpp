// SQL on FHIR: tables of the record's resources, by views that are sent or kept.
#include "base/error.h"
#include "doors/http/fhir_exchange.h"
#include "doors/http/fhir_format.h"
#include "doors/http/media_type.h"
#include "doors/http/routes.h"
#include "record/store/prepared.h"
#include "record/views/run_view.h"
#include "record/views/stored_view.h"

namespace meridian::doors::http {
namespace {

std::string media_type_of(record::TableFormat format) {
  switch (format) {
    case record::TableFormat::csv:
      return "text/csv; charset=utf-8; header=present";
    case record::TableFormat::json:
      return "application/json";
    case record::TableFormat::ndjson:
      break;
  }
  return "application/x-ndjson";
}

// What Accept asks for, where no parameter does.
void add_accepted(record::Parameters& parameters, const Request& request) {
  const std::string asked = request.parameter("_format");
  const std::string_view accept = request.headers.get("Accept");
  if (!asked.empty())
    parameters.emplace_back("_format", asked);
  else if (accept.find("text/csv") != std::string_view::npos)
    parameters.emplace_back("_format", "csv");
}

// id: that of a stored view in the address, or empty.
Response run(record::Record& record, Request& request, const std::string& id) {
  record::OperationCall call{"ViewDefinition", id, operation_parameters(request)};
  add_accepted(call.query, request);
  if (request.body.size() > 0) call.body = resource_of(request);
  const record::TableFormat format = record::table_format(call);
  return Response::text(record.operate(request.principal(), "run", call), media_type_of(format));
}

// Views that are kept: what FHIR's interactions do, done with the Libraries that hold them.
class StoredViews {
 public:
  explicit StoredViews(record::Record& record) : record_(record) {}

  Response read(const Request& request) const {
    return version_response(request,
                            as_view(record_.read(request.principal(), "Library", request.captured[0])));
  }

  Response list(Request& request) const {
    record::Parameters parameters = search_parameters(request);
    parameters.emplace_back("type", std::string(record::kViewLibraryType));
    const std::string base = record_.options().base_url + "/";
    Json found = Json::parse(record_.search(request.principal(), "Library", parameters));
    if (Json* entries = found.find("entry"))
      for (Json& entry : entries->items())
        if (record::holds_view(entry.get("resource"))) {
          entry["fullUrl"] = base + "ViewDefinition/" + entry.text("resource.id");
          entry["resource"] = record::view_of_library(entry.get("resource"));
        }
    if (Json* links = found.find("link"))
      for (Json& link : links->items())
        if (const std::string url = link.text("url"); url.starts_with(base + "Library"))
          link["url"] =
              base + "ViewDefinition" + url.substr(base.size() + std::string_view("Library").size());
    return bundle(found.dump());
  }

  Response create(Request& request) const {
    const Json view = resource_of(request);
    record::require_resource_type(view, "ViewDefinition");
    return written(request, record_.create(request.principal(), record::library_of_view(view)));
  }

  Response update(Request& request) const {
    const Json view = resource_of(request);
    record::require_resource_type(view, "ViewDefinition");
    const std::string& id = request.captured[0];
    if (view.text("id") != id)
      throw Error(ErrorCode::invalid_request, "The view's id is not the one in the address",
                  "ViewDefinition.id", "Give the view the id \"" + id + "\"");
    require_no_other(request.principal(), id);
    return written(request,
                   record_.update(request.principal(), record::library_of_view(view), if_match(request)));
  }

  Response remove(const Request& request) const {
    const std::string& id = request.captured[0];
    require_no_other(request.principal(), id);
    return removal_response(request, record_.remove(request.principal(), "Library", id, if_match(request)));
  }

 private:
  // A Library that holds something else keeps its id.
  void require_no_other(const trust::Principal& principal, const std::string& id) const {
    try {
      if (record::holds_view(Json::parse(record_.read(principal, "Library", id).body))) return;
    } catch (const Error& error) {
      if (error.code() == ErrorCode::not_found || error.code() == ErrorCode::gone) return;
      throw;
    }
    throw Error(ErrorCode::conflict, "Library/" + id + " holds no view", "ViewDefinition.id",
                "Give the view another id");
  }

  static record::Version as_view(record::Version version) {
    version.body = record::view_of_library(Json::parse(version.body)).dump();
    version.type = "ViewDefinition";
    return version;
  }
  static Response written(const Request& request, record::Version version) {
    return write_response(request, as_view(std::move(version)));
  }

  record::Record& record_;
};

}  // namespace

void add_view_routes(Router& router, const Services& services, std::uint64_t largest_upload) {
  const RouteOptions with_body{.largest_body = largest_upload};
  const Permission people = Permission::signed_in();
  for (const std::string name : {"$run", "$viewdefinition-run"})
    for (const Method method : {Method::get, Method::post}) {
      router.add(
          method, "/fhir/ViewDefinition/" + name, people,
          [&record = services.record](Request& request) { return run(record, request, {}); }, with_body);
      router.add(
          method, "/fhir/ViewDefinition/{id}/" + name, people,
          [&record = services.record](Request& request) { return run(record, request, request.captured[0]); },
          with_body);
    }
  const auto views = std::make_shared<StoredViews>(services.record);
  const auto add = [&](Method method, const char* pattern, auto action, RouteOptions options = {}) {
    router.add(method, pattern, people,
               in_format([views, action](Request& request) { return ((*views).*action)(request); }), options);
  };
  add(Method::get, "/fhir/ViewDefinition", &StoredViews::list);
  add(Method::post, "/fhir/ViewDefinition", &StoredViews::create, with_body);
  add(Method::get, "/fhir/ViewDefinition/{id}", &StoredViews::read);
  add(Method::put, "/fhir/ViewDefinition/{id}", &StoredViews::update, with_body);
  add(Method::remove, "/fhir/ViewDefinition/{id}", &StoredViews::remove);
}

}  // namespace meridian::doors::http
