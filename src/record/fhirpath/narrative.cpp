#include "record/fhirpath/narrative.h"

#include <algorithm>
#include <array>
#include <vector>

namespace meridian::record::fhirpath {
namespace {

// FHIR R4 2.4.0: chapters 7 to 11 and 15 of HTML 4.0, links, images and style attributes.
constexpr std::array<std::string_view, 58> kElements{
    "a",     "abbr",     "acronym", "b",      "big",    "blockquote", "br",  "caption", "cite",  "code",
    "col",   "colgroup", "dd",      "del",    "dfn",    "div",        "dl",  "dt",      "em",    "font",
    "h1",    "h2",       "h3",      "h4",     "h5",     "h6",         "hr",  "i",       "img",   "ins",
    "kbd",   "li",       "map",     "area",   "object", "ol",         "p",   "pre",     "q",     "s",
    "samp",  "small",    "span",    "strike", "strong", "sub",        "sup", "table",   "tbody", "td",
    "tfoot", "th",       "thead",   "tr",     "tt",     "u",          "ul",  "var"};

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}
bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == ':' || c == '-' ||
         c == '_' || c == '.';
}

class Checker {
 public:
  explicit Checker(std::string_view text) : text_(text) {}

  std::string run() {
    skip_blanks();
    while (problem_.empty() && at_ < text_.size()) {
      if (text_[at_] == '<')
        markup();
      else
        character();
    }
    if (problem_.empty() && !open_.empty())
      fail("the element " + std::string(open_.back()) + " is not closed");
    if (problem_.empty() && !seen_div_) fail("there is no div");
    if (problem_.empty() && !has_content_) fail("it says nothing");
    return problem_;
  }

 private:
  void fail(std::string what) {
    if (problem_.empty()) problem_ = "The narrative is not allowed: " + std::move(what);
  }

  bool starts_with(std::string_view what) const { return text_.substr(at_).starts_with(what); }

  void skip_blanks() {
    while (at_ < text_.size() && is_blank(text_[at_])) ++at_;
  }

  bool skip_past(std::string_view end) {
    const std::size_t found = text_.find(end, at_);
    at_ = found == std::string_view::npos ? text_.size() : found + end.size();
    return found != std::string_view::npos;
  }

  std::string_view name() {
    const std::size_t begin = at_;
    while (at_ < text_.size() && is_name_character(text_[at_])) ++at_;
    return text_.substr(begin, at_ - begin);
  }

  void character() {
    const char c = text_[at_++];
    if (is_blank(c)) return;
    if (open_.empty()) return fail("there is text outside the div");
    has_content_ = true;
    if (c == '&') entity();
  }

  void entity() {
    const std::size_t end = text_.find(';', at_);
    if (end == std::string_view::npos || end - at_ > 10) return fail("& without an entity");
    at_ = end + 1;
  }

  void markup() {
    if (starts_with("<!--")) {
      if (!skip_past("-->")) fail("a comment does not end");
    } else if (starts_with("<!") || starts_with("<?")) {
      fail("declarations and processing instructions");
    } else if (starts_with("</")) {
      close();
    } else {
      open();
    }
  }

  void close() {
    at_ += 2;
    const std::string_view closed = name();
    skip_blanks();
    if (!starts_with(">") || open_.empty() || open_.back() != closed)
      return fail("the element " + std::string(closed) + " is closed but not open");
    ++at_;
    open_.pop_back();
  }

  void open() {
    ++at_;
    const std::string_view element = name();
    if (open_.empty() && (element != "div" || seen_div_))
      return fail("the outermost element must be one div");
    if (std::ranges::find(kElements, element) == kElements.end())
      return fail("the element " + std::string(element));
    seen_div_ = true;
    if (element == "img") has_content_ = true;
    while (problem_.empty()) {
      skip_blanks();
      if (starts_with("/>")) {
        at_ += 2;
        return;
      }
      if (starts_with(">")) {
        ++at_;
        open_.push_back(element);
        return;
      }
      attribute();
    }
  }

  void attribute() {
    const std::string_view attribute = name();
    skip_blanks();
    if (attribute.empty() || !starts_with("=")) return fail("an attribute is not written as name=\"value\"");
    ++at_;
    skip_blanks();
    if (!starts_with("\"") && !starts_with("'")) return fail("an attribute's value has no quotation marks");
    const char mark = text_[at_++];
    const std::size_t end = text_.find(mark, at_);
    if (end == std::string_view::npos) return fail("an attribute's value does not end");
    const std::string_view value = text_.substr(at_, end - at_);
    at_ = end + 1;
    if (attribute.starts_with("on")) return fail("the event attribute " + std::string(attribute));
    if ((attribute == "href" || attribute == "src") && value.starts_with("javascript:"))
      fail("a link that is a script");
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<std::string_view> open_;
  bool seen_div_ = false;
  bool has_content_ = false;
  std::string problem_;
};

}  // namespace

std::string narrative_problem(std::string_view div) {
  return Checker(div).run();
}

}  // namespace meridian::record::fhirpath
