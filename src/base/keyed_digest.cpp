#include "base/keyed_digest.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "base/error.h"

namespace meridian {

std::string hmac_sha256(std::string_view key, std::string_view bytes) {
  std::string out(32, '\0');
  unsigned size = 0;
  if (!HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
            reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
            reinterpret_cast<unsigned char*>(out.data()), &size))
    throw Error(ErrorCode::internal, "The keyed digest could not be made");
  return out;
}

}  // namespace meridian
