#include "record/store/kept_principal.h"

namespace meridian::record {

Json kept_principal(const trust::Principal& principal) {
  return Json::object({{"user", principal.user},
                       {"display", principal.display},
                       {"role", trust::role_name(principal.role)},
                       {"fhirUser", principal.fhir_user},
                       {"organization", principal.organization}});
}

trust::Principal principal_of(const Json& kept) {
  return {kept.text("user"), kept.text("display"), trust::role_of(kept.text("role")), kept.text("fhirUser"),
          kept.text("organization")};
}

}  // namespace meridian::record
