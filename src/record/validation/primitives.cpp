#include "record/validation/primitives.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

#include "record/fhirpath/narrative.h"
#include "record/values/decimal.h"
#include "record/values/temporal.h"

namespace meridian::record {
namespace {

constexpr std::size_t kLongestString = 1u << 20;
constexpr std::size_t kLongestId = 64;
constexpr std::size_t kLongestShown = 60;

using Check = bool (*)(std::string_view text);

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_hex(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// Not empty, no control characters but tab and line ends.
bool is_string(std::string_view text) {
  if (text.empty() || text.size() > kLongestString) return false;
  return std::ranges::none_of(text,
                              [](char c) { return static_cast<unsigned char>(c) < 0x20 && !is_blank(c); });
}

// No blanks at the ends, single ones between.
bool is_code(std::string_view text) {
  if (!is_string(text) || is_blank(text.front()) || is_blank(text.back())) return false;
  return std::ranges::adjacent_find(text, [](char a, char b) { return is_blank(a) && is_blank(b); }) ==
         text.end();
}

bool is_uri(std::string_view text) {
  return is_string(text) && std::ranges::none_of(text, is_blank);
}

bool is_id(std::string_view text) {
  return !text.empty() && text.size() <= kLongestId && std::ranges::all_of(text, [](char c) {
    return is_letter(c) || is_digit(c) || c == '-' || c == '.';
  });
}

bool is_oid(std::string_view text) {
  constexpr std::string_view kPrefix = "urn:oid:";
  if (!text.starts_with(kPrefix)) return false;
  text.remove_prefix(kPrefix.size());
  if (text.size() < 3 || text[0] < '0' || text[0] > '2' || text[1] != '.') return false;
  bool first_of_arc = true, zero_arc = false;
  for (const char c : text.substr(1)) {
    if (c == '.') {
      first_of_arc = true;
      continue;
    }
    if (!is_digit(c) || (!first_of_arc && zero_arc)) return false;
    zero_arc = first_of_arc && c == '0';
    first_of_arc = false;
  }
  return text.back() != '.' && text.find("..") == std::string_view::npos;
}

bool is_uuid(std::string_view text) {
  constexpr std::string_view kPrefix = "urn:uuid:";
  if (!text.starts_with(kPrefix) || text.size() != kPrefix.size() + 36) return false;
  text.remove_prefix(kPrefix.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash ? text[i] != '-' : !is_hex(text[i])) return false;
  }
  return true;
}

bool is_base64(std::string_view text) {
  std::size_t digits = 0, padding = 0;
  for (const char c : text) {
    if (is_blank(c)) continue;
    if (c == '=')
      ++padding;
    else if (padding || !(is_letter(c) || is_digit(c) || c == '+' || c == '/'))
      return false;
    ++digits;
  }
  return digits > 0 && digits % 4 == 0 && padding <= 2;
}

bool is_date(std::string_view text) {
  return Temporal::parse_date(text).has_value();
}

bool is_complete(const Temporal& moment) {
  return moment.precision >= Temporal::Precision::second && moment.has_zone;
}

bool is_date_time(std::string_view text) {
  const auto moment = Temporal::parse_date_time(text);
  if (!moment || text.back() == 'T') return false;
  return moment->precision <= Temporal::Precision::day || is_complete(*moment);
}

bool is_instant(std::string_view text) {
  const auto moment = Temporal::parse_date_time(text);
  return moment && is_complete(*moment);
}

bool is_time(std::string_view text) {
  const auto moment = Temporal::parse_time(text);
  return moment && moment->precision >= Temporal::Precision::second;
}

bool is_decimal(std::string_view text) {
  return !text.empty();
}  // JSON's own syntax is FHIR's

std::optional<std::int64_t> whole_number(std::string_view text) {
  std::int32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = error == std::errc() && end == text.data() + text.size() && text != "-0";
  return whole ? std::optional<std::int64_t>(value) : std::nullopt;
}

bool is_integer(std::string_view text) {
  return whole_number(text).has_value();
}
bool is_unsigned(std::string_view text) {
  return whole_number(text).value_or(-1) >= 0;
}
bool is_positive(std::string_view text) {
  return whole_number(text).value_or(0) >= 1;
}

enum class Form : std::uint8_t { boolean, number, text };

struct Format {
  std::string_view type;
  Form form;
  Check check;
  std::string_view rule;  // completes "... is no TYPE: "
};

constexpr std::array<Format, 20> kFormats{{
    {"boolean", Form::boolean, nullptr, "true or false, without quotation marks"},
    {"integer", Form::number, is_integer, "a whole number of 32 bits"},
    {"unsignedInt", Form::number, is_unsigned, "a whole number from 0"},
    {"positiveInt", Form::number, is_positive, "a whole number from 1"},
    {"decimal", Form::number, is_decimal, "a number, without quotation marks"},
    {"string", Form::text, is_string, "not empty, without control characters, at most 1 MB"},
    {"markdown", Form::text, is_string, "not empty, without control characters, at most 1 MB"},
    {"code", Form::text, is_code, "no blanks at the ends, and single ones between words"},
    {"id", Form::text, is_id, "1 to 64 letters, digits, - and ."},
    {"uri", Form::text, is_uri, "not empty and without blanks"},
    {"url", Form::text, is_uri, "not empty and without blanks"},
    {"canonical", Form::text, is_uri, "not empty and without blanks"},
    {"oid", Form::text, is_oid, "urn:oid: and numbers with points between"},
    {"uuid", Form::text, is_uuid, "urn:uuid: and a UUID"},
    {"base64Binary", Form::text, is_base64, "Base64"},
    {"date", Form::text, is_date, "YYYY, YYYY-MM or YYYY-MM-DD, a day that exists"},
    {"dateTime", Form::text, is_date_time, "a date, or YYYY-MM-DDThh:mm:ss with a time zone"},
    {"instant", Form::text, is_instant, "YYYY-MM-DDThh:mm:ss with a time zone"},
    {"time", Form::text, is_time, "hh:mm:ss"},
    {"xhtml", Form::text, is_string, "not empty"},
}};

const Format* format_of(const TypeDefinition& type) {
  static const std::vector<const Format*> by_place = [] {
    std::vector<const Format*> formats;
    for (const TypeDefinition& known : type_definitions()) {
      const auto found = std::ranges::find(kFormats, known.name, &Format::type);
      formats.push_back(found == kFormats.end() ? nullptr : &*found);
    }
    return formats;
  }();
  return by_place[static_cast<std::size_t>(&type - type_definitions().data())];
}

bool conforms(const Format& format, const Json& value) {
  switch (format.form) {
    case Form::boolean:
      return value.is_bool();
    case Form::number:
      return value.is_number() && format.check(value.number_text());
    case Form::text:
      break;
  }
  return value.is_string() && format.check(value.as_string());
}

std::string shown(const Json& value) {
  if (value.is_object()) return "An object";
  if (value.is_array()) return "A list";
  std::string text = value.dump();
  if (text.size() <= kLongestShown) return text;
  std::size_t end = kLongestShown;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;  // not within a character
  return text.substr(0, end) + "...";
}

}  // namespace

std::string primitive_problem(const TypeDefinition& type, const Json& value) {
  const Format* format = format_of(type);
  if (!format) return {};
  if (!conforms(*format, value))
    return shown(value) + " is no " + std::string(type.name) + ": " + std::string(format->rule);
  return type.name == "xhtml" ? fhirpath::narrative_problem(value.as_string()) : std::string();
}

}  // namespace meridian::record
