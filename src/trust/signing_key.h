// An Ed25519 key (RFC 8032) kept in a PEM file.
#pragma once
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace meridian::trust {

class SigningKey {
 public:
  // Reads the file, or makes it, readable by the owner only. Throws corrupted when it holds no Ed25519 key.
  static SigningKey open_or_make(const std::filesystem::path& file);

  std::string sign(std::string_view message) const;  // 64 bytes
  bool verifies(std::string_view message, std::string_view signature) const;
  std::string public_key() const;  // 32 bytes

 private:
  struct State;
  explicit SigningKey(std::shared_ptr<const State> state) : state_(std::move(state)) {}
  std::shared_ptr<const State> state_;
};

}  // namespace meridian::trust
