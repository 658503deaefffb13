// Strings: indexOf, substring, matches, replace, split, encode, escape ... Places count characters, not
// bytes.
#include <re2/re2.h>

#include <algorithm>
#include <cctype>
#include <mutex>
#include <shared_mutex>
#include <unordered_map>

#include "base/encoding.h"
#include "record/fhirpath/evaluation.h"
#include "record/fhirpath/function_tables.h"
#include "record/values/letter_case.h"

namespace meridian::record::fhirpath {
namespace {

constexpr std::size_t kMostPatterns = 1024;

bool continues_character(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

std::size_t character_count(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return !continues_character(c); }));
}

// The byte at which the character begins; the size when there are fewer.
std::size_t byte_of(std::string_view text, std::size_t character) {
  std::size_t at = 0;
  for (; at < text.size(); ++at) {
    if (continues_character(text[at])) continue;
    if (character-- == 0) break;
  }
  return at;
}

std::optional<std::string_view> text_input(Evaluation& evaluation, const Collection& input,
                                           const Expression& call) {
  const Item* item = only_item(input, "The input of " + call.name);
  if (!item) return std::nullopt;
  const auto text = as_text(*item);
  if (text)
    evaluation.spend(text->size() / kBytesPerStep);
  else if (has_value(*item))
    evaluation_error(call.name + " applies to strings, not to " + type_of(*item).name);
  else if (std::get<Element>(*item).value)
    evaluation_error(call.name + " applies to strings");
  return text;
}

// A function of the input and one string argument; empty when either is.

template <auto Test>
Collection with_argument(Evaluation& evaluation, const Collection& input, const Expression& call) {
  const auto text = text_input(evaluation, input, call);
  const auto argument = evaluation.text_argument(call, 0);
  return text && argument ? one(Test(*text, *argument)) : Collection();
}

bool starts(std::string_view text, std::string_view part) {
  return text.starts_with(part);
}
bool ends(std::string_view text, std::string_view part) {
  return text.ends_with(part);
}
bool holds(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

std::int64_t place(std::string_view text, std::size_t byte) {
  return byte == std::string_view::npos ? -1
                                        : static_cast<std::int64_t>(character_count(text.substr(0, byte)));
}
std::int64_t first_place(std::string_view text, std::string_view part) {
  return place(text, text.find(part));
}
std::int64_t last_place(std::string_view text, std::string_view part) {
  return place(text, text.rfind(part));
}

Collection substring(Evaluation& evaluation, const Collection& input, const Expression& call) {
  const auto text = text_input(evaluation, input, call);
  const auto start = evaluation.integer_argument(call, 0);
  if (!text || !start || *start < 0) return {};
  const std::size_t from = byte_of(*text, static_cast<std::size_t>(*start));
  if (from >= text->size()) return {};
  const std::string_view rest = text->substr(from);
  const auto length = evaluation.integer_argument(call, 1);
  if (!length) return one(std::string(rest));
  return one(std::string(
      rest.substr(0, byte_of(rest, static_cast<std::size_t>(std::max<std::int64_t>(*length, 0))))));
}

template <auto Convert>
Collection changed(Evaluation& evaluation, const Collection& input, const Expression& call) {
  const auto text = text_input(evaluation, input, call);
  return text ? one(Convert(*text)) : Collection();
}

std::string trim(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n\f\v");
  if (first == std::string_view::npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(" \t\r\n\f\v") - first + 1));
}

std::int64_t length(std::string_view text) {
  return static_cast<std::int64_t>(character_count(text));
}

std::vector<std::string_view> characters(std::string_view text) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    const std::size_t size = byte_of(text, 1);
    parts.push_back(text.substr(0, size));
    text.remove_prefix(size);
  }
  return parts;
}

Collection strings(const std::vector<std::string_view>& parts) {
  Collection out;
  for (const std::string_view part : parts) out.emplace_back(std::string(part));
  return out;
}

Collection to_chars(Evaluation& evaluation, const Collection& input, const Expression& call) {
  const auto text = text_input(evaluation, input, call);
  if (!text) return {};
  evaluation.spend(text->size());
  return strings(characters(*text));
}

Collection split(Evaluation& evaluation, const Collection& input, const Expression& call) {
  const auto text = text_input(evaluation, input, call);
  const auto separator = evaluation.text_argument(call, 0);
  if (!text || !separator) return {};
  evaluation.spend(text->size());
  if (separator->empty()) return strings(characters(*text));
  std::vector<std::string_view> parts;
  std::size_t begin = 0;
  for (std::size_t at; (at = text->find(*separator, begin)) != std::string_view::npos;
       begin = at + separator->size())
    parts.push_back(text->substr(begin, at - begin));
  parts.push_back(text->substr(begin));
  return strings(parts);
}

Collection join(Evaluation& evaluation, const Collection& input, const Expression& call) {
  if (input.empty()) return {};
  const std::string separator = evaluation.text_argument(call, 0).value_or("");
  std::string out;
  for (const Item& item : input) {
    const auto part = as_text(item);
    if (!part) continue;
    if (&item != &input[0]) out += separator;
    out += *part;
    evaluation.spend((part->size() + separator.size()) / kBytesPerStep);
  }
  return one(std::move(out));
}

Collection replace(Evaluation& evaluation, const Collection& input, const Expression& call) {
  const auto text = text_input(evaluation, input, call);
  const auto pattern = evaluation.text_argument(call, 0), substitution = evaluation.text_argument(call, 1);
  if (!text || !pattern || !substitution) return {};
  std::string out;
  if (pattern->empty()) {
    evaluation.spend(text->size() * (1 + substitution->size()) / kBytesPerStep);
    for (const std::string_view character : characters(*text)) out.append(*substitution).append(character);
    return one(out + *substitution);
  }
  std::size_t begin = 0;
  for (std::size_t at; (at = text->find(*pattern, begin)) != std::string_view::npos;
       begin = at + pattern->size()) {
    out.append(text->substr(begin, at - begin)).append(*substitution);
    evaluation.spend(1 + substitution->size() / kBytesPerStep);
  }
  return one(out.append(text->substr(begin)));
}

// ---- regular expressions: RE2 takes time linear in the text, whatever the pattern ----

std::shared_ptr<const re2::RE2> compiled(const std::string& pattern) {
  static std::shared_mutex mutex;
  static std::unordered_map<std::string, std::shared_ptr<const re2::RE2>> known;
  {
    const std::shared_lock lock(mutex);
    if (const auto found = known.find(pattern); found != known.end()) return found->second;
  }
  re2::RE2::Options options;
  options.set_dot_nl(true);
  options.set_log_errors(false);
  auto expression = std::make_shared<const re2::RE2>(pattern, options);
  if (!expression->ok())
    evaluation_error("\"" + pattern + "\" is no regular expression: " + expression->error());
  const std::unique_lock lock(mutex);
  if (known.size() >= kMostPatterns) known.clear();
  known.emplace(pattern, expression);
  return expression;
}

bool matches(std::string_view text, std::string_view pattern) {
  return re2::RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), *compiled(std::string(pattern)));
}

bool matches_full(std::string_view text, std::string_view pattern) {
  return re2::RE2::FullMatch(re2::StringPiece(text.data(), text.size()), *compiled(std::string(pattern)));
}

// FHIRPath writes groups as $1, RE2 as \1.
std::string rewrite_of(std::string_view substitution) {
  std::string out;
  for (std::size_t i = 0; i < substitution.size(); ++i) {
    const bool group =
        substitution[i] == '$' && i + 1 < substitution.size() && std::isdigit(substitution[i + 1]);
    if (group || substitution[i] == '\\') out += '\\';
    if (!group) out += substitution[i];
  }
  return out;
}

Collection replace_matches(Evaluation& evaluation, const Collection& input, const Expression& call) {
  const auto text = text_input(evaluation, input, call);
  const auto pattern = evaluation.text_argument(call, 0), substitution = evaluation.text_argument(call, 1);
  if (!text || !pattern || !substitution) return {};
  if (pattern->empty()) return one(std::string(*text));
  evaluation.spend(text->size() * (1 + substitution->size() / kBytesPerStep));
  std::string out(*text);
  re2::RE2::GlobalReplace(&out, *compiled(*pattern), rewrite_of(*substitution));
  return one(std::move(out));
}

// ---- encodings ----

void exchange(std::string& text, char from, char to) {
  std::ranges::replace(text, from, to);
}

std::string encode(std::string_view text, std::string_view format) {
  if (format == "hex") return to_hex(text);
  std::string out = to_base64(text);
  if (format == "urlbase64") {
    exchange(out, '+', '-');
    exchange(out, '/', '_');
  } else if (format != "base64") {
    evaluation_error("encode knows hex, base64 and urlbase64, not " + std::string(format));
  }
  return out;
}

std::string decode(std::string_view text, std::string_view format) {
  if (format == "hex") return from_hex(text);
  std::string plain(text);
  if (format == "urlbase64") {
    exchange(plain, '-', '+');
    exchange(plain, '_', '/');
  } else if (format != "base64") {
    evaluation_error("decode knows hex, base64 and urlbase64, not " + std::string(format));
  }
  return from_base64(plain);
}

constexpr std::pair<char, std::string_view> kHtml[] = {
    {'"', "&quot;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'\'', "&#39;"}, {'&', "&amp;"}};

std::string escape(std::string_view text, std::string_view target) {
  std::string out;
  if (target == "json") {
    append_json_string(out, text);
    return out.substr(1, out.size() - 2);
  }
  if (target != "html") evaluation_error("escape knows html and json, not " + std::string(target));
  for (const char c : text) {
    const auto found = std::ranges::find(kHtml, c, &std::pair<char, std::string_view>::first);
    if (found == std::end(kHtml))
      out += c;
    else
      out += found->second;
  }
  return out;
}

std::string unescape(std::string_view text, std::string_view target) {
  if (target == "json") {
    std::string quoted = "\"";
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] == '"' && (i == 0 || text[i - 1] != '\\')) quoted += '\\';
      quoted += text[i];
    }
    return Json::parse(quoted + '"').as_string();
  }
  if (target != "html") evaluation_error("unescape knows html and json, not " + std::string(target));
  std::string out;
  while (!text.empty()) {
    const auto found =
        std::ranges::find_if(kHtml, [&](const auto& entity) { return text.starts_with(entity.second); });
    out += found == std::end(kHtml) ? text.front() : found->first;
    text.remove_prefix(found == std::end(kHtml) ? 1 : found->second.size());
  }
  return out;
}

constexpr Function kFunctions[] = {
    {"indexOf", 1, 1, with_argument<first_place>},
    {"lastIndexOf", 1, 1, with_argument<last_place>},
    {"startsWith", 1, 1, with_argument<starts>},
    {"endsWith", 1, 1, with_argument<ends>},
    {"contains", 1, 1, with_argument<holds>},
    {"matches", 1, 1, with_argument<matches>},
    {"matchesFull", 1, 1, with_argument<matches_full>},
    {"encode", 1, 1, with_argument<encode>},
    {"decode", 1, 1, with_argument<decode>},
    {"escape", 1, 1, with_argument<escape>},
    {"unescape", 1, 1, with_argument<unescape>},
    {"substring", 1, 2, substring},
    {"upper", 0, 0, changed<in_upper_case>},
    {"lower", 0, 0, changed<in_lower_case>},
    {"trim", 0, 0, changed<trim>},
    {"length", 0, 0, changed<length>},
    {"toChars", 0, 0, to_chars},
    {"split", 1, 1, split},
    {"join", 0, 1, join},
    {"replace", 2, 2, replace},
    {"replaceMatches", 2, 2, replace_matches},
};

}  // namespace

std::span<const Function> string_functions() {
  return kFunctions;
}

}  // namespace meridian::record::fhirpath
