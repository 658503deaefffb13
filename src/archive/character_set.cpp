#include "archive/character_set.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dcspchrs.h>

#include <algorithm>

#include "archive/dataset.h"

namespace meridian::archive {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

// The length of the valid UTF-8 sequence at the start of the text, 0 when there is none (RFC 3629, 4).
std::size_t sequence_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u; };
  const auto follows = [&](std::size_t i, unsigned low = 0x80, unsigned high = 0xBF) {
    return byte(i) >= low && byte(i) <= high;
  };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return follows(1) ? 2 : 0;
  if (first >= 0xE0 && first <= 0xEF) {
    const unsigned low = first == 0xE0 ? 0xA0 : 0x80, high = first == 0xED ? 0x9F : 0xBF;
    return follows(1, low, high) && follows(2) ? 3 : 0;
  }
  if (first >= 0xF0 && first <= 0xF4) {
    const unsigned low = first == 0xF0 ? 0x90 : 0x80, high = first == 0xF4 ? 0x8F : 0xBF;
    return follows(1, low, high) && follows(2) && follows(3) ? 4 : 0;
  }
  return 0;
}

bool is_plain_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= 0x20 && c < 0x7F; });
}

}  // namespace

std::string clean_utf8(std::string_view text, bool* is_exact) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const std::size_t length = sequence_length(text);
    if (length == 1 && static_cast<unsigned char>(text[0]) < 0x20 && text[0] != '\n' && text[0] != '\r' &&
        text[0] != '\t')
      out += ' ';
    else if (length)
      out += text.substr(0, length);
    else
      out += kReplacement;
    if (!length && is_exact) *is_exact = false;
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return out;
}

std::string to_utf8(std::string_view text, std::string_view character_sets, std::string_view delimiters,
                    bool* is_exact) {
  if (is_exact) *is_exact = true;
  if (is_plain_ascii(text)) return std::string(text);
  if (character_sets == "ISO_IR 192") return clean_utf8(text, is_exact);
  use_dcmtk();
  DcmSpecificCharacterSet converter;
  OFString converted;
  const OFString sets(character_sets.data(), character_sets.size());
  if (converter.selectCharacterSet(sets).bad() ||
      converter
          .convertString(text.data(), text.size(), converted, OFString(delimiters.data(), delimiters.size()))
          .bad())
    return clean_utf8(text, is_exact);
  return clean_utf8({converted.data(), converted.size()}, is_exact);
}

}  // namespace meridian::archive
