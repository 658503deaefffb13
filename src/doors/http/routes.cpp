#include "doors/http/routes.h"

#include "base/resource.h"
#include "doors/http/monitor_routes.h"
#include "doors/http/static_files.h"

namespace meridian::doors::http {

void add_routes(Router& router, const Services& services, std::uint64_t largest_upload) {
  add_auth_routes(router, services);
  add_fhir_routes(router, services, largest_upload);
  add_bulk_routes(router, services, largest_upload);
  add_graphql_routes(router, services, largest_upload);
  add_subscription_routes(router, services);
  add_view_routes(router, services, largest_upload);
  add_dicomweb_routes(router, services, largest_upload);
  add_workitem_routes(router, services);
  add_dicomweb_capabilities(router);
  add_care_routes(router, services, largest_upload);
  add_live_routes(router, services);
  add_monitor_routes(router, services);
  add_slide_routes(router, services);
  add_assistants_routes(router, services);
  add_ledger_routes(router, services);
  add_job_routes(router, services);
  add_operation_routes(router, services);
  add_static_files(router, viewer_site());
  add_static_files(router, console_site());
}

}  // namespace meridian::doors::http
