#include "record/values/words.h"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/uscript.h>

#include <algorithm>
#include <optional>

#include "base/error.h"

namespace meridian::record {
namespace {

constexpr std::size_t kLongestWord = 64;  // bytes

using Take = std::function<void(std::string_view)>;

bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](unsigned char c) { return c < 0x80; });
}

std::string_view cut(std::string_view word) {
  if (word.size() <= kLongestWord) return word;
  std::size_t size = kLongestWord;
  while ((static_cast<unsigned char>(word[size]) & 0xC0) == 0x80) --size;  // within a character
  return word.substr(0, size);
}

bool is_ascii_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

void take_ascii(std::string_view text, const Take& take_word) {
  std::string word;
  for (std::size_t at = 0; at < text.size();) {
    if (!is_ascii_letter_or_digit(text[at])) {
      ++at;
      continue;
    }
    word.clear();
    for (; at < text.size() && is_ascii_letter_or_digit(text[at]); ++at)
      word += static_cast<char>(text[at] >= 'A' && text[at] <= 'Z' ? text[at] | 0x20 : text[at]);
    take_word(cut(word));
  }
}

const icu::Normalizer2& normalizer(const icu::Normalizer2* (*get)(UErrorCode&)) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* found = get(status);
  if (U_FAILURE(status)) throw Error(ErrorCode::unavailable, "ICU's normalisation data are missing");
  return *found;
}

bool is_accent(UChar32 c) {
  return c >= 0x300 && c <= 0x36F;  // the block of combining diacritical marks
}

// Compatible characters as one, lower case, without accents.
icu::UnicodeString normalized(std::string_view text) {
  static const icu::Normalizer2& decomposition = normalizer(icu::Normalizer2::getNFKDInstance);
  static const icu::Normalizer2& composition = normalizer(icu::Normalizer2::getNFCInstance);
  UErrorCode status = U_ZERO_ERROR;
  icu::UnicodeString decomposed = decomposition.normalize(
      icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<int32_t>(text.size()))), status);
  decomposed.foldCase();
  icu::UnicodeString kept;
  for (int32_t i = 0; i < decomposed.length(); i = decomposed.moveIndex32(i, 1))
    if (const UChar32 c = decomposed.char32At(i); !is_accent(c)) kept.append(c);
  return composition.normalize(kept, status);
}

bool belongs_to_word(UChar32 c) {
  return (U_GET_GC_MASK(c) & (U_GC_L_MASK | U_GC_N_MASK | U_GC_M_MASK)) != 0;
}

// Of a script without blanks between words, or not; nothing for what goes on as the run began: marks, and
// letters that scripts share.
std::optional<bool> is_unspaced(UChar32 c) {
  if (c < 0xE00) return false;  // Thai is the first
  UErrorCode status = U_ZERO_ERROR;
  switch (uscript_getScript(c, &status)) {
    case USCRIPT_HAN:
    case USCRIPT_HIRAGANA:
    case USCRIPT_KATAKANA:
    case USCRIPT_BOPOMOFO:
    case USCRIPT_HANGUL:
    case USCRIPT_THAI:
    case USCRIPT_LAO:
    case USCRIPT_KHMER:
    case USCRIPT_MYANMAR:
      return true;
    case USCRIPT_COMMON:
    case USCRIPT_INHERITED:
      if (u_isdigit(c)) return false;
      return std::nullopt;
    default:
      return false;
  }
}

std::string utf8(const icu::UnicodeString& characters, int32_t begin, int32_t end) {
  std::string text;
  characters.tempSubStringBetween(begin, end).toUTF8String(text);
  return text;
}

void take_unspaced(const icu::UnicodeString& run, const Take& word, const Take& character) {
  if (!run.hasMoreChar32Than(0, run.length(), 1)) return word(utf8(run, 0, run.length()));
  for (int32_t i = 0, next = 0; i < run.length(); i = next) {
    next = run.moveIndex32(i, 1);
    character(utf8(run, i, next));
    if (next < run.length()) word(utf8(run, i, run.moveIndex32(next, 1)));
  }
}

}  // namespace

void cut_words(std::string_view text, const std::function<void(std::string_view)>& word,
               const std::function<void(std::string_view)>& character) {
  if (is_ascii(text)) return take_ascii(text, word);
  const icu::UnicodeString characters = normalized(text);
  icu::UnicodeString run;
  bool unspaced = false;
  const auto end_run = [&] {
    if (run.isEmpty()) return;
    if (unspaced)
      take_unspaced(run, word, character);
    else
      word(cut(utf8(run, 0, run.length())));
    run.remove();
  };
  for (int32_t i = 0; i < characters.length(); i = characters.moveIndex32(i, 1)) {
    const UChar32 c = characters.char32At(i);
    if (!belongs_to_word(c)) {
      end_run();
      continue;
    }
    if (const bool now_unspaced = is_unspaced(c).value_or(unspaced); now_unspaced != unspaced) {
      end_run();
      unspaced = now_unspaced;
    }
    run.append(c);
  }
  end_run();
}

}  // namespace meridian::record
