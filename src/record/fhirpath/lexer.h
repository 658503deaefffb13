// Splits a FHIRPath expression into its tokens.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace meridian::record::fhirpath {

struct Token {
  enum class Kind { end, word, quoted_word, text, number, date, date_time, time, symbol };
  Kind kind = Kind::end;
  std::string text;  // unescaped; a symbol as written; %`name` is the symbol % and a quoted word
  std::size_t offset = 0;
};

// Ends with a token of kind end. Throws invalid_syntax with the offset.
std::vector<Token> tokenize(std::string_view expression);

[[noreturn]] void syntax_error(std::string_view expression, std::size_t offset, const std::string& reason);

}  // namespace meridian::record::fhirpath
