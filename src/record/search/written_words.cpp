#include "record/search/written_words.h"

#include <libxml/HTMLparser.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <set>

#include "record/definitions/definitions.h"
#include "record/definitions/model.h"
#include "record/values/words.h"

namespace meridian::record {
namespace {

constexpr std::size_t kMostWords = 10'000;
constexpr std::size_t kLongest = 250'000;  // bytes

// Within a word they end none.
constexpr std::array<std::string_view, 18> kInline{"a",    "abbr",   "acronym", "b",   "big", "cite",
                                                   "code", "em",     "font",    "i",   "s",   "small",
                                                   "span", "strike", "strong",  "sub", "sup", "u"};

void append_character(std::string& text, std::uint32_t code) {
  std::array<char, U8_MAX_LENGTH> bytes;
  std::size_t size = 0;
  UBool failed = code > 0x10FFFF;
  if (!failed) U8_APPEND(bytes.data(), size, bytes.size(), code, failed);
  if (!failed) text.append(bytes.data(), size);
}

// Between & and ;
void append_entity(std::string& text, std::string_view name) {
  if (name.starts_with('#')) {
    const bool hexadecimal = name.starts_with("#x");
    name.remove_prefix(hexadecimal ? 2 : 1);
    std::uint32_t code = 0;
    std::from_chars(name.data(), name.data() + name.size(), code, hexadecimal ? 16 : 10);
    append_character(text, code);
  } else if (const htmlEntityDesc* entity =
                 htmlEntityLookup(reinterpret_cast<const xmlChar*>(std::string(name).c_str()))) {
    append_character(text, entity->value);
  }
}

std::string_view element_of_tag(std::string_view tag) {
  if (tag.starts_with('/')) tag.remove_prefix(1);
  return tag.substr(0, tag.find_first_of(" \t\r\n/"));
}

// Of each type its own words, so that a search meets only its type's: two letters before each.
std::string mark_of(std::string_view type) {
  const auto types = resource_types();
  const auto place = std::ranges::lower_bound(types, type) - types.begin();
  return {static_cast<char>('a' + place / 26), static_cast<char>('a' + place % 26)};
}

class Words {
 public:
  explicit Words(std::string mark) : mark_(std::move(mark)) {}
  void add(std::string_view text) {
    cut_words(
        text, [this](std::string_view word) { append(word); },
        [this](std::string_view character) {
          if (characters_.size() < kMostWords) characters_.emplace(character);
        });
  }
  std::string finish() {
    for (const std::string& character : characters_) append(character);
    return std::move(text_);
  }

 private:
  void append(std::string_view word) {
    if (++count_ > kMostWords || text_.size() + mark_.size() + word.size() >= kLongest) return;
    if (!text_.empty()) text_ += ' ';
    text_.append(mark_).append(word);
  }

  const std::string mark_;
  std::string text_;
  std::size_t count_ = 0;
  std::set<std::string, std::less<>> characters_;
};

class Reading {
 public:
  explicit Reading(const std::string& mark) : narrative_(mark), other_(mark) {}
  void read(const Json& value, const TypeDefinition& type) {
    if (value.is_array()) {
      for (const Json& item : value.items()) read(item, type);
    } else if (value.is_object()) {
      const TypeDefinition& own = type.abstract ? named_type(value, type) : type;
      for (const auto& [name, member] : value.members()) read_member(name, member, own);
    } else if (value.is_string() && type.name == "xhtml") {
      narrative_.add(text_of_xhtml(value.as_string()));
    } else if (value.is_string() && (type.name == "string" || type.name == "markdown")) {
      other_.add(value.as_string());
    }
  }
  WrittenWords finish() { return {narrative_.finish(), other_.finish()}; }

 private:
  // A contained resource says itself which type it is.
  static const TypeDefinition& named_type(const Json& value, const TypeDefinition& type) {
    const Json* name = value.find("resourceType");
    const TypeDefinition* named = name && name->is_string() ? find_type(name->as_string()) : nullptr;
    return named ? *named : type;
  }

  void read_member(std::string_view name, const Json& member, const TypeDefinition& type) {
    static const TypeDefinition& element = *find_type("Element");
    if (name.starts_with('_')) return read(member, element);  // what is beside a primitive value
    if (name == "id" || (name == "reference" && type.name == "Reference")) return;
    if (const PropertyDefinition* property = type.property(name)) read(member, *property->type->type);
  }

  Words narrative_, other_;
};

}  // namespace

std::string text_of_xhtml(std::string_view xhtml) {
  std::string text;
  for (std::size_t at = 0; at < xhtml.size();) {
    const char c = xhtml[at];
    if (c == '<') {
      const bool comment = xhtml.substr(at).starts_with("<!--");
      const std::string_view ending = comment ? "-->" : ">";
      const std::size_t end = std::min(xhtml.find(ending, at), xhtml.size());
      const std::string_view element = element_of_tag(xhtml.substr(at + 1, end - at - 1));
      if (!comment && std::ranges::find(kInline, element) == kInline.end()) text += ' ';
      at = end + ending.size();
    } else if (const std::size_t end = xhtml.find(';', at); c == '&' && end != std::string_view::npos) {
      append_entity(text, xhtml.substr(at + 1, end - at - 1));
      at = end + 1;
    } else {
      text += c;
      ++at;
    }
  }
  return text;
}

WrittenWords written_words(const Json& resource) {
  const std::string name = resource.text("resourceType");
  const TypeDefinition* type = find_type(name);
  if (!type) return {};
  Reading reading(mark_of(name));
  reading.read(resource, *type);
  return reading.finish();
}

std::string sought_words(std::string_view type, std::string_view text) {
  const std::string mark = mark_of(type);
  std::string words;
  const auto append = [&](std::string_view word) {
    words.append(words.empty() ? "" : " ").append(mark).append(word);
  };
  cut_words(text, append, [](std::string_view) {});
  return words;
}

}  // namespace meridian::record
