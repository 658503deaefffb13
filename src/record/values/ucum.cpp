#include "record/values/ucum.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <mutex>
#include <shared_mutex>
#include <unordered_map>

#include "base/error.h"
#include "base/file.h"
#include "base/resource.h"

namespace meridian::record {
namespace {

constexpr std::size_t kLongestCode = 128;
constexpr std::size_t kMostRemembered = 4096;
constexpr int kDeepest = 16;
constexpr int kLargestExponent = 40;

struct Prefix {
  std::string_view code;
  int power;  // of ten
};
constexpr std::array<Prefix, 20> kPrefixes{{{"da", 1},  {"Y", 24},  {"Z", 21},  {"E", 18},  {"P", 15},
                                            {"T", 12},  {"G", 9},   {"M", 6},   {"k", 3},   {"h", 2},
                                            {"d", -1},  {"c", -2},  {"m", -3},  {"u", -6},  {"n", -9},
                                            {"p", -12}, {"f", -15}, {"a", -18}, {"z", -21}, {"y", -24}}};

struct Row {
  bool prefixes = false;
  std::string value, unit, offset;
};
using Rows = std::unordered_map<std::string, Row>;

std::vector<std::string> split(std::string_view line) {
  std::vector<std::string> fields(1);
  for (const char c : line) {
    if (c == ',')
      fields.emplace_back();
    else if (c != '\r')
      fields.back() += c;
  }
  return fields;
}

Rows read_rows() {
  Rows rows;
  const std::string text = read_file(resource("knowledge/ucum_units.csv"));
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view line = std::string_view(text).substr(at, end - at);
    at = end + 1;
    if (line.empty() || line.starts_with("#") || line.starts_with("code,")) continue;
    const auto fields = split(line);
    if (fields.size() != 5)
      throw Error(ErrorCode::corrupted, "A line of the table of units has no five fields", std::string(line));
    rows[fields[0]] = {fields[1] == "yes", fields[2], fields[3], fields[4]};
  }
  return rows;
}

const Rows& table() {
  static const Rows rows = read_rows();
  return rows;
}

Decimal power_of_ten(int power) {
  return Decimal(1, -power);
}

bool scale_by(Unit& unit, const Decimal& numerator, const Decimal& denominator) {
  const auto top = multiply(unit.numerator, numerator), bottom = multiply(unit.denominator, denominator);
  if (!top || !bottom) return false;
  unit.numerator = *top;
  unit.denominator = *bottom;
  return true;
}

bool multiply_by(Unit& unit, const Unit& other, int exponent) {
  const int times = std::abs(exponent);
  if (times > kLargestExponent) return false;
  for (int i = 0; i < times; ++i) {
    const bool up = exponent > 0;
    if (!scale_by(unit, up ? other.numerator : other.denominator, up ? other.denominator : other.numerator))
      return false;
  }
  for (const auto& [base, power] : other.dimensions) {
    const auto found =
        std::ranges::lower_bound(unit.dimensions, base, {}, &std::pair<std::string, int>::first);
    if (found == unit.dimensions.end() || found->first != base)
      unit.dimensions.insert(found, {base, power * exponent});
    else if ((found->second += power * exponent) == 0)
      unit.dimensions.erase(found);
  }
  return true;
}

// Recursive descent over UCUM's grammar; every function gives false when the text is no unit.
class Parser {
 public:
  Parser(std::string_view text, int depth) : text_(text), depth_(depth) {}

  std::optional<Unit> run() {
    Unit unit;
    if (text_.empty() || text_.size() > kLongestCode || !term(unit) || at_ != text_.size())
      return std::nullopt;
    return unit;
  }

 private:
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool accept(char c) {
    if (peek() != c) return false;
    ++at_;
    return true;
  }

  bool term(Unit& unit) {
    if (++depth_ > kDeepest) return false;
    int sign = accept('/') ? -1 : 1;
    for (;;) {
      if (!component(unit, sign)) return false;
      if (accept('.'))
        sign = 1;
      else if (accept('/'))
        sign = -1;
      else
        break;
    }
    --depth_;
    return true;
  }

  bool component(Unit& unit, int sign) {
    if (accept('(')) {
      Unit inner;
      return term(inner) && accept(')') && multiply_by(unit, inner, sign);
    }
    if (peek() == '{') return annotation();
    if (peek() >= '1' && peek() <= '9' && !text_.substr(at_).starts_with("10*") &&
        !text_.substr(at_).starts_with("10^"))
      return factor(unit, sign);
    return simple(unit, sign);
  }

  bool annotation() {
    const std::size_t end = text_.find('}', at_);
    if (end == std::string_view::npos) return false;
    at_ = end + 1;
    return true;
  }

  bool factor(Unit& unit, int sign) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text_.data() + at_, text_.data() + text_.size(), value);
    if (error != std::errc()) return false;
    at_ = static_cast<std::size_t>(end - text_.data());
    if (peek() == '{' && !annotation()) return false;
    return sign > 0 ? scale_by(unit, Decimal(value), Decimal(1)) : scale_by(unit, Decimal(1), Decimal(value));
  }

  bool simple(Unit& unit, int sign) {
    const std::string_view symbol = take_symbol();
    if (symbol.empty()) return false;
    int exponent = 1;
    if (peek() == '-' || peek() == '+' || (peek() >= '0' && peek() <= '9')) {
      if (accept('+') && peek() == '-') return false;
      const auto [end, error] = std::from_chars(text_.data() + at_, text_.data() + text_.size(), exponent);
      if (error != std::errc()) return false;
      at_ = static_cast<std::size_t>(end - text_.data());
    }
    if (peek() == '{' && !annotation()) return false;
    const auto found = resolve(symbol);
    if (!found) return false;
    if (found->offset.digits() != 0 && text_.size() == symbol.size()) unit.offset = found->offset;
    return multiply_by(unit, *found, sign * exponent);
  }

  // Up to the next operator or digit; digits and operators within brackets belong to the symbol.
  std::string_view take_symbol() {
    const std::size_t begin = at_;
    const std::string_view rest = text_.substr(at_);
    if (rest.starts_with("10*") || rest.starts_with("10^")) {
      at_ += 3;
      return rest.substr(0, 3);
    }
    bool bracket = false;
    for (; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (c == '[') bracket = true;
      if (c == ']') bracket = false;
      if (!bracket &&
          (std::string_view("./(){}+-").find(c) != std::string_view::npos || (c >= '0' && c <= '9')))
        break;
    }
    return text_.substr(begin, at_ - begin);
  }

  std::optional<Unit> resolve(std::string_view symbol) const {
    const auto whole = table().find(std::string(symbol));
    if (whole != table().end()) return unit_of(whole->first, whole->second);
    for (const Prefix& prefix : kPrefixes) {
      if (!symbol.starts_with(prefix.code)) continue;
      const auto rest = table().find(std::string(symbol.substr(prefix.code.size())));
      if (rest == table().end() || !rest->second.prefixes) continue;
      auto unit = unit_of(rest->first, rest->second);
      if (unit && scale_by(*unit, power_of_ten(prefix.power), Decimal(1))) return unit;
    }
    return std::nullopt;
  }

  std::optional<Unit> unit_of(const std::string& code, const Row& row) const {
    if (row.value.empty()) {
      Unit base;
      base.dimensions = {{code, 1}};
      return base;
    }
    auto unit = Parser(row.unit, depth_ + 1).run();
    const auto value = Decimal::parse(row.value);
    if (!unit || !value || !scale_by(*unit, *value, Decimal(1))) return std::nullopt;
    if (!row.offset.empty()) unit->offset = Decimal::parse(row.offset).value_or(Decimal());
    return unit;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  int depth_ = 0;
};

// digits of a decimal that is a power of ten are 1.
bool is_power_of_ten(const Decimal& value) {
  return value.digits() == 1;
}

}  // namespace

std::string Unit::base() const {
  std::string text;
  for (const auto& [unit, power] : dimensions) {
    if (!text.empty()) text += '.';
    text += unit;
    if (power != 1) text += std::to_string(power);
  }
  return text.empty() ? "1" : text;
}

std::shared_ptr<const Unit> find_unit(std::string_view code) {
  static std::shared_mutex mutex;
  static std::unordered_map<std::string, std::shared_ptr<const Unit>> known;
  const std::string key(code);
  {
    const std::shared_lock lock(mutex);
    if (const auto found = known.find(key); found != known.end()) return found->second;
  }
  const auto parsed = Parser(code, 0).run();
  if (!parsed) return nullptr;
  const std::unique_lock lock(mutex);
  if (known.size() >= kMostRemembered) known.clear();
  return known.try_emplace(key, std::make_shared<const Unit>(*parsed)).first->second;
}

std::optional<Decimal> to_base_exactly(const Decimal& value, const Unit& unit) {
  const auto moved = add(value, unit.offset);
  const auto product = moved ? multiply(*moved, unit.numerator) : std::nullopt;
  if (!product) return std::nullopt;
  if (is_power_of_ten(unit.denominator)) return multiply(*product, power_of_ten(unit.denominator.scale()));
  return divide(*product, unit.denominator);
}

double to_base(const Decimal& value, const Unit& unit) {
  const auto moved = add(value, unit.offset);
  const auto product = moved ? multiply(*moved, unit.numerator) : std::nullopt;
  if (!product)
    return (value.to_double() + unit.offset.to_double()) * unit.numerator.to_double() /
           unit.denominator.to_double();
  if (is_power_of_ten(unit.denominator))
    return Decimal(product->digits(), product->scale() - unit.denominator.scale()).to_double();
  return product->to_double() / unit.denominator.to_double();
}

std::optional<Decimal> convert(const Decimal& value, const Unit& from, const Unit& to) {
  if (from.dimensions != to.dimensions) return std::nullopt;
  const auto moved = add(value, from.offset);
  const auto top = moved ? multiply(*moved, from.numerator) : std::nullopt;
  const auto numerator = top ? multiply(*top, to.denominator) : std::nullopt;
  const auto denominator = multiply(from.denominator, to.numerator);
  if (!numerator || !denominator) return std::nullopt;
  if (is_power_of_ten(*denominator)) {
    const Decimal shifted(numerator->digits(), numerator->scale() - denominator->scale());
    return subtract(shifted, to.offset);
  }
  const auto quotient = divide(*numerator, *denominator);
  return quotient ? subtract(quotient->normalized(), to.offset) : std::nullopt;
}

}  // namespace meridian::record
