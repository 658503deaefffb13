#include "base/id.h"

#include <openssl/rand.h>

#include <algorithm>
#include <chrono>

#include "base/encoding.h"
#include "base/error.h"

namespace meridian {
namespace {

std::string decimal(std::string_view big_endian) {
  std::string number(big_endian);
  std::string digits;
  while (std::any_of(number.begin(), number.end(), [](char c) { return c != 0; })) {
    unsigned remainder = 0;
    for (char& c : number) {
      const unsigned value = remainder * 256 + static_cast<unsigned char>(c);
      c = static_cast<char>(value / 10);
      remainder = value % 10;
    }
    digits += static_cast<char>('0' + remainder);
  }
  std::reverse(digits.begin(), digits.end());
  return digits.empty() ? "0" : digits;
}

void set_version(std::string& uuid, unsigned version) {
  uuid[6] = static_cast<char>((static_cast<unsigned char>(uuid[6]) & 0x0F) | version << 4);
  uuid[8] = static_cast<char>((static_cast<unsigned char>(uuid[8]) & 0x3F) | 0x80);
}

std::string written_uuid(std::string_view bytes) {
  const std::string hex = to_hex(bytes);
  return hex.substr(0, 8) + '-' + hex.substr(8, 4) + '-' + hex.substr(12, 4) + '-' + hex.substr(16, 4) + '-' +
         hex.substr(20);
}

}  // namespace

std::string random_bytes(std::size_t count) {
  std::string bytes(count, '\0');
  if (RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(count)) != 1)
    throw Error(ErrorCode::unavailable, "The system gives no random numbers");
  return bytes;
}

std::string new_id() {
  using namespace std::chrono;
  std::string uuid = random_bytes(16);
  const auto milliseconds_now =
      static_cast<std::uint64_t>(duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count());
  for (unsigned i = 0; i < 6; ++i) uuid[i] = static_cast<char>(milliseconds_now >> (40 - 8 * i));
  set_version(uuid, 7);
  return written_uuid(uuid);
}

std::string stable_id(std::initializer_list<std::string_view> parts) {
  Sha256 digest;
  for (const std::string_view part : parts) {
    digest.update(std::to_string(part.size()) + ":");
    digest.update(part);
  }
  std::string uuid = digest.finish().substr(0, 16);
  set_version(uuid, 8);
  return written_uuid(uuid);
}

std::string new_dicom_uid() {
  std::string uuid = random_bytes(16);
  set_version(uuid, 4);
  return "2.25." + decimal(uuid);
}

std::string dicom_uid_of(const std::string& name) {
  return "2.25." + decimal(sha256(name).substr(0, 16));
}

}  // namespace meridian
