// Bytes as an address to call and as networks that may be called. Whatever they are, the answer is a value or
// an Error, and what was an address is one again when it is written.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/error.h"
#include "network/address_policy.h"
#include "network/url.h"

using namespace meridian;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  try {
    const network::Url url = network::parse_url(text);
    const std::string again = (url.tls ? "https://" : "http://") + url.authority() + url.target;
    if (network::parse_url(again).authority() != url.authority()) std::abort();
  } catch (const Error&) {
  }
  try {
    const network::AddressPolicy policy(text);
  } catch (const Error&) {
  }
  return 0;
}
