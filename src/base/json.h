// A JSON value that can be read, changed and written back without altering what it does not touch:
// members keep their order and numbers keep their text (1.10 stays 1.10, as FHIR decimals must).
#pragma once
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace meridian {

struct JsonLimits {
  std::size_t bytes = 64u << 20;
  std::size_t depth = 100;  // nesting of arrays and objects
};

class Json {
 public:
  using Array = std::vector<Json>;
  using Member = std::pair<std::string, Json>;
  using Object = std::vector<Member>;
  struct Number {
    std::string text;  // as JSON writes it
  };

  Json() = default;  // null
  Json(std::nullptr_t) {}
  Json(bool value) : value_(value) {}
  Json(int value) : Json(static_cast<std::int64_t>(value)) {}
  Json(std::int64_t value);
  Json(std::uint64_t value);
  Json(double value);  // shortest text that reads back the same; throws invalid_value for NaN and infinity
  Json(Number value) : value_(std::move(value)) {}
  Json(const char* value) : value_(std::string(value)) {}
  Json(std::string_view value) : value_(std::string(value)) {}
  Json(std::string value) : value_(std::move(value)) {}
  Json(Array value) : value_(std::move(value)) {}
  Json(Object value) : value_(std::move(value)) {}
  static Json array(std::initializer_list<Json> values = {}) { return Json(Array(values)); }
  static Json object(std::initializer_list<Member> members = {}) { return Json(Object(members)); }

  // Throws invalid_syntax with the byte offset, or too_large. The whole text must be one value; members
  // of an object must have different names.
  static Json parse(std::string_view text, const JsonLimits& limits = {});

  bool is_null() const { return std::holds_alternative<std::monostate>(value_); }
  bool is_bool() const { return std::holds_alternative<bool>(value_); }
  bool is_number() const { return std::holds_alternative<Number>(value_); }
  bool is_string() const { return std::holds_alternative<std::string>(value_); }
  bool is_array() const { return std::holds_alternative<Array>(value_); }
  bool is_object() const { return std::holds_alternative<Object>(value_); }

  // These throw invalid_structure when the value is of another kind.
  bool as_bool() const;
  double as_double() const;
  std::int64_t as_int() const;  // also when the number is not whole
  const std::string& number_text() const;
  const std::string& as_string() const;
  const Array& items() const;
  Array& items();
  const Object& members() const;
  Object& members();

  // The member, or nullptr when there is none or this is not an object.
  const Json* find(std::string_view name) const;
  Json* find(std::string_view name);
  // The member, added as null when missing; a null value becomes an object first.
  Json& operator[](std::string_view name);
  // The item; throws invalid_structure outside the array.
  const Json& at(std::size_t index) const;
  // Follows names through objects, and through the first item of arrays: get("name.family").
  // A null value when the way ends.
  const Json& get(std::string_view dotted_path) const;
  // The string at the path, or the default when it is missing or not a string.
  std::string text(std::string_view dotted_path, std::string_view otherwise = {}) const;
  bool contains(std::string_view name) const { return find(name) != nullptr; }
  // True when there was one.
  bool erase(std::string_view name);
  // Appends to an array; a null value becomes an array first.
  Json& push_back(Json item);
  std::size_t size() const;  // items or members, else 0
  bool empty() const { return size() == 0; }

  std::string dump() const;
  std::string dump_pretty() const;  // two spaces

  friend bool operator==(const Json& a, const Json& b);

 private:
  std::variant<std::monostate, bool, Number, std::string, Array, Object> value_;
};

// Appends the JSON string literal of the text, quotes included.
void append_json_string(std::string& out, std::string_view text);

}  // namespace meridian
