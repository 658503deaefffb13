#include "trust/password.h"

#include <argon2.h>

#include <algorithm>

#include "base/error.h"
#include "base/id.h"

namespace meridian::trust {
namespace {

constexpr std::size_t kSaltBytes = 16, kHashBytes = 32, kLongest = 1024;
constexpr std::ptrdiff_t kFewestCharacters = 8;
constexpr std::uint32_t kLanes = 1;

std::ptrdiff_t characters(std::string_view utf8) {
  return std::count_if(utf8.begin(), utf8.end(), [](char c) { return (c & 0xC0) != 0x80; });
}

}  // namespace

void check_password(std::string_view password) {
  if (characters(password) < kFewestCharacters)
    throw Error(ErrorCode::invalid_value, "The password is shorter than 8 characters", "password",
                "Choose a longer one; a few words in a row are easy to remember");
  if (password.size() > kLongest)
    throw Error(ErrorCode::invalid_value, "The password is longer than 1,024 bytes", "password");
}

std::string hash_password(std::string_view password, const PasswordCost& cost) {
  const std::string salt = random_bytes(kSaltBytes);
  const auto iterations = static_cast<std::uint32_t>(cost.iterations);
  const auto memory = static_cast<std::uint32_t>(cost.memory_kib);
  std::string encoded(argon2_encodedlen(iterations, memory, kLanes, kSaltBytes, kHashBytes, Argon2_id), '\0');
  const int result =
      argon2id_hash_encoded(iterations, memory, kLanes, password.data(), password.size(), salt.data(),
                            salt.size(), kHashBytes, encoded.data(), encoded.size());
  if (result != ARGON2_OK)
    throw Error(ErrorCode::internal,
                std::string("The password could not be hashed: ") + argon2_error_message(result));
  encoded.resize(std::char_traits<char>::length(encoded.c_str()));
  return encoded;
}

bool password_matches(std::string_view password, const std::string& hash) {
  if (password.size() > kLongest) password = password.substr(0, kLongest + 1);
  const int result = argon2id_verify(hash.c_str(), password.data(), password.size());
  if (result != ARGON2_OK && result != ARGON2_VERIFY_MISMATCH)
    throw Error(ErrorCode::corrupted,
                std::string("A stored password hash is broken: ") + argon2_error_message(result));
  return result == ARGON2_OK;
}

}  // namespace meridian::trust
