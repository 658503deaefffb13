#include "doors/dimse/commitment.h"

#include <algorithm>

#include "base/error.h"
#include "base/log.h"
#include "base/metrics.h"
#include "doors/dimse/event_report.h"

namespace meridian::doors::dimse {
namespace {

// With the queue's back-off of at most an hour: about a day.
constexpr int kAttempts = 32;
constexpr std::chrono::seconds kAnswer{30};
constexpr std::chrono::seconds kAfterTheResponse{1};  // the peer learns first that its request was taken
constexpr std::chrono::milliseconds kLookAgain{200};  // also how soon stop() is noticed

std::string topic_of(const std::string& ae_title) {
  return "dicom.commitment/" + ae_title;
}

}  // namespace

bool CommitmentReport::complete() const {
  return std::ranges::all_of(references, [](const Reference& reference) { return reference.failure == 0; });
}

Json CommitmentRequest::to_json() const {
  Json list = Json::array();
  for (const Reference& reference : references)
    list.push_back(Json::object({{"class", reference.sop_class}, {"instance", reference.instance}}));
  return Json::object({{"peer", peer.calling_ae_title},
                       {"called", peer.called_ae_title},
                       {"address", peer.address},
                       {"transaction", transaction},
                       {"references", std::move(list)}});
}

CommitmentRequest CommitmentRequest::from_json(const Json& json) {
  CommitmentRequest request{.peer = {json.text("peer"), json.text("called"), json.text("address")},
                            .transaction = json.text("transaction"),
                            .references = {}};
  const Json* references = json.find("references");
  if (!references || !references->is_array())
    throw Error(ErrorCode::corrupted, "The queue holds no request for a storage commitment");
  for (const Json& reference : references->items())
    request.references.push_back({reference.text("class"), reference.text("instance")});
  return request;
}

Commitments::Commitments(storage::Database& database, storage::Queue& queue,
                         std::vector<DimsePeer> destinations, CommitHandler commit)
    : database_(database),
      queue_(queue),
      destinations_(std::move(destinations)),
      commit_(std::move(commit)) {}

Commitments::~Commitments() {
  stop();
}

void Commitments::start() {
  stopping_ = false;
  worker_ = std::thread([this] { work(); });
}

void Commitments::stop() {
  stopping_ = true;
  if (worker_.joinable()) worker_.join();
}

bool Commitments::has_address(const std::string& ae_title) const {
  return std::ranges::find(destinations_, ae_title, &DimsePeer::ae_title) != destinations_.end();
}

void Commitments::keep(const CommitmentRequest& request) {
  const std::string& title = request.peer.calling_ae_title;
  database_.write([&](storage::Transaction& transaction) {
    queue_.add(transaction, topic_of(title), request.to_json(), {},
               has_address(title) ? kAfterTheResponse : std::chrono::seconds(0));
  });
}

void Commitments::work() {
  while (!stopping_) {
    try {
      if (!tell_one()) queue_.wait(kLookAgain);
    } catch (const std::exception& error) {
      log_error("dicom-commitment-delayed",
                {{"reason", error.what()}});  // the job stays, and its lease runs out
      queue_.wait(kLookAgain);
    }
  }
}

bool Commitments::answer_next(const std::string& topic,
                              const std::function<void(const CommitmentRequest&)>& answer) {
  const auto job = queue_.take(topic);
  if (!job) return false;
  try {
    answer(CommitmentRequest::from_json(job->payload));
  } catch (const Error& error) {
    queue_.fail(*job, error.describe(), kAttempts);
    throw;
  }
  database_.write([&](storage::Transaction& transaction) { queue_.finish(transaction, *job); });
  return true;
}

CommitmentReport Commitments::check(const CommitmentRequest& request) const {
  CommitmentReport report{.transaction = request.transaction, .references = {}};
  report.references.reserve(request.references.size());
  for (const auto& [sop_class, instance] : request.references)
    report.references.push_back({sop_class, instance, commit_(sop_class, instance, request.peer)});
  count("meridian_dicom_commitments_total", {{"result", report.complete() ? "committed" : "failed"}});
  return report;
}

bool Commitments::tell_one() {
  return std::ranges::any_of(destinations_, [&](const DimsePeer& peer) {
    try {
      return answer_next(topic_of(peer.ae_title), [&](const CommitmentRequest& request) {
        send_event_report(peer, check(request), kAnswer);
      });
    } catch (const Error& error) {
      log_warning("dicom-commitment-kept", {{"peer", peer.ae_title}, {"reason", error.describe()}});
      return true;
    }
  });
}

void Commitments::tell_all(const std::string& ae_title, const ReportSender& send) {
  for (bool more = true; more;) {
    try {
      more = answer_next(topic_of(ae_title), [&](const CommitmentRequest& request) { send(check(request)); });
    } catch (const Error& error) {
      log_warning("dicom-commitment-kept", {{"peer", ae_title}, {"reason", error.describe()}});
      if (error.code() != ErrorCode::refused) throw;
    }
  }
}

}  // namespace meridian::doors::dimse
