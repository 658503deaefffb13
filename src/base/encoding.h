// Hexadecimal, Base64 and digests of bytes.
#pragma once
#include <memory>
#include <string>
#include <string_view>

namespace meridian {

std::string to_hex(std::string_view bytes);
std::string from_hex(std::string_view text);  // throws invalid_syntax
std::string to_base64(std::string_view bytes);
std::string from_base64(std::string_view text);    // padded, no white space; throws invalid_syntax
std::string to_base64url(std::string_view bytes);  // no padding

// The digest's bytes: 32 for both.
std::string sha256(std::string_view bytes);
std::string sm3(std::string_view bytes);

// A SHA-256 of bytes that come piece by piece.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(Sha256&&) noexcept;
  void update(std::string_view bytes);
  std::string finish();  // 32 bytes; once

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace meridian
