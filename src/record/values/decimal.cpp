#include "record/values/decimal.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>

namespace meridian::record {
namespace {

constexpr int kDivisionPlaces = 16;

constexpr auto kPowers = [] {
  std::array<__int128, Decimal::kMostDigits + 2> powers{};
  powers[0] = 1;
  for (std::size_t i = 1; i < powers.size(); ++i) powers[i] = powers[i - 1] * 10;
  return powers;
}();
constexpr __int128 kLimit = kPowers[Decimal::kMostDigits];

__int128 magnitude(__int128 value) {
  return value < 0 ? -value : value;
}

std::optional<__int128> times(__int128 a, __int128 b) {
  __int128 product;
  if (__builtin_mul_overflow(a, b, &product) || magnitude(product) >= kLimit) return std::nullopt;
  return product;
}

// The digits of the number when it is written with another, larger scale.
std::optional<__int128> at_scale(const Decimal& value, int scale) {
  const int places = scale - value.scale();
  if (value.digits() == 0) return 0;
  if (places < 0 || places > Decimal::kMostDigits) return std::nullopt;
  return times(value.digits(), kPowers[places]);
}

std::optional<Decimal> checked(__int128 digits, int scale) {
  if (magnitude(digits) >= kLimit || scale > 2 * Decimal::kMostDigits) return std::nullopt;
  return Decimal(digits, scale);
}

// value / 10^places, cut towards zero; remainder gets what was cut off.
__int128 cut(__int128 value, int places, __int128& remainder) {
  if (places > Decimal::kMostDigits) {
    remainder = value;
    return 0;
  }
  remainder = value % kPowers[places];
  return value / kPowers[places];
}

std::string digits_text(__int128 value) {
  std::string text;
  do {
    text += static_cast<char>('0' + static_cast<int>(value % 10));
    value /= 10;
  } while (value != 0);
  std::ranges::reverse(text);
  return text;
}

bool read_digits(std::string_view text, std::size_t& at, __int128& digits) {
  const std::size_t start = at;
  for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at) {
    digits = digits * 10 + (text[at] - '0');
    if (digits >= kLimit) return false;
  }
  return at > start;
}

template <typename Round>
std::optional<Decimal> with_places(const Decimal& value, int places, Round round) {
  if (places >= value.scale()) {
    const auto digits = at_scale(value, places);
    return digits ? checked(*digits, places) : std::nullopt;
  }
  __int128 left;
  const __int128 whole = cut(value.digits(), value.scale() - places, left);
  return checked(whole + round(left, value.scale() - places), places);
}

}  // namespace

std::optional<Decimal> Decimal::parse(std::string_view text) {
  std::size_t at = 0;
  const bool negative = !text.empty() && text[0] == '-';
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) ++at;
  __int128 digits = 0;
  int scale = 0;
  if (!read_digits(text, at, digits)) return std::nullopt;
  if (at < text.size() && text[at] == '.') {
    const std::size_t start = ++at;
    if (!read_digits(text, at, digits)) return std::nullopt;
    scale = static_cast<int>(at - start);
  }
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    if (at < text.size() && text[at] == '+') ++at;
    int exponent = 0;
    const auto [end, error] = std::from_chars(text.data() + at, text.data() + text.size(), exponent);
    if (error != std::errc() || std::abs(exponent) > kMostDigits) return std::nullopt;
    at = static_cast<std::size_t>(end - text.data());
    scale -= exponent;
  }
  if (at != text.size()) return std::nullopt;
  return Decimal(negative ? -digits : digits, scale);
}

std::optional<Decimal> Decimal::from_double(double value, int significant_digits) {
  if (!std::isfinite(value)) return std::nullopt;
  char text[64];
  std::snprintf(text, sizeof text, "%.*e", significant_digits - 1, value);
  const auto parsed = parse(text);
  if (!parsed) return std::nullopt;
  const Decimal shorter = parsed->normalized();
  return shorter.scale() < 0 ? shorter.rounded(0) : shorter;
}

double Decimal::to_double() const {
  const std::string digits = digits_text(magnitude(digits_)) + "e" + std::to_string(-scale_);
  double value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return is_negative() ? -value : value;
}

std::string Decimal::text() const {
  std::string digits = digits_text(magnitude(digits_));
  if (scale_ < 0 && digits_ != 0) digits.append(static_cast<std::size_t>(-scale_), '0');
  if (scale_ > 0) {
    const auto places = static_cast<std::size_t>(scale_);
    if (digits.size() <= places) digits.insert(0, places + 1 - digits.size(), '0');
    digits.insert(digits.size() - places, ".");
  }
  return is_negative() ? "-" + digits : digits;
}

std::optional<Decimal> Decimal::rounded(int places) const {
  return with_places(*this, places, [](__int128 left, int cut_places) -> __int128 {
    if (cut_places > kMostDigits || magnitude(left) * 2 < kPowers[cut_places]) return 0;
    return left < 0 ? -1 : 1;
  });
}

std::optional<Decimal> Decimal::floored(int places) const {
  return with_places(*this, places, [](__int128 left, int) -> __int128 { return left < 0 ? -1 : 0; });
}

std::optional<Decimal> Decimal::ceiled(int places) const {
  return with_places(*this, places, [](__int128 left, int) -> __int128 { return left > 0 ? 1 : 0; });
}

std::optional<Decimal> Decimal::truncated() const {
  return is_negative() ? ceiled(0) : floored(0);
}

Decimal Decimal::normalized() const {
  Decimal shorter = *this;
  while (shorter.scale_ > 0 && shorter.digits_ % 10 == 0) {
    shorter.digits_ /= 10;
    --shorter.scale_;
  }
  return shorter;
}

std::optional<Decimal> add(const Decimal& a, const Decimal& b) {
  const int scale = std::max(a.scale(), b.scale());
  const auto left = at_scale(a, scale), right = at_scale(b, scale);
  return left && right ? checked(*left + *right, scale) : std::nullopt;
}

std::optional<Decimal> subtract(const Decimal& a, const Decimal& b) {
  return add(a, b.negated());
}

std::optional<Decimal> multiply(const Decimal& a, const Decimal& b) {
  const auto product = times(a.digits(), b.digits());
  return product ? checked(*product, a.scale() + b.scale()) : std::nullopt;
}

std::optional<Decimal> divide(const Decimal& a, const Decimal& b) {
  if (b.digits() == 0) return std::nullopt;
  const Decimal divisor = b.normalized();
  for (int places = kDivisionPlaces; places >= 0; places -= 4) {
    const auto dividend = at_scale(a, places + divisor.scale());
    if (!dividend) continue;
    __int128 quotient = *dividend / divisor.digits();
    const __int128 left = *dividend % divisor.digits();
    if (magnitude(left) * 2 >= magnitude(divisor.digits()))
      quotient += (left < 0) == (divisor.digits() < 0) ? 1 : -1;
    return checked(quotient, places);
  }
  return std::nullopt;
}

std::optional<Decimal> divide_whole(const Decimal& a, const Decimal& b) {
  const int scale = std::max(a.scale(), b.scale());
  const auto left = at_scale(a, scale), right = at_scale(b, scale);
  if (!left || !right || *right == 0) return std::nullopt;
  return Decimal(*left / *right);
}

std::optional<Decimal> remainder(const Decimal& a, const Decimal& b) {
  const int scale = std::max(a.scale(), b.scale());
  const auto left = at_scale(a, scale), right = at_scale(b, scale);
  if (!left || !right || *right == 0) return std::nullopt;
  return Decimal(*left % *right, scale);
}

std::strong_ordering compare(const Decimal& a, const Decimal& b) {
  const int scale = std::max(a.scale(), b.scale());
  const auto left = at_scale(a, scale), right = at_scale(b, scale);
  if (left && right) return *left <=> *right;
  // Too far apart to be written with one scale: no more than doubles can tell.
  const double x = a.to_double(), y = b.to_double();
  return x < y   ? std::strong_ordering::less
         : x > y ? std::strong_ordering::greater
                 : std::strong_ordering::equal;
}

}  // namespace meridian::record
