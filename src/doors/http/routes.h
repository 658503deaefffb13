// Every address of a node: docs/console-api.md, FHIR R4, DICOMweb.
#pragma once
#include <cstdint>

#include "archive/archive.h"
#include "care/care.h"
#include "doors/http/router.h"
#include "engine/registry.h"
#include "record/record.h"
#include "storage/database.h"
#include "storage/queue.h"
#include "trust/identity.h"
#include "trust/ledger.h"

namespace meridian::doors::http {

// What the addresses are served from; all outlive the router.
struct Services {
  storage::Database& database;
  storage::Queue& queue;
  trust::Ledger& ledger;
  trust::Identity& identity;
  record::Record& record;
  archive::Archive& archive;
  engine::Registry& registry;
  care::Care& care;
};

// largest_upload: bytes of a recording, film or bundle.
void add_routes(Router& router, const Services& services, std::uint64_t largest_upload);

// The parts of it, a subject each.
void add_auth_routes(Router& router, const Services& services);
void add_fhir_routes(Router& router, const Services& services, std::uint64_t largest_upload);
void add_bulk_routes(Router& router, const Services& services, std::uint64_t largest_upload);
void add_graphql_routes(Router& router, const Services& services, std::uint64_t largest_upload);
void add_subscription_routes(Router& router, const Services& services);
void add_view_routes(Router& router, const Services& services, std::uint64_t largest_upload);
void add_dicomweb_routes(Router& router, const Services& services, std::uint64_t largest_upload);
void add_workitem_routes(Router& router, const Services& services);
// Of the addresses of DICOMweb that were added before.
void add_dicomweb_capabilities(Router& router);
void add_care_routes(Router& router, const Services& services, std::uint64_t largest_upload);
void add_live_routes(Router& router, const Services& services);
void add_slide_routes(Router& router, const Services& services);
void add_assistants_routes(Router& router, const Services& services);
void add_ledger_routes(Router& router, const Services& services);
void add_job_routes(Router& router, const Services& services);
// The router's own routes are in /metrics.
void add_operation_routes(Router& router, const Services& services);

}  // namespace meridian::doors::http
