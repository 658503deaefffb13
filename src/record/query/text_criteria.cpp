#include "record/query/text_criteria.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "record/query/search_value.h"
#include "record/search/written_words.h"

namespace meridian::record {
namespace {

constexpr std::size_t kMostWords = 30;
constexpr int kDeepest = 20;  // of parentheses and NOTs

// What is asked of the index of words in one query, where it can be: FTS5 has no NOT but that of two.
struct Part {
  Sql query;  // no text: it cannot
  Criterion criterion;
};

Part part_of(Sql query, std::string_view code) {
  Sql match{code == "_text" ? "x.narrative MATCH " : "x.word_index MATCH ", {}};
  match.add(query);
  Criterion criterion;
  criterion.checking =
      Sql{"EXISTS (SELECT 1 FROM word_index x WHERE x.rowid = r.key AND ", {}}.add(match).add(")");
  criterion.finding = Sql{"SELECT x.rowid AS key FROM word_index x WHERE ", {}}.add(match);
  criterion.in_key_order = true;
  criterion.by_key = true;
  return {std::move(query), std::move(criterion)};
}

// Of the first with the second, as PostgreSQL calls it and SQLite learns it (storage/sqlite/words.h).
Sql combined(std::string_view function, const Sql& first, const Sql& second) {
  return Sql{std::string(function), {}}.add("(").add(first).add(", ").add(second).add(")");
}

Sql joined(const std::vector<Part>& parts, std::string_view with) {
  Sql sql{"(", {}};
  for (std::size_t i = 0; i < parts.size(); ++i)
    sql.add(i ? with : std::string_view()).add(parts[i].criterion.checking);
  return sql.add(")");
}

// Those that can be are asked in one query.
std::vector<Part> merged(std::vector<Part> parts, std::string_view function, std::string_view code) {
  Sql query;
  std::vector<Part> others;
  for (Part& part : parts)
    if (part.query.text.empty())
      others.push_back(std::move(part));
    else
      query = query.text.empty() ? std::move(part.query) : combined(function, query, part.query);
  if (!query.text.empty()) others.insert(others.begin(), part_of(std::move(query), code));
  return others;
}

// Found by one of them that can; the others check.
Part all_of(std::vector<Part> given, std::string_view code) {
  std::vector<Part> parts = merged(std::move(given), "tsquery_and", code);
  if (parts.size() == 1) return std::move(parts.front());
  Criterion all{.checking = joined(parts, " AND "), .finding = {}, .by_key = true};
  const auto lead = std::ranges::find_if(parts, [](const Part& part) { return part.criterion.can_find(); });
  if (lead == parts.end()) return {{}, std::move(all)};
  all.in_key_order = lead->criterion.in_key_order;
  all.finding = Sql{"SELECT r.key AS key FROM (", {}}.add(lead->criterion.finding).add(") r WHERE TRUE");
  for (auto part = parts.begin(); part != parts.end(); ++part)
    if (part != lead) all.finding.add(" AND ").add(part->criterion.checking);
  return {{}, std::move(all)};
}

Part any_of(std::vector<Part> given, std::string_view code) {
  std::vector<Part> parts = merged(std::move(given), "tsquery_or", code);
  if (parts.size() == 1) return std::move(parts.front());
  Criterion any{.checking = joined(parts, " OR "), .finding = {}, .by_key = true};
  std::vector<Sql> selects;
  for (const Part& part : parts)
    if (part.criterion.can_find()) selects.push_back(part.criterion.finding);
  if (selects.size() == parts.size()) any.finding = Sql::all_rows_of(selects);
  return {{}, std::move(any)};
}

// What is found is looked up once, not for each resource.
Part none_of(const Criterion& criterion) {
  return {{}, {.checking = Sql{"NOT ", {}}.add(criterion.condition()), .finding = {}, .by_key = true}};
}

class Expression {
 public:
  // words: counts those of the whole value.
  Expression(std::string_view type, std::string_view code, std::string_view text, std::size_t& words)
      : type_(type), code_(code), text_(text), words_(words) {
    next();
  }

  Part parse() {
    Part part = alternatives();
    if (!token_.empty()) fail("\"" + std::string(token_) + "\" is one too many");
    return part;
  }

 private:
  [[noreturn]] void fail(const std::string& what) const {
    throw Error(ErrorCode::invalid_value, "What is to be found is not understood: " + what,
                std::string(code_), "Give words, with AND, OR, NOT and parentheses where they are needed");
  }

  bool is(std::string_view word) const { return equal_ignoring_ascii_case(token_, word); }
  static bool equal_ignoring_ascii_case(std::string_view a, std::string_view b) {
    return std::ranges::equal(a, b,
                              [](char x, char y) { return (x >= 'A' && x <= 'Z' ? x | 0x20 : x) == y; });
  }

  // A parenthesis, what stands between quotation marks, or between blanks and these; empty at the end.
  void next() {
    static constexpr std::string_view kBlank = " \t\r\n", kEnds = " \t\r\n()\"";
    text_.remove_prefix(std::min(text_.find_first_not_of(kBlank), text_.size()));
    std::size_t size = text_.find_first_of(kEnds);
    if (text_.starts_with('"')) {
      size = text_.find('"', 1);
      if (size == std::string_view::npos) fail("a quotation mark is not closed");
      ++size;
    } else if (text_.starts_with('(') || text_.starts_with(')')) {
      size = 1;
    }
    token_ = text_.substr(0, size);
    text_.remove_prefix(token_.size());
  }

  bool at_end() const { return token_.empty() || token_ == ")"; }

  Part alternatives() {
    std::vector<Part> parts;
    parts.push_back(conjunction());
    while (is("or")) {
      next();
      parts.push_back(conjunction());
    }
    return any_of(std::move(parts), code_);
  }

  Part conjunction() {
    std::vector<Part> parts;
    do {
      if (is("and")) next();
      if (std::optional<Part> part = operand()) parts.push_back(std::move(*part));
    } while (!at_end() && !is("or"));
    if (parts.empty()) fail("it has no word");
    return all_of(std::move(parts), code_);
  }

  // Nothing of what has no word.
  std::optional<Part> operand() {
    if (at_end() || is("and") || is("or")) fail("a word is missing");
    if (is("not")) return negated();
    if (token_ == "(") return in_parentheses();
    std::optional<Part> part = phrase(token_);
    next();
    return part;
  }

  Part negated() {
    go_deeper();
    const std::optional<Part> part = operand();
    if (!part) fail("NOT is without a word");
    --depth_;
    return none_of(part->criterion);
  }

  Part in_parentheses() {
    go_deeper();
    Part part = alternatives();
    if (token_ != ")") fail("a parenthesis is not closed");
    next();
    --depth_;
    return part;
  }

  void go_deeper() {
    if (++depth_ > kDeepest) fail("it is nested too deeply");
    next();
  }

  // Words that must be next to each other.
  std::optional<Part> phrase(std::string_view text) {
    const std::string sought = sought_words(type_, text);
    if (sought.empty()) return {};
    words_ += 1 + static_cast<std::size_t>(std::ranges::count(sought, ' '));
    if (words_ > kMostWords)
      throw Error(ErrorCode::too_large, "More than " + std::to_string(kMostWords) + " words are to be found",
                  std::string(code_));
    return part_of({"phraseto_tsquery('simple', ?)", {sought}}, code_);
  }

  const std::string_view type_, code_;
  std::string_view text_, token_;
  std::size_t& words_;
  int depth_ = 0;
};

}  // namespace

bool is_text_parameter(std::string_view code) {
  return code == "_text" || code == "_content";
}

Criterion text_criterion(std::string_view type, std::string_view code, std::string_view value) {
  std::size_t words = 0;
  std::vector<Part> alternatives;
  for (const std::string& alternative : split_unescaped(value, ',')) {
    const std::string text = unescape(alternative);
    alternatives.push_back(Expression(type, code, text, words).parse());
  }
  return any_of(std::move(alternatives), code).criterion;
}

}  // namespace meridian::record
