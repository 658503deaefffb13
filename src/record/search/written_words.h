// The words that a resource says in writing: what _text and _content find it by.
#pragma once
#include <string>
#include <string_view>

#include "base/json.h"

namespace meridian::record {

// Words with blanks between, in their order, as the index of words takes them.
struct WrittenWords {
  std::string narrative, other;
  bool empty() const { return narrative.empty() && other.empty(); }
};

// Of a resource that has passed validation: the words (values/words.h) of its narrative, and of all strings
// and markdown in it, contained resources and extensions included; then each character that was cut in twos
// once. Not codes, identifiers of elements, addresses, dates, numbers and attached data. Of each the first
// 10,000 words and 250,000 bytes: PostgreSQL takes no more than a megabyte.
WrittenWords written_words(const Json& resource);
// What is looked for in resources of the type: the words of the text, one after another. Empty where it has
// none.
std::string sought_words(std::string_view type, std::string_view text);

// What a narrative or other XHTML says, without markup.
std::string text_of_xhtml(std::string_view xhtml);

}  // namespace meridian::record
