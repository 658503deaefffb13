#include "record/values/letter_case.h"

#include <unicode/locid.h>
#include <unicode/unistr.h>

#include <algorithm>

namespace meridian::record {
namespace {

char ascii_lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
}

char ascii_upper(char c) {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c & ~0x20) : c;
}

// The first for plain text, the second for the rest.
template <class Ascii, class Unicode>
std::string changed(std::string_view text, Ascii ascii, Unicode unicode) {
  if (std::ranges::all_of(text, [](unsigned char c) { return c < 0x80; })) {
    std::string out(text);
    std::ranges::transform(out, out.begin(), ascii);
    return out;
  }
  auto letters =
      icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<int32_t>(text.size())));
  unicode(letters);
  std::string out;
  return letters.toUTF8String(out);
}

}  // namespace

std::string in_upper_case(std::string_view text) {
  return changed(text, ascii_upper,
                 [](icu::UnicodeString& letters) { letters.toUpper(icu::Locale::getRoot()); });
}

std::string in_lower_case(std::string_view text) {
  return changed(text, ascii_lower,
                 [](icu::UnicodeString& letters) { letters.toLower(icu::Locale::getRoot()); });
}

std::string without_case(std::string_view text) {
  return changed(text, ascii_lower, [](icu::UnicodeString& letters) { letters.foldCase(); });
}

}  // namespace meridian::record
