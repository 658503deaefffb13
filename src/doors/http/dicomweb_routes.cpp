#include <charconv>

#include "base/error.h"
#include "doors/http/dicomweb_search.h"
#include "doors/http/dicomweb_store.h"
#include "doors/http/media_type.h"
#include "doors/http/multipart.h"
#include "doors/http/routes.h"
#include "doors/http/text.h"

namespace meridian::doors::http {
namespace {

using archive::InstanceFacts;

constexpr std::string_view kExplicitLittleEndian = "1.2.840.10008.1.2.1";

double real(std::string_view text, const char* where) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc() || end != text.data() + text.size())
    throw Error(ErrorCode::invalid_request, "\"" + std::string(text) + "\" is not a number", where);
  return value;
}

int frame_number(std::string_view text) {
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < 1)
    throw Error(ErrorCode::invalid_request, "Frames are counted from 1", "frames");
  return number;
}

// window=center,width,function and viewport=width,height (PS3.18 8.3.5).
archive::RenderOptions render_options(const Request& request, int frame) {
  archive::RenderOptions options;
  options.frame = frame;
  const std::string window = request.parameter("window"), viewport = request.parameter("viewport");
  if (!window.empty()) {
    const auto parts = split_unquoted(window, ',');
    if (parts.size() < 2) throw Error(ErrorCode::invalid_request, "window is center,width,linear", "window");
    options.center = real(parts[0], "window");
    options.width = real(parts[1], "window");
  }
  if (!viewport.empty()) {
    const auto parts = split_unquoted(viewport, ',');
    if (parts.size() < 2) throw Error(ErrorCode::invalid_request, "viewport is width,height", "viewport");
    options.max_width = static_cast<int>(std::clamp(real(parts[0], "viewport"), 0.0, 100'000.0));
    options.max_height = static_cast<int>(std::clamp(real(parts[1], "viewport"), 0.0, 100'000.0));
  }
  options.quality = static_cast<int>(request.number("quality", options.quality, 1, 100));
  static constexpr std::array<std::string_view, 2> kOffers{"image/jpeg", "image/png"};
  options.media_type = preferred(request.parameter("accept", request.headers.get("Accept")), kOffers);
  if (options.media_type.empty())
    throw Error(ErrorCode::not_acceptable, "Pictures are given as image/jpeg or image/png", "Accept");
  return options;
}

// Which form of the frames is asked for: as stored, or decoded.
bool wants_decoded(const MediaType& accept) {
  const std::string_view type =
      accept.name.starts_with("multipart/") ? accept.parameter("type") : std::string_view(accept.name);
  const std::string_view syntax = accept.parameter("transfer-syntax");
  if (!syntax.empty()) return syntax == kExplicitLittleEndian;
  return !type.starts_with("image/");
}

class DicomWeb {
 public:
  explicit DicomWeb(const Services& services) : services_(services) {}

  Response store(Request& request) const { return store_instances(services_, request); }
  template <archive::QueryLevel level>
  Response search_at(const Request& request) const {
    record(request, "dicom.search", {}, request.captured.empty() ? "studies" : request.captured.back());
    return search(services_, request, level);
  }

  Response metadata(const Request& request) const {
    Json list = Json::array();
    for (const InstanceFacts& facts : visible(request, "dicom.metadata"))
      list.push_back(services_.archive.metadata(facts.key.instance, address_of(facts) + "/bulkdata"));
    Response response = Response::json(list);
    response.media_type = "application/dicom+json";
    return response;
  }

  Response retrieve(const Request& request) const {
    const std::vector<InstanceFacts> found = visible(request, "dicom.retrieve");
    const bool single =
        request.captured.size() == 3 && acceptance(request.headers.get("Accept"), "application/dicom") > 0;
    if (single)
      return Response::text(services_.archive.bytes(found.front().key.instance), "application/dicom");
    MultipartWriter writer("application/dicom");
    for (const InstanceFacts& facts : found)
      writer.add("application/dicom", services_.archive.bytes(facts.key.instance), address_of(facts));
    return writer.finish();
  }

  Response frames(const Request& request) const {
    const InstanceFacts facts = visible(request, "dicom.frames").front();
    const MediaType accept = MediaType::parse(request.headers.get("Accept"));
    const std::vector<std::string_view> numbers = split_unquoted(request.captured[3], ',');
    const bool decoded = wants_decoded(accept);
    if (numbers.size() == 1 && accept.name == "application/octet-stream")
      return Response::text(
          services_.archive.frame(facts.key.instance, frame_number(numbers.front()), true).bytes,
          "application/octet-stream");
    MultipartWriter writer(accept.parameter("type").empty() ? "application/octet-stream"
                                                            : std::string(accept.parameter("type")));
    for (const std::string_view number : numbers) {
      const archive::Frame frame = services_.archive.frame(facts.key.instance, frame_number(number), decoded);
      writer.add(frame.media_type + "; transfer-syntax=" + frame.transfer_syntax, frame.bytes,
                 address_of(facts) + "/frames/" + std::string(number));
    }
    return writer.finish();
  }

  Response rendered(const Request& request) const {
    const InstanceFacts facts = visible(request, "dicom.rendered").front();
    const int frame = request.captured.size() > 3 ? frame_number(request.captured[3]) : 1;
    const archive::RenderOptions options = render_options(request, frame);
    return Response::text(services_.archive.render(facts.key.instance, options), options.media_type);
  }

  Response bulk_data(const Request& request) const {
    const InstanceFacts facts = visible(request, "dicom.bulkdata").front();
    std::string path;
    for (std::size_t i = 3; i < request.captured.size(); ++i)
      path += (path.empty() ? "" : "/") + request.captured[i];
    return Response::text(services_.archive.bulk_data(facts.key.instance, path), "application/octet-stream");
  }

 private:
  static std::string address_of(const InstanceFacts& facts) {
    return "/dicomweb/studies/" + facts.key.study + "/series/" + facts.key.series + "/instances/" +
           facts.key.instance;
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

  // The instances that the address names: study, series and instance, as far as it goes. That they were
  // looked at is in the ledger. Throws not_found, also when the principal may not see them.
  std::vector<InstanceFacts> visible(const Request& request, const char* kind) const {
    const std::vector<std::string>& path = request.captured;
    std::vector<InstanceFacts> found =
        path.size() < 3 ? services_.archive.instances(path[0], path.size() > 1 ? path[1] : "")
                        : one_instance(path);
    if (found.empty())
      throw Error(ErrorCode::not_found, "There is no such study, or none that you may see", path[0]);
    // A study is of one patient.
    const std::string patient = services_.database.read([&](storage::Connection& connection) {
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
  router.add(Method::post, "/dicomweb/studies", Permission::of(trust::Act::write, "ImagingStudy"),
             [door](Request& request) { return door->store(request); }, {.largest_body = largest_upload});
  using archive::QueryLevel;
  get("/studies", &DicomWeb::search_at<QueryLevel::study>);
  for (const std::string& parent : {std::string(), study})
    get(parent + "/series", &DicomWeb::search_at<QueryLevel::series>);
  for (const std::string& parent : {std::string(), study, series})
    get(parent + "/instances", &DicomWeb::search_at<QueryLevel::instance>);
  for (const std::string& level : {study, series, instance}) {
    get(level, &DicomWeb::retrieve);
    get(level + "/metadata", &DicomWeb::metadata);
  }
  get(instance + "/frames/{frames}", &DicomWeb::frames);
  get(instance + "/frames/{frame}/rendered", &DicomWeb::rendered);
  get(instance + "/rendered", &DicomWeb::rendered);
  get(instance + "/bulkdata/{path...}", &DicomWeb::bulk_data);
}

}  // namespace meridian::doors::http
