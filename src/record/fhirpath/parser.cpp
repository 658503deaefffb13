#include <array>
#include <optional>
#include <utility>

#include "base/error.h"
#include "record/fhirpath/expression.h"
#include "record/fhirpath/functions.h"
#include "record/fhirpath/lexer.h"

namespace meridian::record::fhirpath {
namespace {

using Kind = Expression::Kind;
using TokenKind = Token::Kind;

constexpr std::size_t kLongestExpression = 64u << 10;
constexpr int kDeepest = 200;

struct BinaryOperator {
  std::string_view symbol;
  Operator op;
  int level;  // the higher, the tighter it binds
};

constexpr int kTypeLevel = 8;
constexpr std::array<BinaryOperator, 24> kOperators{{
    {"implies", Operator::implies, 1},
    {"or", Operator::logical_or, 2},
    {"xor", Operator::logical_xor, 2},
    {"and", Operator::logical_and, 3},
    {"in", Operator::in, 4},
    {"contains", Operator::contains, 4},
    {"=", Operator::equal, 5},
    {"~", Operator::equivalent, 5},
    {"!=", Operator::not_equal, 5},
    {"!~", Operator::not_equivalent, 5},
    {"<", Operator::less, 6},
    {"<=", Operator::less_or_equal, 6},
    {">", Operator::greater, 6},
    {">=", Operator::greater_or_equal, 6},
    {"|", Operator::unite, 7},
    {"is", Operator::is, kTypeLevel},
    {"as", Operator::as, kTypeLevel},
    {"+", Operator::add, 9},
    {"-", Operator::subtract, 9},
    {"&", Operator::concatenate, 9},
    {"*", Operator::multiply, 10},
    {"/", Operator::divide, 10},
    {"div", Operator::divide_whole, 10},
    {"mod", Operator::remainder, 10},
}};

std::string_view calendar_unit(std::string_view word) {
  static constexpr std::array<std::string_view, 8> kUnits{"year", "month",  "week",   "day",
                                                          "hour", "minute", "second", "millisecond"};
  for (const std::string_view unit : kUnits)
    if (word == unit || (word.size() == unit.size() + 1 && word.starts_with(unit) && word.back() == 's'))
      return unit;
  return {};
}

Expression literal(Item value) {
  Expression expression;
  expression.value.push_back(std::move(value));
  return expression;
}

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text), tokens_(tokenize(text)) {}

  Expression run() {
    Expression expression = binary(0);
    if (now().kind != TokenKind::end) fail("nothing is expected here");
    return expression;
  }

 private:
  const Token& now() const { return tokens_[at_]; }
  bool is_symbol(std::string_view symbol) const {
    return now().kind == TokenKind::symbol && now().text == symbol;
  }
  bool is_word() const { return now().kind == TokenKind::word || now().kind == TokenKind::quoted_word; }
  [[noreturn]] void fail(const std::string& reason) const { syntax_error(text_, now().offset, reason); }

  bool accept(std::string_view symbol) {
    if (!is_symbol(symbol)) return false;
    ++at_;
    return true;
  }

  void expect(std::string_view symbol) {
    if (!accept(symbol)) fail("\"" + std::string(symbol) + "\" is missing");
  }

  const BinaryOperator* operator_here() const {
    if (now().kind != TokenKind::symbol && now().kind != TokenKind::word) return nullptr;
    for (const BinaryOperator& candidate : kOperators)
      if (candidate.symbol == now().text) return &candidate;
    return nullptr;
  }

  Expression binary(int lowest) {
    if (++depth_ > kDeepest) fail("the expression is nested too deeply");
    Expression left = unary();
    while (const BinaryOperator* found = operator_here()) {
      if (found->level <= lowest) break;
      ++at_;
      Expression node;
      node.kind = Kind::operation;
      node.op = found->op;
      node.operands.push_back(std::move(left));
      if (found->level == kTypeLevel)
        node.name = type_name();
      else
        node.operands.push_back(binary(found->level));
      left = std::move(node);
    }
    --depth_;
    return left;
  }

  std::string type_name() {
    std::string name = identifier();
    while (accept(".")) name += "." + identifier();
    return name;
  }

  std::string identifier() {
    if (!is_word()) fail("a name is missing");
    return tokens_[at_++].text;
  }

  Expression unary() {
    if (!is_symbol("-") && !is_symbol("+")) return path();
    if (++depth_ > kDeepest) fail("the expression is nested too deeply");
    Expression node;
    node.kind = is_symbol("-") ? Kind::negative : Kind::positive;
    ++at_;
    node.operands.push_back(unary());
    --depth_;
    return node;
  }

  Expression path() {
    std::vector<Expression> steps;
    steps.push_back(term());
    for (;;) {
      if (accept(".")) {
        steps.push_back(invocation());
      } else if (accept("[")) {
        Expression node;
        node.kind = Kind::item_at;
        node.operands.push_back(binary(0));
        expect("]");
        steps.push_back(std::move(node));
      } else {
        break;
      }
    }
    if (steps.size() == 1) return std::move(steps.front());
    Expression node;
    node.kind = Kind::path;
    node.operands = std::move(steps);
    return node;
  }

  Expression term() {
    switch (now().kind) {
      case TokenKind::word:
        if (now().text == "true" || now().text == "false") return literal(tokens_[at_++].text == "true");
        return invocation();
      case TokenKind::quoted_word:
        return invocation();
      case TokenKind::text:
        return literal(tokens_[at_++].text);
      case TokenKind::number:
        return number();
      case TokenKind::date:
        return moment(Temporal::parse_date(now().text));
      case TokenKind::date_time:
        return moment(Temporal::parse_date_time(now().text));
      case TokenKind::time:
        return moment(Temporal::parse_time(now().text));
      case TokenKind::symbol:
        return symbol_term();
      case TokenKind::end:
        break;
    }
    fail("the expression is not complete");
  }

  Expression symbol_term() {
    if (accept("(")) {
      Expression inner = binary(0);
      expect(")");
      return inner;
    }
    if (accept("{")) {
      expect("}");
      return {};
    }
    if (accept("%")) {
      if (!is_word() && now().kind != TokenKind::text) fail("a name is missing after %");
      Expression node;
      node.kind = Kind::variable;
      node.name = tokens_[at_++].text;
      return node;
    }
    if (now().text.front() == '$') return invocation();
    fail("an operand is missing");
  }

  Expression invocation() {
    Expression node;
    if (now().kind == TokenKind::symbol && now().text.front() == '$') {
      const std::string& name = tokens_[at_++].text;
      node.kind = name == "$this" ? Kind::this_item : name == "$index" ? Kind::index : Kind::total;
      return node;
    }
    const std::size_t offset = now().offset;
    node.kind = Kind::member;
    node.name = identifier();
    if (accept("(")) call(node, offset);
    return node;
  }

  void call(Expression& node, std::size_t offset) {
    node.kind = Kind::call;
    while (!accept(")")) {
      if (!node.operands.empty()) expect(",");
      node.operands.push_back(binary(0));
    }
    node.function = find_function(node.name);
    if (!node.function) syntax_error(text_, offset, "there is no function " + node.name);
    if (node.operands.size() < node.function->fewest || node.operands.size() > node.function->most)
      syntax_error(text_, offset,
                   node.name + " does not take " + std::to_string(node.operands.size()) + " arguments");
  }

  Expression number() {
    const auto value = Decimal::parse(now().text);
    if (!value) fail("the number is too long");
    ++at_;
    if (now().kind == TokenKind::text) return quantity(*value, tokens_[at_++].text, false);
    if (now().kind == TokenKind::word && !calendar_unit(now().text).empty())
      return quantity(*value, std::string(calendar_unit(tokens_[at_++].text)), true);
    if (value->scale() > 0) return literal(*value);
    if (value->digits() > INT64_MAX) return literal(*value);
    return literal(static_cast<std::int64_t>(value->digits()));
  }

  static Expression quantity(Decimal value, std::string unit, bool calendar) {
    return literal(std::make_shared<const Quantity>(Quantity{value, std::move(unit), calendar}));
  }

  Expression moment(const std::optional<Temporal>& value) {
    if (!value) fail("\"" + now().text + "\" is no date or time");
    ++at_;
    return literal(*value);
  }

  std::string_view text_;
  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  int depth_ = 0;
};

}  // namespace

Expression parse(std::string_view text) {
  if (text.size() > kLongestExpression) syntax_error(text, kLongestExpression, "the expression is too long");
  return Parser(text).run();
}

std::string qualified_name(const Expression& expression) {
  if (expression.kind == Kind::member) return expression.name;
  if (expression.kind != Kind::path) return {};
  std::string name;
  for (const Expression& part : expression.operands) {
    if (part.kind != Kind::member) return {};
    name += (name.empty() ? "" : ".") + part.name;
  }
  return name;
}

}  // namespace meridian::record::fhirpath
