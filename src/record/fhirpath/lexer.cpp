#include "record/fhirpath/lexer.h"

#include <array>
#include <cctype>
#include <cstdint>

#include "base/error.h"

namespace meridian::record::fhirpath {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_word_start(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool is_word_part(char c) {
  return is_word_start(c) || is_digit(c);
}

void append_utf8(std::string& out, std::uint32_t code) {
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xC0 | code >> 6);
    out += static_cast<char>(0x80 | (code & 0x3F));
  } else {
    out += static_cast<char>(0xE0 | code >> 12);
    out += static_cast<char>(0x80 | (code >> 6 & 0x3F));
    out += static_cast<char>(0x80 | (code & 0x3F));
  }
}

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  std::vector<Token> run() {
    std::vector<Token> tokens;
    for (;;) {
      skip_blanks();
      start_ = at_;
      if (at_ == text_.size()) break;
      tokens.push_back(next());
      tokens.back().offset = start_;
    }
    tokens.push_back({Token::Kind::end, "", at_});
    return tokens;
  }

 private:
  char peek(std::size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }
  bool starts_with(std::string_view what) const { return text_.substr(at_).starts_with(what); }
  [[noreturn]] void fail(const std::string& reason) const { syntax_error(text_, start_, reason); }

  void skip_blanks() {
    while (at_ < text_.size()) {
      start_ = at_;
      if (std::isspace(static_cast<unsigned char>(peek())))
        ++at_;
      else if (starts_with("//"))
        at_ = std::min(text_.find_first_of("\r\n", at_), text_.size());
      else if (starts_with("/*"))
        skip_comment();
      else
        return;
    }
  }

  void skip_comment() {
    const std::size_t end = text_.find("*/", at_ + 2);
    if (end == std::string_view::npos) fail("the comment does not end");
    at_ = end + 2;
  }

  Token next() {
    const char c = peek();
    if (is_word_start(c)) return word();
    if (is_digit(c)) return number();
    if (c == '\'') return {Token::Kind::text, quoted('\'')};
    if (c == '`' || c == '"') return {Token::Kind::quoted_word, quoted(c)};
    if (c == '@') return moment();
    if (c == '$') return dollar();
    return symbol();
  }

  Token word() {
    const std::size_t begin = at_;
    while (is_word_part(peek())) ++at_;
    return {Token::Kind::word, std::string(text_.substr(begin, at_ - begin))};
  }

  Token dollar() {
    ++at_;
    Token name = word();
    if (name.text != "this" && name.text != "index" && name.text != "total")
      fail("$" + name.text + " is unknown");
    return {Token::Kind::symbol, "$" + name.text};
  }

  Token number() {
    const std::size_t begin = at_;
    while (is_digit(peek())) ++at_;
    if (peek() == '.' && is_digit(peek(1))) {
      ++at_;
      while (is_digit(peek())) ++at_;
    }
    return {Token::Kind::number, std::string(text_.substr(begin, at_ - begin))};
  }

  // @2015-02-04T14:34:28.123+10:00, @2015T, @T14:34
  Token moment() {
    ++at_;
    const std::size_t begin = at_;
    while (is_digit(peek()) || (peek() == '-' && is_digit(peek(1)))) ++at_;
    if (peek() != 'T') return {Token::Kind::date, std::string(text_.substr(begin, at_ - begin))};
    const bool only_time = at_ == begin;
    ++at_;
    const std::size_t time = at_;
    while (is_digit(peek()) || ((peek() == ':' || peek() == '.') && is_digit(peek(1)))) ++at_;
    if (only_time) return {Token::Kind::time, std::string(text_.substr(time, at_ - time))};
    if (at_ > time) skip_zone();
    return {Token::Kind::date_time, std::string(text_.substr(begin, at_ - begin))};
  }

  void skip_zone() {
    if (peek() == 'Z') {
      ++at_;
    } else if ((peek() == '+' || peek() == '-') && is_digit(peek(1)) && is_digit(peek(2)) && peek(3) == ':') {
      at_ += 4;
      while (is_digit(peek())) ++at_;
    }
  }

  std::string quoted(char mark) {
    ++at_;
    std::string out;
    while (peek() != mark) {
      if (at_ >= text_.size()) fail("the quotation does not end");
      if (peek() == '\\')
        unescape(out);
      else
        out += text_[at_++];
    }
    ++at_;
    return out;
  }

  void unescape(std::string& out) {
    const char escaped = peek(1);
    at_ += 2;
    switch (escaped) {
      case 'n':
        out += '\n';
        return;
      case 'r':
        out += '\r';
        return;
      case 't':
        out += '\t';
        return;
      case 'f':
        out += '\f';
        return;
      case 'u':
        return unescape_code(out);
      case '\0':
        fail("the quotation does not end");
      default:
        out += escaped;
    }
  }

  void unescape_code(std::string& out) {
    std::uint32_t code = 0;
    for (int i = 0; i < 4; ++i, ++at_) {
      const char c = peek();
      if (!std::isxdigit(static_cast<unsigned char>(c))) fail("\\u needs four hexadecimal digits");
      code = code * 16 + static_cast<std::uint32_t>(is_digit(c) ? c - '0' : (c | 0x20) - 'a' + 10);
    }
    append_utf8(out, code);
  }

  Token symbol() {
    static constexpr std::array<std::string_view, 20> kSymbols{"<=", ">=", "!=", "!~", "=", "~", "<",
                                                               ">",  "|",  "+",  "-",  "*", "/", "&",
                                                               "(",  ")",  "[",  "]",  ".", ","};
    for (const std::string_view known : kSymbols) {
      if (!starts_with(known)) continue;
      at_ += known.size();
      return {Token::Kind::symbol, std::string(known)};
    }
    if (peek() != '{' && peek() != '}' && peek() != '%') fail("this character has no meaning here");
    return {Token::Kind::symbol, std::string(1, text_[at_++])};
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t start_ = 0;  // of the token being read
};

}  // namespace

std::vector<Token> tokenize(std::string_view expression) {
  return Lexer(expression).run();
}

void syntax_error(std::string_view expression, std::size_t offset, const std::string& reason) {
  throw Error(
      ErrorCode::invalid_syntax, "This is not FHIRPath: " + reason,
      "character " + std::to_string(offset + 1) + " of \"" + std::string(expression.substr(0, 200)) + "\"");
}

}  // namespace meridian::record::fhirpath
