#include "record/values/fold.h"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>

#include "base/error.h"

namespace meridian::record {
namespace {

bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](unsigned char c) { return c < 0x80; });
}

// Writes characters with blanks between words but none at the ends.
class Words {
 public:
  explicit Words(std::size_t size) { out_.reserve(size); }
  void blank() { pending_ = !out_.empty(); }
  std::string& next() {
    if (pending_) out_ += ' ';
    pending_ = false;
    return out_;
  }
  std::string take() { return std::move(out_); }

 private:
  std::string out_;
  bool pending_ = false;
};

std::string fold_ascii(std::string_view text) {
  Words words(text.size());
  for (const char c : text) {
    if (c >= 'A' && c <= 'Z')
      words.next() += static_cast<char>(c | 0x20);
    else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
      words.next() += c;
    else if (c == ' ' || (c >= '\t' && c <= '\r'))
      words.blank();
    else if (c == '$' || c == '+' || c == '<' || c == '=' || c == '>' || c == '^' || c == '`' || c == '|' ||
             c == '~')
      words.next() += c;  // symbols, not punctuation
  }
  return words.take();
}

const icu::Normalizer2& decomposition() {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* found = icu::Normalizer2::getNFKDInstance(status);
  if (U_FAILURE(status)) throw Error(ErrorCode::unavailable, "ICU's normalisation data are missing");
  return *found;
}

}  // namespace

std::string fold(std::string_view text) {
  if (is_ascii(text)) return fold_ascii(text);
  static const icu::Normalizer2& normalizer = decomposition();
  UErrorCode status = U_ZERO_ERROR;
  icu::UnicodeString decomposed = normalizer.normalize(
      icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<int32_t>(text.size()))), status);
  decomposed.foldCase();
  Words words(text.size());
  for (int32_t i = 0; i < decomposed.length(); i = decomposed.moveIndex32(i, 1)) {
    const UChar32 c = decomposed.char32At(i);
    const auto kind = U_GET_GC_MASK(c);
    if (u_isUWhiteSpace(c))
      words.blank();
    else if (!(kind & (U_GC_M_MASK | U_GC_P_MASK | U_GC_CC_MASK)))
      icu::UnicodeString(c).toUTF8String(words.next());
  }
  return words.take();
}

}  // namespace meridian::record
