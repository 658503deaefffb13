// Digests that only who has the key can make.
#pragma once
#include <string>
#include <string_view>

namespace meridian {

// HMAC-SHA256 (RFC 2104): 32 bytes.
std::string hmac_sha256(std::string_view key, std::string_view bytes);

}  // namespace meridian
