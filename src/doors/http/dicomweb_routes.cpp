#include <algorithm>

#include "archive/parse.h"
#include "base/error.h"
#include "care/removal.h"
#include "care/results.h"
#include "doors/http/dicomweb_retrieve.h"
#include "doors/http/dicomweb_search.h"
#include "doors/http/dicomweb_store.h"
#include "doors/http/routes.h"

namespace meridian::doors::http {
namespace {

using archive::InstanceFacts;

class DicomWeb {
 public:
  explicit DicomWeb(const Services& services)
      : services_(services),
        removal_({services.database, services.queue, services.ledger, services.record, services.archive,
                  services.registry, services.care.events}) {}

  Response store(Request& request) const { return store_instances(services_, request); }
  template <archive::QueryLevel level>
  Response search_at(const Request& request) const {
    record(request, "dicom.search", {}, request.captured.empty() ? "studies" : request.captured.back());
    return search(services_, request, level);
  }

  Response metadata(const Request& request) const {
    return retrieve_metadata(services_, request, visible(request, "dicom.metadata"));
  }

  Response retrieve(const Request& request) const {
    const bool single = request.captured.size() == 3;
    return retrieve_instances(services_, request, visible(request, "dicom.retrieve"), single);
  }

  Response frames(const Request& request) const {
    return retrieve_frames(services_, request, visible(request, "dicom.frames").front(), request.captured[3]);
  }

  Response rendered(const Request& request) const {
    return retrieve_rendered(services_, request, visible(request, "dicom.rendered").front(),
                             request.captured.size() > 3 ? request.captured[3] : std::string());
  }

  Response all_rendered(const Request& request) const {
    return retrieve_all_rendered(services_, request, visible(request, "dicom.rendered"));
  }

  Response thumbnail(const Request& request) const {
    return retrieve_thumbnail(services_, request, visible(request, "dicom.rendered"), frame_of(request));
  }

  Response remove(const Request& request) const {
    const std::vector<std::string>& path = request.captured;
    require_uids(path);
    const auto part = [&](std::size_t i) { return i < path.size() ? path[i] : std::string(); };
    removal_.remove(request.principal(), part(0), part(1), part(2));
    return Response::empty();
  }

  Response bulk_data(const Request& request) const {
    std::string path;
    for (std::size_t i = 3; i < request.captured.size(); ++i)
      path += (path.empty() ? "" : "/") + request.captured[i];
    return retrieve_bulk_data(services_, request, visible(request, "dicom.bulkdata").front(), path);
  }

 private:
  static int frame_of(const Request& request) {
    return request.captured.size() > 3 ? frame_number(request.captured[3]) : 1;
  }

  void record(const Request& request, const char* kind, const std::string& patient,
              const std::string& entity) const {
    trust::LedgerEntry entry;
    entry.action = "R";
    entry.kind = kind;
    entry.patient = patient;
    entry.entity = entity;
    services_.ledger.append_soon(request.principal(), std::move(entry));
  }

  static void require_uids(const std::vector<std::string>& path) {
    for (std::size_t i = 0; i < std::min<std::size_t>(path.size(), 3); ++i)
      if (!archive::is_uid(path[i]))
        throw Error(ErrorCode::invalid_request, "This is not a UID", path[i].substr(0, 80));
  }

  // The instances that the address names: study, series and instance, as far as it goes. That they were
  // looked at is in the ledger. Throws not_found, also when the principal may not see them.
  std::vector<InstanceFacts> visible(const Request& request, const char* kind) const {
    const std::vector<std::string>& path = request.captured;
    require_uids(path);
    std::vector<InstanceFacts> found =
        path.size() < 3 ? services_.archive.instances(path[0], path.size() > 1 ? path[1] : "")
                        : one_instance(path);
    // A study is of one patient.
    const std::string patient = services_.database.read([&](storage::Connection& connection) {
      care::erase_hidden(connection, request.principal(), found);
      if (found.empty())
        throw Error(ErrorCode::not_found, "There is no such study, or none that you may see", path[0]);
      return care::visible_patient(connection, request.principal(), found.front().key.instance);
    });
    record(request, kind, patient, path.size() < 3 ? path.back() : path[2]);
    return found;
  }

  std::vector<InstanceFacts> one_instance(const std::vector<std::string>& path) const {
    const std::optional<InstanceFacts> facts = services_.archive.find(path[2]);
    if (!facts || facts->key.study != path[0] || facts->key.series != path[1]) return {};
    return {*facts};
  }

  const Services services_;
  const care::Removal removal_;
};

}  // namespace

void add_dicomweb_routes(Router& router, const Services& services, std::uint64_t largest_upload) {
  const auto door = std::make_shared<DicomWeb>(services);
  const Permission readers = Permission::of(trust::Act::read, "ImagingStudy");
  const auto get = [&](const std::string& pattern, Response (DicomWeb::*action)(const Request&) const) {
    router.add(Method::get, "/dicomweb" + pattern, readers,
               [door, action](Request& request) { return ((*door).*action)(request); });
  };
  const std::string study = "/studies/{study}", series = study + "/series/{series}",
                    instance = series + "/instances/{instance}";
  for (const std::string& address : {std::string("/studies"), study})
    router.add(Method::post, "/dicomweb" + address, Permission::of(trust::Act::write, "ImagingStudy"),
               [door](Request& request) { return door->store(request); }, {.largest_body = largest_upload});
  using archive::QueryLevel;
  get("/studies", &DicomWeb::search_at<QueryLevel::study>);
  for (const std::string& parent : {std::string(), study})
    get(parent + "/series", &DicomWeb::search_at<QueryLevel::series>);
  for (const std::string& parent : {std::string(), study, series})
    get(parent + "/instances", &DicomWeb::search_at<QueryLevel::instance>);
  for (const std::string& level : {study, series}) get(level + "/rendered", &DicomWeb::all_rendered);
  for (const std::string& level : {study, series, instance}) {
    get(level, &DicomWeb::retrieve);
    get(level + "/thumbnail", &DicomWeb::thumbnail);
    get(level + "/metadata", &DicomWeb::metadata);
    router.add(Method::remove, "/dicomweb" + level, Permission::of(trust::Act::remove, "ImagingStudy"),
               [door](Request& request) { return door->remove(request); });
  }
  get(instance + "/frames/{frames}", &DicomWeb::frames);
  get(instance + "/frames/{frames}/rendered", &DicomWeb::rendered);
  get(instance + "/frames/{frame}/thumbnail", &DicomWeb::thumbnail);
  get(instance + "/rendered", &DicomWeb::rendered);
  get(instance + "/bulkdata/{path...}", &DicomWeb::bulk_data);
}

}  // namespace meridian::doors::http
