// Decimals as FHIR and FHIRPath mean them: exact, and as precise as they are written (1.10 is not 1.1).
#pragma once
#include <compare>
#include <optional>
#include <string>
#include <string_view>

namespace meridian::record {

// digits * 10^-scale, of at most 36 digits. Operations whose result is longer give nothing.
class Decimal {
 public:
  static constexpr int kMostDigits = 36;

  constexpr Decimal() = default;
  constexpr explicit Decimal(__int128 digits, int scale = 0) : digits_(digits), scale_(scale) {}
  // A decimal as JSON or FHIRPath writes it, with exponent; nothing when it is none or too long.
  static std::optional<Decimal> parse(std::string_view text);
  // The nearest with so many significant digits; nothing for NaN and infinity.
  static std::optional<Decimal> from_double(double value, int significant_digits = 15);

  constexpr __int128 digits() const { return digits_; }
  constexpr int scale() const { return scale_; }
  constexpr bool is_negative() const { return digits_ < 0; }
  double to_double() const;
  std::string text() const;  // without exponent
  // With exactly so many places after the point; half goes away from zero.
  std::optional<Decimal> rounded(int places) const;
  // Towards minus infinity, and towards plus infinity, with so many places.
  std::optional<Decimal> floored(int places) const;
  std::optional<Decimal> ceiled(int places) const;
  std::optional<Decimal> truncated() const;
  // Without zeros at the end of its fraction.
  Decimal normalized() const;
  Decimal negated() const { return Decimal(-digits_, scale_); }

 private:
  __int128 digits_ = 0;
  int scale_ = 0;
};

std::optional<Decimal> add(const Decimal& a, const Decimal& b);
std::optional<Decimal> subtract(const Decimal& a, const Decimal& b);
std::optional<Decimal> multiply(const Decimal& a, const Decimal& b);
// To at least 16 places; nothing when dividing by zero.
std::optional<Decimal> divide(const Decimal& a, const Decimal& b);
// The whole part of a / b, and what then is left, with the sign of a.
std::optional<Decimal> divide_whole(const Decimal& a, const Decimal& b);
std::optional<Decimal> remainder(const Decimal& a, const Decimal& b);
std::strong_ordering compare(const Decimal& a, const Decimal& b);

}  // namespace meridian::record
