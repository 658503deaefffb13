// The jobs that failed for good: who runs the node looks at them, and has them tried again or thrown away.
#include <charconv>

#include "base/error.h"
#include "doors/http/routes.h"
#include "engine/run_progress.h"

namespace meridian::doors::http {
namespace {

const Permission kAdministrators = Permission::of(trust::Act::administer);

// What the job is about, in words that name no patient: who runs the node sees no record.
Json about(const storage::Job& job) {
  if (job.payload.is_object())
    if (const std::string id = job.payload.text("subscription"); !id.empty()) return "Subscription/" + id;
  if (job.payload.is_object())
    if (const std::string assistant = job.payload.text("assistant"); !assistant.empty()) return assistant;
  return nullptr;
}

Json job_json(const storage::Job& job) {
  return Json::object({{"number", job.number},
                       {"topic", job.topic},
                       {"about", about(job)},
                       {"reason", job.last_error},
                       {"attempts", static_cast<std::int64_t>(job.attempt)},
                       {"since", format_instant(job.due)}});
}

std::int64_t number_of(const Request& request) {
  const std::string& text = request.captured.front();
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc() && end == text.data() + text.size()) return number;
  throw Error(ErrorCode::not_found, "There is no parked job " + text.substr(0, 40));
}

void note(const Services& services, storage::Transaction& transaction, const Request& request,
          const char* kind, const storage::Job& job, Json detail) {
  trust::LedgerEntry entry;
  entry.action = "U";
  entry.kind = kind;
  entry.entity = "job/" + std::to_string(job.number) + " " + job.topic;
  entry.detail = std::move(detail);
  services.ledger.append(transaction, request.principal(), std::move(entry));
}

Response list(const Services& services) {
  Json rows = Json::array();
  for (const storage::Job& job : services.queue.parked()) rows.push_back(job_json(job));
  return Response::json(Json::object({{"rows", std::move(rows)}}));
}

Response retry(const Services& services, const Request& request) {
  services.database.write([&](storage::Transaction& transaction) {
    note(services, transaction, request, "job.retry", services.queue.retry(transaction, number_of(request)),
         {});
  });
  return Response::empty(204);
}

Response discard(const Services& services, Request& request) {
  const std::string reason = request.json().text("reason");
  if (reason.empty())
    throw Error(ErrorCode::invalid_request, "The reason is missing", "reason", "Say why it is not needed");
  services.database.write([&](storage::Transaction& transaction) {
    const storage::Job job = services.queue.discard(transaction, number_of(request));
    if (job.topic == engine::kRunTopic)
      engine::forget_progress(transaction, engine::RunRequest::from_json(job.payload));
    note(services, transaction, request, "job.discard", job, Json::object({{"reason", reason}}));
  });
  return Response::empty(204);
}

}  // namespace

void add_job_routes(Router& router, const Services& services) {
  router.add(Method::get, "/jobs/parked", kAdministrators, [services](Request&) { return list(services); });
  router.add(Method::post, "/jobs/parked/{number}/retry", kAdministrators,
             [services](Request& request) { return retry(services, request); });
  router.add(Method::post, "/jobs/parked/{number}/discard", kAdministrators,
             [services](Request& request) { return discard(services, request); });
}

}  // namespace meridian::doors::http
