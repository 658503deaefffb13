#include "record/graphql/graph_query.h"

#include <map>
#include <optional>

#include "base/error.h"

namespace meridian::record {
namespace {

constexpr std::size_t kLongest = 64u << 10;
constexpr int kDeepest = 30;
constexpr std::size_t kMostSelections = 5000;

bool is_name_start(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

class Parser {
 public:
  Parser(std::string_view text, const Json& variables) : text_(text), variables_(variables) {}

  std::vector<GraphSelection> document() {
    find_fragments();
    place_ = 0;
    std::optional<std::vector<GraphSelection>> query;
    while (peek() != '\0') {
      if (peek() != '{' && next_name() == "fragment") {
        skip_to_block();
        skip_block();
        continue;
      }
      if (query) fail("Only one query is answered at a time");
      query = operation();
    }
    if (!query) fail("There is no query");
    return std::move(*query);
  }

 private:
  [[noreturn]] void fail(const std::string& what) const {
    throw Error(ErrorCode::invalid_syntax, what, "query, character " + std::to_string(place_ + 1));
  }

  // The character that comes, after blanks, commas and comments; 0 at the end.
  char peek() {
    while (place_ < text_.size()) {
      const char c = text_[place_];
      if (c == '#')
        place_ = std::min(text_.find('\n', place_), text_.size());
      else if (c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == ',')
        ++place_;
      else
        return c;
    }
    return '\0';
  }
  bool take(char c) {
    if (peek() != c) return false;
    ++place_;
    return true;
  }
  void expect(char c) {
    if (!take(c)) fail(std::string("Here must be ") + c);
  }
  std::string name() {
    if (!is_name_start(peek())) fail("Here must be a name");
    const std::size_t begin = place_;
    while (place_ < text_.size() && (is_name_start(text_[place_]) || is_digit(text_[place_]))) ++place_;
    return std::string(text_.substr(begin, place_ - begin));
  }
  std::string next_name() {
    const std::size_t saved = place_;
    std::string found = is_name_start(peek()) ? name() : std::string();
    place_ = saved;
    return found;
  }
  void skip_to_block() {
    while (peek() != '{' && peek() != '\0')
      peek() == '"' ? static_cast<void>(string()) : static_cast<void>(++place_);
  }
  void skip_block() {
    int depth = 0;
    do {
      const char c = peek();
      if (c == '\0') fail("A { has no }");
      if (c == '"') {
        string();
        continue;
      }
      if (c == '{') ++depth;
      if (c == '}') --depth;
      ++place_;
    } while (depth > 0);
  }

  // Where their selections stand.
  void find_fragments() {
    while (peek() != '\0') {
      if (peek() != '{' && next_name() == "fragment") {
        name();
        const std::string fragment = name();
        if (name() != "on") fail("Here must be: on TYPE");
        const std::string type = name();
        fragments_[fragment] = {type, (skip_to_block(), place_)};
      } else {
        skip_to_block();
      }
      skip_block();
    }
  }

  std::vector<GraphSelection> operation() {
    if (peek() != '{') {
      const std::string kind = name();
      if (kind == "mutation" || kind == "subscription")
        throw Error(ErrorCode::not_supported, "Only queries are answered, no " + kind, "query");
      if (kind != "query") fail("Here must be a query");
      if (is_name_start(peek())) name();
      if (take('(')) definitions();
    }
    return selections(0);
  }

  void definitions() {
    while (!take(')')) {
      expect('$');
      const std::string variable = name();
      expect(':');
      take_type();
      if (take('=')) defaults_[variable] = value(0);
    }
  }
  void take_type() {
    if (take('[')) {
      take_type();
      expect(']');
    } else {
      name();
    }
    take('!');
  }

  std::vector<GraphSelection> selections(int depth) {
    if (depth > kDeepest) throw Error(ErrorCode::too_large, "The query is nested too deeply", "query");
    std::vector<GraphSelection> list;
    expect('{');
    while (!take('}')) {
      if (++count_ > kMostSelections)
        throw Error(ErrorCode::too_large, "The query asks for too much", "query");
      if (auto selection = peek() == '.' ? spread(depth) : field(depth))
        list.push_back(std::move(*selection));
    }
    return list;
  }

  std::optional<GraphSelection> field(int depth) {
    GraphSelection field;
    field.alias = field.name = name();
    if (take(':')) field.name = name();
    if (take('(')) field.arguments = arguments();
    const bool wanted = directives(field);
    if (peek() == '{') field.selections = selections(depth + 1);
    return wanted ? std::optional(std::move(field)) : std::nullopt;
  }

  std::optional<GraphSelection> spread(int depth) {
    for (int dots = 0; dots < 3; ++dots) expect('.');
    GraphSelection fragment;
    fragment.is_fragment = true;
    const std::string word = is_name_start(peek()) ? name() : std::string();
    if (word == "on") fragment.on_type = name();
    if (word.empty() || word == "on") {
      const bool wanted = directives(fragment);
      fragment.selections = selections(depth + 1);
      return wanted ? std::optional(std::move(fragment)) : std::nullopt;
    }
    const bool wanted = directives(fragment);
    const auto found = fragments_.find(word);
    if (found == fragments_.end()) fail("There is no fragment " + word);
    fragment.on_type = found->second.first;
    const std::size_t saved = place_;
    place_ = found->second.second;
    fragment.selections = selections(depth + 1);  // one that names itself becomes too deep
    place_ = saved;
    return wanted ? std::optional(std::move(fragment)) : std::nullopt;
  }

  std::vector<std::pair<std::string, Json>> arguments() {
    std::vector<std::pair<std::string, Json>> list;
    while (!take(')')) {
      std::string argument = name();
      expect(':');
      list.emplace_back(std::move(argument), value(0));
    }
    return list;
  }

  // False when they leave the selection out.
  bool directives(GraphSelection& selection) {
    bool wanted = true;
    while (take('@')) {
      const std::string directive = name();
      const auto given = take('(') ? arguments() : std::vector<std::pair<std::string, Json>>();
      if (directive == "first") {
        selection.first = true;
      } else if (directive == "singleton") {
        selection.singleton = true;
      } else if (directive == "flatten") {
        selection.flatten = true;
      } else if (directive == "slice") {
        if (given.size() != 1 || !given[0].second.is_string()) fail("@slice needs a FHIRPath");
        selection.slice = given[0].second.as_string();
      } else if (directive == "skip" || directive == "include") {
        if (given.size() != 1 || given[0].first != "if" || !given[0].second.is_bool())
          fail("@" + directive + " needs if: true or false");
        wanted = wanted && given[0].second.as_bool() == (directive == "include");
      } else {
        throw Error(ErrorCode::not_supported, "The directive @" + directive + " is not known", "query");
      }
    }
    return wanted;
  }

  Json value(int depth) {
    if (depth > kDeepest) throw Error(ErrorCode::too_large, "The query is nested too deeply", "query");
    const char c = peek();
    if (take('$')) return variable(name());
    if (c == '"') return string();
    if (c == '-' || is_digit(c)) return number();
    if (take('[')) {
      Json list = Json::array();
      while (!take(']')) list.push_back(value(depth + 1));
      return list;
    }
    const std::string word = name();
    if (word == "true" || word == "false") return word == "true";
    return word == "null" ? Json() : Json(word);  // else one of an enumeration
  }

  Json variable(const std::string& wanted) const {
    if (const Json* given = variables_.find(wanted)) return *given;
    const auto found = defaults_.find(wanted);
    if (found != defaults_.end()) return found->second;
    throw Error(ErrorCode::invalid_value, "The variable $" + wanted + " has no value", "variables");
  }

  Json number() {
    const std::size_t begin = place_;
    while (place_ < text_.size() &&
           std::string_view("+-.eE0123456789").find(text_[place_]) != std::string_view::npos)
      ++place_;
    return Json::parse(text_.substr(begin, place_ - begin));
  }

  // As in JSON; no block strings.
  std::string string() {
    const std::size_t begin = place_++;
    while (place_ < text_.size() && text_[place_] != '"' && text_[place_] != '\n')
      place_ += text_[place_] == '\\' ? 2 : 1;
    if (place_ >= text_.size() || text_[place_] != '"') fail("A string does not end");
    ++place_;
    return Json::parse(text_.substr(begin, place_ - begin)).as_string();
  }

  std::string_view text_;
  const Json& variables_;
  std::size_t place_ = 0, count_ = 0;
  std::map<std::string, std::pair<std::string, std::size_t>> fragments_;  // type, place of its {
  std::map<std::string, Json> defaults_;
};

}  // namespace

std::vector<GraphSelection> parse_graph_query(std::string_view text, const Json& variables) {
  if (text.size() > kLongest) throw Error(ErrorCode::too_large, "The query is longer than 64 KiB", "query");
  return Parser(text, variables).document();
}

}  // namespace meridian::record
