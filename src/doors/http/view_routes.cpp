// SQL on FHIR: tables of the record's resources, by views that are sent or kept.
#include "base/error.h"
#include "doors/http/fhir_exchange.h"
#include "doors/http/fhir_format.h"
#include "doors/http/media_type.h"
#include "doors/http/routes.h"
#include "doors/http/target.h"
#include "record/bundle/subset.h"
#include "record/store/prepared.h"
#include "record/validation/validator.h"
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
    const record::Subset subset = subset_asked_for(request);
    record::Version version = as_view(record_.read(request.principal(), "Library", request.captured[0]));
    version.body = record::subset_of(version.body, subset);
    return version_response(request, std::move(version));
  }

  // What of each is shown is chosen here: of the Library it would be another part.
  Response list(Request& request) const {
    record::Subset subset;
    std::string shown;  // for the links
    record::Parameters parameters = search_parameters(request);
    std::erase_if(parameters, [&](const auto& parameter) {
      const auto& [name, value] = parameter;
      if (name == "_summary" && record::parse_summary(value) != record::Summary::count)
        subset.summary = record::parse_summary(value);
      else if (name == "_elements")
        subset.elements = record::parse_elements(value);
      else
        return false;
      shown += "&" + name + "=" + percent_encoded(value);
      return true;
    });
    parameters.emplace_back("type", std::string(record::kViewLibraryType));
    Json found = Json::parse(record_.search(request.principal(), "Library", parameters));
    if (Json* entries = found.find("entry"))
      for (Json& entry : entries->items())
        if (record::holds_view(entry.get("resource"))) show_view(entry, subset);
    if (Json* links = found.find("link"))
      for (Json& link : links->items()) link["url"] = address_of_views(link.text("url")) + shown;
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
                   record_.update(request.principal(), record::library_of_view(view), precondition(request)));
  }

  Response remove(const Request& request) const {
    const std::string& id = request.captured[0];
    require_no_other(request.principal(), id);
    return removal_response(request,
                            record_.remove(request.principal(), "Library", id, precondition(request)));
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

  // One that cannot be read is told, and hides no other.
  void show_view(Json& entry, const record::Subset& subset) const {
    const Json& library = entry.get("resource");
    try {
      const std::string view = record::subset_of(record::view_of_library(library).dump(), subset);
      entry["fullUrl"] = record_.options().base_url + "/ViewDefinition/" + library.text("id");
      entry["resource"] = Json::parse(view);
    } catch (const Error& error) {
      entry =
          Json::object({{"resource", record::operation_outcome({{record::Issue::Severity::warning, "invalid",
                                                                 error.describe(), "Library.content"}})},
                        {"search", Json::object({{"mode", "outcome"}})}});
    }
  }

  std::string address_of_views(const std::string& of_libraries) const {
    const std::string library = record_.options().base_url + "/Library";
    if (!of_libraries.starts_with(library)) return of_libraries;
    return record_.options().base_url + "/ViewDefinition" + of_libraries.substr(library.size());
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
