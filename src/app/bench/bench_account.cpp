#include "app/bench/bench_account.h"

namespace meridian::app {

std::string bench_token(Core& core) {
  constexpr const char* kPassword = "only for the bench";
  const trust::Principal system = trust::Principal::system();
  core.record.update(system,
                     Json::object({{"resourceType", "Organization"}, {"id", "bench"}, {"name", "Bench"}}));
  trust::Account account;
  account.username = account.display = "bench";
  account.role = trust::Role::clinician;
  account.organization = "Organization/bench";
  account.fhir_user = "Practitioner/bench";
  core.identity.add(system, account, kPassword);
  return core.identity.sign_in("bench", kPassword).token;
}

}  // namespace meridian::app
