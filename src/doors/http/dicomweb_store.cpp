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

constexpr std::size_t kMostTogether = 64, kMostBytesTogether = std::size_t(32) << 20;

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

// The instances of a request on their way into the archive, some at a time: those share a sync and a commit.
class Storing {
 public:
  Storing(const Services& services, const Request& request) : services_(services), request_(request) {}

  void add(Arriving arriving) {
    try {
      if (arriving.refused) throw *arriving.refused;
      archive::Parsed parsed = archive::parse_instance(std::move(arriving.bytes));
      arriving.named = reference(parsed.facts.sop_class, parsed.facts.key.instance);
      require_study(request_, parsed.facts);
      bytes_ += parsed.file.size();
      waiting_.push_back(std::move(parsed));
    } catch (const Error& error) {
      file();  // the report is in the order of the request
      refuse(std::move(arriving.named), error);
    }
    if (waiting_.size() == kMostTogether || bytes_ >= kMostBytesTogether) file();
  }

  Response finish(const DatasetFormat& format) {
    file();
    return report_.response(format);
  }

 private:
  void refuse(Json named, const Error& error) {
    log_warning("stow-refused", {{"request", request_.id}, {"error", error.describe()}});
    report_.failed(std::move(named), error);
  }

  void file() {
    if (waiting_.empty()) return;
    std::vector<std::pair<std::string, std::string>> named;  // class and instance
    for (const archive::Parsed& one : waiting_)
      named.emplace_back(one.facts.sop_class, one.facts.key.instance);
    bytes_ = 0;
    try {
      const auto outcomes = services_.care.intake.receive_all(std::exchange(waiting_, {}),
                                                              {request_.principal(), "stow", {}, {}});
      for (std::size_t i = 0; i < outcomes.size(); ++i)
        if (const auto* taken = std::get_if<care::Taken>(&outcomes[i]))
          report_.stored(named[i].first, *taken);
        else
          refuse(reference(named[i].first, named[i].second), std::get<Error>(outcomes[i]));
    } catch (const Error& error) {
      for (const auto& [sop_class, instance] : named) refuse(reference(sop_class, instance), error);
    }
  }

  const Services& services_;
  const Request& request_;
  StoreReport report_;
  std::vector<archive::Parsed> waiting_;
  std::size_t bytes_ = 0;  // of these
};

}  // namespace

Response store_instances(const Services& services, Request& request) {
  const DatasetFormat format(request, true);
  Storing storing(services, request);
  for (Arriving& arriving : arriving_instances(request)) storing.add(std::move(arriving));
  return storing.finish(format);
}

}  // namespace meridian::doors::http
