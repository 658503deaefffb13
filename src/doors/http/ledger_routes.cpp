#include "base/error.h"
#include "doors/http/routes.h"

namespace meridian::doors::http {
namespace {

Json entry_json(const trust::LedgerEntry& entry) {
  return Json::object({{"number", entry.number},
                       {"time", format_instant(entry.time)},
                       {"user", entry.user},
                       {"display", entry.display},
                       {"role", entry.role},
                       {"organization", entry.organization},
                       {"action", entry.action},
                       {"kind", entry.kind},
                       {"patient", entry.patient},
                       {"entity", entry.entity},
                       {"success", entry.success},
                       {"detail", entry.detail},
                       {"hash", entry.hash}});
}

void record_look(const Services& services, const Request& request, const char* kind,
                 const std::string& patient) {
  trust::LedgerEntry entry;
  entry.action = "R";
  entry.kind = kind;
  entry.patient = patient;
  entry.entity = "ledger";
  services.ledger.append_soon(request.principal(), std::move(entry));
}

const Permission kAuditors = Permission::of(trust::Act::audit);

// Auditors see all; residents who did what with their own record.
std::string visible_patient(const trust::Principal& principal, const std::string& asked) {
  if (principal.role != trust::Role::resident) {
    require_role(principal, kAuditors);
    return asked;
  }
  if (!asked.empty() && asked != principal.fhir_user)
    throw Error(ErrorCode::forbidden, "Residents see the entries about their own record only", "patient",
                "Leave the parameter out");
  return principal.fhir_user;
}

Response list(const Services& services, const Request& request) {
  trust::LedgerFilter filter;
  filter.patient = visible_patient(request.principal(), request.parameter("patient"));
  filter.user = request.parameter("user");
  filter.kind = request.parameter("kind");
  filter.before = request.number("before", 0, 0, std::numeric_limits<std::int64_t>::max());
  filter.limit = static_cast<int>(request.number("limit", 50, 1, 500));
  record_look(services, request, "ledger.read", filter.patient);
  Json entries = Json::array();
  for (const trust::LedgerEntry& entry : services.ledger.entries(filter))
    entries.push_back(entry_json(entry));
  return Response::json(Json::object(
      {{"entries", std::move(entries)}, {"size", services.ledger.size()}, {"root", services.ledger.root()}}));
}

Json verdict_json(const trust::LedgerVerdict& verdict) {
  return Json::object({{"intact", verdict.intact},
                       {"entries", verdict.entries},
                       {"firstBad", verdict.intact ? Json() : Json(verdict.first_bad)},
                       {"what", verdict.what},
                       {"root", verdict.root},
                       {"checkpoints", verdict.checkpoints}});
}

// A hundred steps at most, however long the ledger is.
void verify(const Services& services, EventStream& stream) {
  services.ledger.flush();
  std::int64_t percent = -1;
  const trust::LedgerVerdict verdict = services.ledger.verify([&](std::int64_t done, std::int64_t total) {
    const std::int64_t now_percent = total > 0 ? done * 100 / total : 100;
    if (now_percent == percent) return;
    percent = now_percent;
    stream.send("progress", Json::object({{"done", done}, {"total", total}}).dump());
  });
  stream.send("verdict", verdict_json(verdict).dump());
  stream.close();
}

Response begin_verify(const Services& services, const Request& request) {
  record_look(services, request, "ledger.verify", {});
  Response response = Response::text({}, "text/event-stream");
  response.events = [services](const std::shared_ptr<EventStream>& stream) { verify(services, *stream); };
  return response;
}

}  // namespace

void add_ledger_routes(Router& router, const Services& services) {
  router.add(Method::get, "/ledger", Permission::signed_in(),
             [services](Request& request) { return list(services, request); });
  router.add(Method::post, "/ledger/verify", kAuditors,
             [services](Request& request) { return begin_verify(services, request); });
}

}  // namespace meridian::doors::http
