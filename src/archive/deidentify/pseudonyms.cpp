#include "archive/deidentify/pseudonyms.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>

#include "base/encoding.h"
#include "base/error.h"
#include "base/id.h"
#include "base/keyed_digest.h"

namespace meridian::archive {
namespace {

constexpr std::size_t kSmallestKey = 32;  // bytes
constexpr std::string_view kStandardRoot = "1.2.840.10008.";
constexpr unsigned kFewestDays = 366, kMostDays = 3650;
constexpr std::size_t kDateLength = 8;

std::string upper_case(std::string text) {
  std::ranges::transform(text, text.begin(), [](char c) { return c >= 'a' && c <= 'f' ? char(c - 32) : c; });
  return text;
}

int number(std::string_view digits) {
  int value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return value;
}

}  // namespace

Pseudonyms::Pseudonyms(std::string key) : key_(std::move(key)) {
  if (key_.size() < kSmallestKey)
    throw Error(ErrorCode::invalid_value, "The key of pseudonyms has fewer than 32 bytes", {},
                "Let the program make one");
}

std::string Pseudonyms::digest(const std::string& what, const std::string& value) const {
  return hmac_sha256(key_, what + '\0' + value);
}

std::string Pseudonyms::uid(const std::string& original) const {
  return original.starts_with(kStandardRoot) ? original : dicom_uid_of(digest("uid", original));
}

std::string Pseudonyms::patient(const std::string& patient_id, const std::string& issuer) const {
  return upper_case(to_hex(digest("patient", patient_id + '\0' + issuer).substr(0, 8)));
}

int Pseudonyms::days(const std::string& patient_id, const std::string& issuer) const {
  const std::string bytes = digest("days", patient_id + '\0' + issuer);
  unsigned value = 0;
  for (std::size_t i = 0; i < 4; ++i) value = value << 8 | static_cast<unsigned char>(bytes[i]);
  return static_cast<int>(kFewestDays + value % (kMostDays - kFewestDays + 1));
}

std::string moved_date(const std::string& value, int days) {
  const std::string_view date = std::string_view(value).substr(0, kDateLength);
  if (date.size() < kDateLength || !std::ranges::all_of(date, [](char c) { return c >= '0' && c <= '9'; }))
    return {};
  const std::chrono::year_month_day day{std::chrono::year(number(date.substr(0, 4))),
                                        std::chrono::month(static_cast<unsigned>(number(date.substr(4, 2)))),
                                        std::chrono::day(static_cast<unsigned>(number(date.substr(6, 2))))};
  if (!day.ok()) return {};
  const std::chrono::year_month_day moved(std::chrono::sys_days(day) - std::chrono::days(days));
  return fmt::format("{:04}{:02}{:02}", static_cast<int>(moved.year()), static_cast<unsigned>(moved.month()),
                     static_cast<unsigned>(moved.day())) +
         value.substr(kDateLength);
}

}  // namespace meridian::archive
