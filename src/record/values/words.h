// The words of a text, as a search for words compares them.
#pragma once
#include <functional>
#include <string>
#include <string_view>

namespace meridian::record {

// Lower case, without accents, cut where no letter or digit is; the first 64 bytes of each. Scripts that put
// no blanks between words (Chinese, Japanese, Korean's, Thai) are cut into each two neighbouring characters,
// and a character that stands alone: 高血压 is 高血, 血压. Calls word for these in their order, however often
// they come, and character for each of the characters that were cut in twos. Bytes that are no UTF-8 become
// replacement characters.
void cut_words(std::string_view text, const std::function<void(std::string_view)>& word,
               const std::function<void(std::string_view)>& character);

}  // namespace meridian::record
