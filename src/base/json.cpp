#include "base/json.h"

#include <simdjson.h>

#include <charconv>
#include <cmath>
#include <set>

#include "base/error.h"

namespace meridian {
namespace {

namespace od = simdjson::ondemand;

constexpr std::size_t kFewMembers = 12;  // below this a linear look for repeated names is fastest

[[noreturn]] void syntax_error(std::size_t offset, const std::string& reason) {
  throw Error(ErrorCode::invalid_syntax, "This is not valid JSON: " + reason,
              "byte " + std::to_string(offset));
}

bool is_json_number(std::string_view text) {
  std::size_t i = 0;
  const auto digits = [&] {
    const std::size_t start = i;
    while (i < text.size() && text[i] >= '0' && text[i] <= '9') ++i;
    return i - start;
  };
  if (i < text.size() && text[i] == '-') ++i;
  const bool leading_zero = i < text.size() && text[i] == '0';
  const std::size_t whole = digits();
  if (whole == 0 || (leading_zero && whole > 1)) return false;
  if (i < text.size() && text[i] == '.') {
    ++i;
    if (digits() == 0) return false;
  }
  if (i < text.size() && (text[i] == 'e' || text[i] == 'E')) {
    ++i;
    if (i < text.size() && (text[i] == '+' || text[i] == '-')) ++i;
    if (digits() == 0) return false;
  }
  return i == text.size();
}

std::string_view trimmed(std::string_view token) {
  const auto end = token.find_last_not_of(" \t\r\n");
  return token.substr(0, end == std::string_view::npos ? 0 : end + 1);
}

class Reader {
 public:
  Reader(const simdjson::padded_string& text, const JsonLimits& limits) : text_(text), limits_(limits) {}

  Json read() {
    od::parser parser;
    od::document document;
    try {
      check(parser.allocate(std::max<std::size_t>(text_.size(), 64), limits_.depth + 2));
      check(parser.iterate(text_).get(document));
      document_ = &document;
      Json result = read_document(document);
      const char* rest = nullptr;
      if (!result.is_number() && !document.current_location().get(rest))
        syntax_error(offset(), "something follows the value");
      return result;
    } catch (const simdjson::simdjson_error& error) {
      syntax_error(offset(), error.what());
    }
  }

 private:
  static void check(simdjson::error_code code) {
    if (code) throw simdjson::simdjson_error(code);
  }

  std::size_t offset() const {
    const char* at = nullptr;
    if (!document_ || document_->current_location().get(at) || !at) return 0;
    return static_cast<std::size_t>(at - text_.data());
  }

  Json read_document(od::document& document) {
    const od::json_type type = document.type();
    if (type == od::json_type::object) return read_object(document.get_object().value(), 1);
    if (type == od::json_type::array) return read_array(document.get_array().value(), 1);
    if (type == od::json_type::string) return Json(std::string_view(document.get_string().value()));
    if (type == od::json_type::boolean) return Json(bool(document.get_bool().value()));
    if (type == od::json_type::number) {
      const std::string_view whole = trimmed({text_.data(), text_.size()});
      return number(std::string(whole.substr(whole.find_first_not_of(" \t\r\n"))));
    }
    if (!document.is_null()) syntax_error(offset(), "an unknown literal");
    return Json();
  }

  Json read_value(od::value value, std::size_t depth) {
    const od::json_type type = value.type();
    switch (type) {
      case od::json_type::object:
        return read_object(value.get_object().value(), depth + 1);
      case od::json_type::array:
        return read_array(value.get_array().value(), depth + 1);
      case od::json_type::string:
        return Json(std::string_view(value.get_string().value()));
      case od::json_type::boolean:
        return Json(bool(value.get_bool().value()));
      case od::json_type::number:
        return number(std::string(trimmed(value.raw_json_token())));
      case od::json_type::null:
        break;
    }
    if (!value.is_null()) syntax_error(offset(), "an unknown literal");
    return Json();
  }

  Json number(std::string text) {
    if (!is_json_number(text)) syntax_error(offset(), "\"" + text.substr(0, 40) + "\" is not a number");
    return Json(Json::Number{std::move(text)});
  }

  Json read_object(od::object object, std::size_t depth) {
    check_depth(depth);
    Json::Object members;
    for (auto field : object) {
      const std::string_view name = field.unescaped_key().value();
      if (members.size() < kFewMembers &&
          std::any_of(members.begin(), members.end(), [&](const auto& m) { return m.first == name; }))
        syntax_error(offset(), "the member \"" + std::string(name) + "\" occurs twice");
      members.emplace_back(std::string(name), Json());
      members.back().second = read_value(field.value().value(), depth);
    }
    if (members.size() > kFewMembers) check_names(members);
    return Json(std::move(members));
  }

  void check_names(const Json::Object& members) {
    std::set<std::string_view> names;
    for (const auto& [name, value] : members)
      if (!names.insert(name).second) syntax_error(offset(), "the member \"" + name + "\" occurs twice");
  }

  Json read_array(od::array array, std::size_t depth) {
    check_depth(depth);
    Json::Array items;
    for (auto item : array) items.push_back(read_value(item.value(), depth));
    return Json(std::move(items));
  }

  void check_depth(std::size_t depth) const {
    if (depth > limits_.depth)
      throw Error(ErrorCode::too_large,
                  "The JSON is nested more than " + std::to_string(limits_.depth) + " deep",
                  "byte " + std::to_string(offset()));
  }

  const simdjson::padded_string& text_;
  const JsonLimits& limits_;
  od::document* document_ = nullptr;
};

[[noreturn]] void wrong_kind(const char* expected) {
  throw Error(ErrorCode::invalid_structure, std::string("A JSON ") + expected + " was expected");
}

void write(std::string& out, const Json& value, int indent, int level);

void new_line(std::string& out, int indent, int level) {
  if (indent == 0) return;
  out += '\n';
  out.append(static_cast<std::size_t>(indent * level), ' ');
}

void write_object(std::string& out, const Json::Object& members, int indent, int level) {
  out += '{';
  bool first = true;
  for (const auto& [name, value] : members) {
    if (!first) out += ',';
    first = false;
    new_line(out, indent, level + 1);
    append_json_string(out, name);
    out += indent ? ": " : ":";
    write(out, value, indent, level + 1);
  }
  if (!members.empty()) new_line(out, indent, level);
  out += '}';
}

void write_array(std::string& out, const Json::Array& items, int indent, int level) {
  out += '[';
  bool first = true;
  for (const auto& item : items) {
    if (!first) out += ',';
    first = false;
    new_line(out, indent, level + 1);
    write(out, item, indent, level + 1);
  }
  if (!items.empty()) new_line(out, indent, level);
  out += ']';
}

void write(std::string& out, const Json& value, int indent, int level) {
  if (value.is_null())
    out += "null";
  else if (value.is_bool())
    out += value.as_bool() ? "true" : "false";
  else if (value.is_number())
    out += value.number_text();
  else if (value.is_string())
    append_json_string(out, value.as_string());
  else if (value.is_array())
    write_array(out, value.items(), indent, level);
  else
    write_object(out, value.members(), indent, level);
}

}  // namespace

Json::Json(std::int64_t value) : value_(Number{std::to_string(value)}) {}
Json::Json(std::uint64_t value) : value_(Number{std::to_string(value)}) {}

Json::Json(double value) {
  if (!std::isfinite(value)) throw Error(ErrorCode::invalid_value, "A JSON number must be finite");
  char text[32];
  const auto end = std::to_chars(text, text + sizeof text, value).ptr;
  value_ = Number{std::string(text, end)};
}

Json Json::parse(std::string_view text, const JsonLimits& limits) {
  if (text.size() > limits.bytes)
    throw Error(ErrorCode::too_large, "The JSON has " + std::to_string(text.size()) +
                                          " bytes, more than the limit of " + std::to_string(limits.bytes));
  const simdjson::padded_string padded(text);
  return Reader(padded, limits).read();
}

bool Json::as_bool() const {
  if (const auto* value = std::get_if<bool>(&value_)) return *value;
  wrong_kind("boolean");
}

const std::string& Json::number_text() const {
  if (const auto* value = std::get_if<Number>(&value_)) return value->text;
  wrong_kind("number");
}

double Json::as_double() const {
  const std::string& text = number_text();
  double value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

std::int64_t Json::as_int() const {
  const std::string& text = number_text();
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc() && end == text.data() + text.size()) return value;
  const double real = as_double();
  if (!(std::abs(real) < 9.2e18))
    throw Error(ErrorCode::invalid_value, "The number " + text + " is too large");
  return static_cast<std::int64_t>(real);
}

const std::string& Json::as_string() const {
  if (const auto* value = std::get_if<std::string>(&value_)) return *value;
  wrong_kind("string");
}

const Json::Array& Json::items() const {
  if (const auto* value = std::get_if<Array>(&value_)) return *value;
  wrong_kind("array");
}
Json::Array& Json::items() {
  return const_cast<Array&>(std::as_const(*this).items());
}

const Json::Object& Json::members() const {
  if (const auto* value = std::get_if<Object>(&value_)) return *value;
  wrong_kind("object");
}
Json::Object& Json::members() {
  return const_cast<Object&>(std::as_const(*this).members());
}

const Json* Json::find(std::string_view name) const {
  const auto* object = std::get_if<Object>(&value_);
  if (!object) return nullptr;
  for (const auto& [member, value] : *object)
    if (member == name) return &value;
  return nullptr;
}
Json* Json::find(std::string_view name) {
  return const_cast<Json*>(std::as_const(*this).find(name));
}

Json& Json::operator[](std::string_view name) {
  if (is_null()) value_ = Object();
  if (Json* found = find(name)) return *found;
  return members().emplace_back(std::string(name), Json()).second;
}

const Json& Json::at(std::size_t index) const {
  const Array& array = items();
  if (index >= array.size()) throw Error(ErrorCode::invalid_structure, "The JSON array is too short");
  return array[index];
}

const Json& Json::get(std::string_view dotted_path) const {
  static const Json nothing;
  const Json* here = this;
  while (!dotted_path.empty()) {
    const auto dot = dotted_path.find('.');
    if (here->is_array()) here = here->empty() ? &nothing : &here->at(0);
    here = here->find(dotted_path.substr(0, dot));
    if (!here) return nothing;
    dotted_path = dot == std::string_view::npos ? std::string_view() : dotted_path.substr(dot + 1);
  }
  return *here;
}

std::string Json::text(std::string_view dotted_path, std::string_view otherwise) const {
  const Json& found = get(dotted_path);
  return found.is_string() ? found.as_string() : std::string(otherwise);
}

bool Json::erase(std::string_view name) {
  auto* object = std::get_if<Object>(&value_);
  return object && std::erase_if(*object, [&](const Member& member) { return member.first == name; }) > 0;
}

Json& Json::push_back(Json item) {
  if (is_null()) value_ = Array();
  return items().emplace_back(std::move(item));
}

std::size_t Json::size() const {
  if (const auto* array = std::get_if<Array>(&value_)) return array->size();
  if (const auto* object = std::get_if<Object>(&value_)) return object->size();
  return 0;
}

std::string Json::dump() const {
  std::string out;
  write(out, *this, 0, 0);
  return out;
}

std::string Json::dump_pretty() const {
  std::string out;
  write(out, *this, 2, 0);
  return out;
}

bool operator==(const Json& a, const Json& b) {
  if (a.is_number() && b.is_number()) return a.number_text() == b.number_text();
  if (a.value_.index() != b.value_.index()) return false;
  if (a.is_bool()) return a.as_bool() == b.as_bool();
  if (a.is_string()) return a.as_string() == b.as_string();
  if (a.is_array()) return a.items() == b.items();
  if (a.is_object()) return a.members() == b.members();
  return true;
}

void append_json_string(std::string& out, std::string_view text) {
  static constexpr char kHex[] = "0123456789abcdef";
  out += '"';
  for (const char c : text) {
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          out += "\\u00";
          out += kHex[(c >> 4) & 0xF];
          out += kHex[c & 0xF];
        } else {
          out += c;
        }
    }
  }
  out += '"';
}

}  // namespace meridian
