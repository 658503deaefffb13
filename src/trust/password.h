// Passwords, kept as Argon2id (RFC 9106) in its PHC text form.
#pragma once
#include <string>
#include <string_view>

namespace meridian::trust {

struct PasswordCost {
  int memory_kib = 19 * 1024;
  int iterations = 2;
};

// Throws invalid_value when the password is shorter than 8 characters or longer than 1,024 bytes.
void check_password(std::string_view password);
std::string hash_password(std::string_view password, const PasswordCost& cost);
// Compares in a time that does not depend on the password.
bool password_matches(std::string_view password, const std::string& hash);

}  // namespace meridian::trust
