#include "doors/http/dicomweb_store.h"

#include <set>

#include "archive/attribute_json.h"
#include "archive/parse.h"
#include "base/error.h"
#include "base/log.h"
#include "doors/http/dicomweb_accept.h"
#include "doors/http/dicomweb_arriving.h"

namespace meridian::doors::http {
namespace {

constexpr const char* kReferencedClass = "00081150";
constexpr const char* kReferencedInstance = "00081155";
constexpr const char* kRetrieveUrl = "00081190";
constexpr const char* kFailureReason = "00081197";
constexpr const char* kWarningReason = "00081196";
constexpr const char* kFailedSequence = "00081198";
constexpr const char* kReferencedSequence = "00081199";

// PS3.18, 10.5.3: the data set does not match its SOP class, or it was repaired.
constexpr std::int64_t kDoesNotMatchClass = 0xB007;
// PS3.18, table I.2-2.
constexpr std::int64_t kUnknownTransferSyntax = 0xC122, kNotUnderstood = 0xC000;

std::int64_t failure_reason(ErrorCode code) {
  if (code == ErrorCode::not_supported) return kUnknownTransferSyntax;
  return code == ErrorCode::unsupported_media_type ? kNotUnderstood : traits(code).dicom_status;
}

Json reference(const std::string& sop_class, const std::string& instance) {
  return Json::object({{kReferencedClass, archive::dicom_attribute("UI", sop_class)},
                       {kReferencedInstance, archive::dicom_attribute("UI", instance)}});
}

class StoreReport {
 public:
  void stored(const std::string& sop_class, const care::Taken& taken) {
    const std::string study = "/dicomweb/studies/" + taken.study;
    Json item = reference(sop_class, taken.instance);
    item[kRetrieveUrl] =
        archive::dicom_attribute("UR", study + "/series/" + taken.series + "/instances/" + taken.instance);
    if (!taken.damage.empty()) {
      item[kWarningReason] = archive::dicom_number("US", kDoesNotMatchClass);
      worst_ = taken.damage.front();
      warned_ = true;
    }
    stored_.push_back(std::move(item));
    studies_.insert(study);
  }

  // named: who the instance says that it is, as far as that could be read.
  void failed(Json named, const Error& error) {
    Json& item = failed_.push_back(std::move(named));
    item[kFailureReason] = archive::dicom_number("US", failure_reason(error.code()));
    worst_ = error.describe();
  }

  Response response(const DatasetFormat& format) const {
    Json body = Json::object();
    if (studies_.size() == 1) body[kRetrieveUrl] = archive::dicom_attribute("UR", *studies_.begin());
    if (!stored_.empty()) body[kReferencedSequence] = Json::object({{"vr", "SQ"}, {"Value", stored_}});
    if (!failed_.empty()) body[kFailedSequence] = Json::object({{"vr", "SQ"}, {"Value", failed_}});
    Response response = format.respond(body, status());
    if (!worst_.empty()) response.headers.add("Warning", "299 meridian \"" + worst_ + "\"");
    return response;
  }

 private:
  int status() const {
    if (stored_.empty()) return 409;
    return failed_.empty() && !warned_ ? 200 : 202;
  }

  Json stored_ = Json::array(), failed_ = Json::array();
  std::set<std::string> studies_;
  std::string worst_;
  bool warned_ = false;
};

// The study that the address names, if it names one, must be the instance's (PS3.18, 10.5.1).
void require_study(const Request& request, const archive::InstanceFacts& facts) {
  if (!request.captured.empty() && facts.key.study != request.captured.front())
    throw Error(ErrorCode::invalid_structure, "The instance is of another study than the address",
                facts.key.study);
}

}  // namespace

Response store_instances(const Services& services, Request& request) {
  const DatasetFormat format(request, true);
  StoreReport report;
  for (Arriving& arriving : arriving_instances(request)) {
    try {
      if (arriving.refused) throw *arriving.refused;
      archive::Parsed parsed = archive::parse_instance(std::move(arriving.bytes));
      const std::string sop_class = parsed.facts.sop_class;
      arriving.named = reference(sop_class, parsed.facts.key.instance);
      require_study(request, parsed.facts);
      report.stored(sop_class,
                    services.care.intake.receive(std::move(parsed), {request.principal(), "stow", {}, {}}));
    } catch (const Error& error) {
      log_warning("stow-refused", {{"request", request.id}, {"error", error.describe()}});
      report.failed(std::move(arriving.named), error);
    }
  }
  return report.response(format);
}

}  // namespace meridian::doors::http
