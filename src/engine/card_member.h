// A member of a card that knows its place, so that each complaint names it. All that read throw
// invalid_configuration for what is missing or of another kind.
#pragma once
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "engine/card.h"

namespace meridian::engine {

class CardMember {
 public:
  // json: nullptr where there is none, as which JSON's null counts too; it outlives the member. where:
  // "card.inputs".
  CardMember(const Json* json, std::string where) : json_(json), where_(std::move(where)) {}

  bool present() const { return json_ && !json_->is_null(); }
  const Json& json() const;
  CardMember operator[](std::string_view name) const;

  std::string text() const;  // that is not empty
  double number() const;
  double number(double least, double most) const;
  bool truth() const;
  std::vector<CardMember> items(std::size_t at_least = 0) const;
  LocalizedText localized() const;
  std::string matching(const char* pattern) const;  // a text that matches the regular expression
  void only(std::initializer_list<std::string_view> names) const;  // an object without other members

  [[noreturn]] void wrong(const std::string& what) const;

 private:
  const Json* json_;
  std::string where_;
};

}  // namespace meridian::engine
