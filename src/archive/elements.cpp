#include "archive/elements.h"

#include <algorithm>
#include <charconv>

#include "archive/bytes.h"
#include "archive/character_set.h"

namespace meridian::archive {
namespace {

constexpr std::uint32_t kCharacterSetTag = 0x00080005;

std::string_view without_padding(std::string_view text) {
  while (!text.empty() && (text.back() == ' ' || text.back() == '\0')) text.remove_suffix(1);
  return text;
}

std::optional<int> parse_integer(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '+')) text.remove_prefix(1);
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end == text.data()) return {};
  return value;
}

bool is_person_name(std::uint32_t tag, std::uint16_t vr) {
  return vr == vr_code("PN") || tag == 0x00100010 || tag == 0x00080090;
}

}  // namespace

Elements::Elements(std::string_view dataset, const TransferSyntax& syntax, Scan scan)
    : dataset_(dataset),
      big_endian_(syntax.big_endian),
      scan_(std::move(scan)),
      character_sets_(raw_text(kCharacterSetTag)) {}

const ElementPlace* Elements::find(std::uint32_t tag) const {
  const auto found = std::ranges::find(scan_.elements, tag, &ElementPlace::tag);
  if (found == scan_.elements.end() || found->value.offset + found->value.size > dataset_.size())
    return nullptr;
  return &*found;
}

std::string_view Elements::bytes(std::uint32_t tag) const {
  const ElementPlace* element = find(tag);
  return element ? dataset_.substr(element->value.offset, element->value.size) : std::string_view{};
}

std::string_view Elements::raw_text(std::uint32_t tag) const {
  return without_padding(bytes(tag));
}

std::string Elements::text(std::uint32_t tag, bool* is_exact) const {
  if (is_exact) *is_exact = true;
  const ElementPlace* element = find(tag);
  if (!element) return {};
  return to_utf8(raw_text(tag), character_sets_, is_person_name(tag, element->vr) ? "\\^=" : "\\", is_exact);
}

std::string Elements::first(std::uint32_t tag) const {
  std::string_view value = raw_text(tag);
  value = without_padding(value.substr(0, value.find('\\')));
  while (!value.empty() && value.front() == ' ') value.remove_prefix(1);
  return clean_utf8(value);
}

std::optional<int> Elements::short_number(std::uint32_t tag) const {
  const std::string_view value = bytes(tag);
  return value.size() < 2 ? std::nullopt : std::optional<int>(read_u16(value, 0, big_endian_));
}

std::optional<int> Elements::integer_string(std::uint32_t tag) const {
  return parse_integer(first(tag));
}

}  // namespace meridian::archive
