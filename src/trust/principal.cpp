#include "trust/principal.h"

#include <array>

#include "base/error.h"

namespace meridian::trust {
namespace {

// In the order of Role.
constexpr std::array<std::string_view, 7> kRoleNames{"resident",      "clinician", "specialist", "auditor",
                                                     "administrator", "device",    "system"};

}  // namespace

std::string_view role_name(Role role) {
  return kRoleNames[static_cast<std::size_t>(role)];
}

Role role_of(std::string_view name) {
  for (std::size_t i = 0; i < kRoleNames.size(); ++i)
    if (kRoleNames[i] == name) return static_cast<Role>(i);
  throw Error(ErrorCode::invalid_value, "\"" + std::string(name) + "\" is not a role", "role",
              "Use resident, clinician, specialist, auditor, administrator or device");
}

Principal Principal::system() {
  Principal principal;
  principal.user = "system";
  principal.display = "Meridian";
  principal.role = Role::system;
  return principal;
}

}  // namespace meridian::trust
