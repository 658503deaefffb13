#include "doors/dimse/commitment.h"

#include <algorithm>

#include "base/error.h"
#include "base/log.h"
#include "base/metrics.h"
#include "doors/dimse/event_report.h"

namespace meridian::doors::dimse {
namespace {

constexpr const char* kTopic = "dicom.commitment";
// With the queue's back-off of at most an hour: about a day.
constexpr int kAttempts = 32;
constexpr std::chrono::seconds kAnswer{30};
constexpr std::chrono::milliseconds kLookAgain{200};  // also how soon stop() is noticed

}  // namespace

bool CommitmentReport::complete() const {
  return std::ranges::all_of(references, [](const Reference& reference) { return reference.failure == 0; });
}

Json CommitmentReport::to_json() const {
  Json list = Json::array();
  for (const Reference& reference : references)
    list.push_back(Json::object({{"class", reference.sop_class},
                                 {"instance", reference.instance},
                                 {"failure", std::int64_t(reference.failure)}}));
  return Json::object({{"peer", ae_title}, {"transaction", transaction}, {"references", std::move(list)}});
}

CommitmentReport CommitmentReport::from_json(const Json& json) {
  CommitmentReport report{
      .ae_title = json.text("peer"), .transaction = json.text("transaction"), .references = {}};
  const Json* references = json.find("references");
  if (!references || !references->is_array())
    throw Error(ErrorCode::corrupted, "The queue holds no report of a storage commitment");
  for (const Json& reference : references->items())
    report.references.push_back({reference.text("class"), reference.text("instance"),
                                 static_cast<std::uint16_t>(reference.get("failure").as_int())});
  return report;
}

CommitmentReports::CommitmentReports(storage::Database& database, storage::Queue& queue,
                                     std::vector<DimsePeer> destinations)
    : database_(database), queue_(queue), destinations_(std::move(destinations)) {}

CommitmentReports::~CommitmentReports() {
  stop();
}

void CommitmentReports::start() {
  stopping_ = false;
  worker_ = std::thread([this] { work(); });
}

void CommitmentReports::stop() {
  stopping_ = true;
  if (worker_.joinable()) worker_.join();
}

void CommitmentReports::keep(const CommitmentReport& report) {
  database_.write(
      [&](storage::Transaction& transaction) { queue_.add(transaction, kTopic, report.to_json()); });
}

void CommitmentReports::work() {
  while (!stopping_) {
    try {
      if (!tell_one()) queue_.wait(kLookAgain);
    } catch (const std::exception& error) {
      log_error("dicom-commitment-lost",
                {{"reason", error.what()}});  // the job stays, and its lease runs out
      queue_.wait(kLookAgain);
    }
  }
}

bool CommitmentReports::tell_one() {
  const auto job = queue_.take(kTopic);
  if (!job) return false;
  try {
    tell(CommitmentReport::from_json(job->payload));
  } catch (const Error& error) {
    queue_.fail(*job, error.describe(), kAttempts);
    return true;
  }
  database_.write([&](storage::Transaction& transaction) { queue_.finish(transaction, *job); });
  count("meridian_dicom_commitments_total", {{"result", "told-later"}});
  return true;
}

void CommitmentReports::tell(const CommitmentReport& report) const {
  const auto peer = std::ranges::find(destinations_, report.ae_title, &DimsePeer::ae_title);
  if (peer == destinations_.end())
    throw Error(ErrorCode::invalid_configuration, "The configuration does not say where this peer is",
                report.ae_title);
  send_event_report(*peer, report, kAnswer);
}

}  // namespace meridian::doors::dimse
