#include "doors/http/dicomweb_store.h"

#include "archive/attribute_json.h"
#include "base/error.h"
#include "base/log.h"
#include "doors/http/media_type.h"
#include "doors/http/multipart.h"

namespace meridian::doors::http {
namespace {

constexpr const char* kReferencedClass = "00081150";
constexpr const char* kReferencedInstance = "00081155";
constexpr const char* kRetrieveUrl = "00081190";
constexpr const char* kFailureReason = "00081197";
constexpr const char* kFailedSequence = "00081198";
constexpr const char* kReferencedSequence = "00081199";

// The bodies of the parts, or the whole body when it is one instance.
std::vector<std::string> instances_of(Request& request) {
  const MediaType type = MediaType::parse(request.headers.get("Content-Type"));
  std::string body = request.body.take();
  std::vector<std::string> instances;
  if (type.name == "application/dicom") {
    instances.push_back(std::move(body));
  } else if (type.name == "multipart/related") {
    for (const Part& part : parse_multipart(body, type)) instances.emplace_back(part.bytes);
  } else {
    throw Error(ErrorCode::unsupported_media_type, "Instances come as multipart/related of application/dicom",
                "Content-Type", "Send multipart/related; type=\"application/dicom\"");
  }
  if (instances.empty()) throw Error(ErrorCode::invalid_request, "The body holds no instance");
  return instances;
}

class StoreReport {
 public:
  void stored(const std::string& sop_class, const care::Taken& taken) {
    Json item = reference(sop_class, taken.instance);
    item[kRetrieveUrl] = archive::dicom_attribute("UR", "/dicomweb/studies/" + taken.study + "/series/" +
                                                            taken.series + "/instances/" + taken.instance);
    stored_.push_back(std::move(item));
  }

  void failed(const Error& error) {
    Json item =
        Json::object({{kFailureReason, archive::dicom_number("US", traits(error.code()).dicom_status)}});
    failed_.push_back(std::move(item));
    worst_ = error.describe();
  }

  Response response() const {
    Json body = Json::object();
    if (!stored_.empty()) body[kReferencedSequence] = Json::object({{"vr", "SQ"}, {"Value", stored_}});
    if (!failed_.empty()) body[kFailedSequence] = Json::object({{"vr", "SQ"}, {"Value", failed_}});
    Response response = Response::json(body, failed_.empty() ? 200 : stored_.empty() ? 409 : 202);
    response.media_type = "application/dicom+json";
    if (!worst_.empty()) response.headers.add("Warning", "299 meridian \"" + worst_ + "\"");
    return response;
  }

 private:
  static Json reference(const std::string& sop_class, const std::string& instance) {
    return Json::object({{kReferencedClass, archive::dicom_attribute("UI", sop_class)},
                         {kReferencedInstance, archive::dicom_attribute("UI", instance)}});
  }

  Json stored_ = Json::array(), failed_ = Json::array();
  std::string worst_;
};

}  // namespace

Response store_instances(const Services& services, Request& request) {
  StoreReport report;
  for (const std::string& bytes : instances_of(request)) {
    try {
      const care::Taken taken = services.care.intake.receive(bytes, {request.principal(), "stow", {}, {}});
      const auto facts = services.archive.find(taken.instance);
      report.stored(facts ? facts->sop_class : std::string(), taken);
    } catch (const Error& error) {
      log_warning("stow-refused", {{"request", request.id}, {"error", error.describe()}});
      report.failed(error);
    }
  }
  return report.response();
}

}  // namespace meridian::doors::http
