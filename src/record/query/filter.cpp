#include "record/query/filter.h"

#include <algorithm>
#include <array>

#include "base/error.h"
#include "base/json.h"

namespace meridian::record {
namespace {

constexpr std::size_t kLongest = 4000;
constexpr int kDeepest = 20, kMostComparisons = 50;

// The modifier of a kind of parameter that an operator means. Of what is ordered, operators are prefixes.
struct Meaning {
  std::string_view op;
  SearchType type;
  std::string_view modifier;
};

constexpr std::array kMeanings{
    Meaning{"eq", SearchType::string, "eq"},   Meaning{"co", SearchType::string, "contains"},
    Meaning{"sw", SearchType::string, ""},     Meaning{"ew", SearchType::string, "ew"},
    Meaning{"eq", SearchType::token, ""},      Meaning{"co", SearchType::token, "text"},
    Meaning{"in", SearchType::token, "in"},    Meaning{"ni", SearchType::token, "not-in"},
    Meaning{"ss", SearchType::token, "below"}, Meaning{"sb", SearchType::token, "above"},
    Meaning{"eq", SearchType::reference, ""},  Meaning{"re", SearchType::reference, ""},
    Meaning{"eq", SearchType::uri, ""},        Meaning{"ss", SearchType::uri, "below"},
    Meaning{"sb", SearchType::uri, "above"},   Meaning{"po", SearchType::date, "po"},
};
constexpr std::array<std::string_view, 8> kPrefixes{"eq", "gt", "lt", "ge", "le", "ap", "sa", "eb"};

bool is_ordered(SearchType type) {
  return type == SearchType::date || type == SearchType::number || type == SearchType::quantity;
}

// Of the parameter at the end of a path such as subject:Patient.name.
std::optional<SearchType> kind_of(std::string_view type, std::string_view path) {
  const auto dot = path.find('.');
  const std::string_view head = path.substr(0, dot);
  const auto colon = head.find(':');
  const SearchParameter* parameter = find_search_parameter(type, head.substr(0, colon));
  if (!parameter) return {};
  if (dot == std::string_view::npos) return parameter->type;
  if (colon != std::string_view::npos) return kind_of(head.substr(colon + 1), path.substr(dot + 1));
  for (const std::string_view target : parameter->targets)
    if (const auto kind = kind_of(target, path.substr(dot + 1))) return kind;
  return {};
}

class Parser {
 public:
  Parser(std::string_view type, std::string_view text, const CriterionContext& context)
      : type_(type), text_(text), context_(context) {
    context_.in_filter = true;
    if (text.size() > kLongest) fail("The filter is longer than " + std::to_string(kLongest) + " characters");
  }

  Sql run() {
    Sql condition = alternatives(0);
    skip_blanks();
    if (at_ < text_.size()) fail("Something follows the end of the filter");
    return condition;
  }

 private:
  [[noreturn]] void fail(const std::string& what) const {
    throw Error(ErrorCode::invalid_request, what + ", at character " + std::to_string(at_ + 1), "_filter",
                "Write it as: name co \"wang\" and (birthdate ge 1960 or not (gender eq male))");
  }

  void skip_blanks() {
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
  }

  // A word up to a blank or parenthesis.
  std::string_view peek_word() {
    skip_blanks();
    return text_.substr(at_, text_.find_first_of(" ()", at_) - at_);
  }
  std::string_view take_word() {
    const std::string_view word = peek_word();
    at_ += word.size();
    return word;
  }
  bool take_word(std::string_view wanted) {
    if (peek_word() != wanted) return false;
    at_ += wanted.size();
    return true;
  }
  bool take_parenthesis(char wanted) {
    skip_blanks();
    if (at_ == text_.size() || text_[at_] != wanted) return false;
    ++at_;
    return true;
  }

  // "and" binds tighter than "or".
  Sql alternatives(int depth) {
    std::vector<Sql> parts{conjunction(depth)};
    while (take_word("or")) parts.push_back(conjunction(depth));
    return Sql::any_of(parts);
  }

  Sql conjunction(int depth) {
    Sql condition = term(depth);
    while (take_word("and")) condition.add(" AND ").add(term(depth));
    return condition;
  }

  Sql term(int depth) {
    if (depth > kDeepest) fail("The filter is nested more than " + std::to_string(kDeepest) + " deep");
    const bool negated = take_word("not");
    if (!take_parenthesis('(')) {
      if (negated) fail("After \"not\" comes a parenthesis");
      return comparison();
    }
    Sql condition = Sql{negated ? "NOT (" : "(", {}}.add(alternatives(depth + 1)).add(")");
    if (!take_parenthesis(')')) fail("A parenthesis is not closed");
    return condition;
  }

  // The JSON string that begins here, as one value: its commas and bars are text.
  std::string quoted_value() {
    auto end = at_ + 1;
    while (end < text_.size() && text_[end] != '"') end += text_[end] == '\\' ? 2 : 1;
    if (end >= text_.size()) fail("A text is not closed");
    std::string value;
    const Json text = Json::parse(text_.substr(at_, end + 1 - at_));
    for (const char c : text.as_string()) {
      if (c == ',' || c == '\\' || c == '$') value += '\\';
      value += c;
    }
    at_ = end + 1;
    return value;
  }

  std::string value() {
    skip_blanks();
    if (at_ < text_.size() && text_[at_] == '"') return quoted_value();
    return std::string(take_word());
  }

  Sql comparison() {
    if (++comparisons_ > kMostComparisons)
      fail("The filter has more than " + std::to_string(kMostComparisons) + " comparisons");
    const std::string path = take_path();
    if (text_.substr(at_).starts_with('[')) return linked(path);
    const std::string op(take_word());
    const std::string right = value();
    if (path.empty() || op.empty() || right.empty()) fail("A comparison is parameter, operator and value");
    if (op == "pr") return presence(path, right);
    const bool negated = op == "ne";
    const Sql condition = compare(path, negated ? "eq" : op, right);
    return negated ? Sql{"NOT (", {}}.add(condition).add(")") : condition;
  }

  // Up to a blank, parenthesis or the filter of what is at its end.
  std::string take_path() {
    skip_blanks();
    const std::size_t begin = at_;
    at_ = std::min(text_.find_first_of(" ()[", at_), text_.size());
    return std::string(text_.substr(begin, at_ - begin));
  }

  // subject[family eq "x"].birthdate lt 1970: the filter and the rest hold for one and the same that the
  // reference leads to.
  Sql linked(const std::string& reference) {
    const std::size_t begin = at_ + 1;
    skip_bracket();
    const std::string filter(text_.substr(begin, at_ - 1 - begin));
    if (at_ >= text_.size() || text_[at_] != '.') fail("After a filter within a path comes the rest of it");
    const std::size_t rest = ++at_;
    take_comparison();
    return condition_of(reference + "._filter",
                        "(" + filter + ") and " + std::string(text_.substr(rest, at_ - rest)));
  }

  // From a bracket to behind the one that closes it.
  void skip_bracket() {
    int depth = 0;
    do {
      if (at_ >= text_.size()) fail("A bracket is not closed");
      const char c = text_[at_];
      if (c == '"') {
        quoted_value();
        continue;
      }
      if (c == '[') ++depth;
      if (c == ']') --depth;
      ++at_;
    } while (depth > 0);
  }

  // Past a path, an operator and a value.
  void take_comparison() {
    take_path();
    while (at_ < text_.size() && text_[at_] == '[') {
      skip_bracket();
      take_path();
    }
    take_word();
    value();
  }

  Sql presence(const std::string& path, const std::string& right) {
    if (right != "true" && right != "false") fail("\"pr\" takes true or false");
    return condition_of(path + ":missing", right == "true" ? "false" : "true");
  }

  Sql compare(const std::string& path, const std::string& op, const std::string& right) {
    const auto kind = kind_of(type_, path);
    if (!kind) fail_unknown_parameter(type_, path);
    for (const Meaning& meaning : kMeanings)
      if (meaning.op == op && meaning.type == *kind)
        return condition_of(path + (meaning.modifier.empty() ? "" : ":") + std::string(meaning.modifier),
                            right);
    if (is_ordered(*kind) && std::ranges::find(kPrefixes, op) != kPrefixes.end())
      return condition_of(path, op + right);
    fail("The operator \"" + op.substr(0, 20) + "\" is not one for " + path.substr(0, 80));
  }

  Sql condition_of(const std::string& name, const std::string& right) const {
    return Sql{"(", {}}.add(criterion_of(type_, name, right, context_).condition()).add(")");
  }

  const std::string_view type_, text_;
  CriterionContext context_;
  std::size_t at_ = 0;
  int comparisons_ = 0;
};

}  // namespace

Criterion filter_criterion(std::string_view type, std::string_view text, const CriterionContext& context) {
  return criterion_on_resource(Parser(type, text, context).run());
}

}  // namespace meridian::record
