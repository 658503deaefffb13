#include "engine/card_member.h"

#include <fmt/format.h>

#include <algorithm>
#include <regex>

#include "base/error.h"

namespace meridian::engine {

const Json& CardMember::json() const {
  if (!present()) wrong("This member is missing");
  return *json_;
}

CardMember CardMember::operator[](std::string_view name) const {
  return {json_ && json_->is_object() ? json_->find(name) : nullptr, fmt::format("{}.{}", where_, name)};
}

std::string CardMember::text() const {
  if (!json().is_string() || json_->as_string().empty()) wrong("This must be a text that is not empty");
  return json_->as_string();
}

double CardMember::number() const {
  if (!json().is_number()) wrong("This must be a number");
  return json_->as_double();
}

double CardMember::number(double least, double most) const {
  const double value = number();
  if (!(value >= least && value <= most))
    wrong(fmt::format("This must be a number from {} to {}", least, most));
  return value;
}

bool CardMember::truth() const {
  if (!json().is_bool()) wrong("This must be true or false");
  return json_->as_bool();
}

std::vector<CardMember> CardMember::items(std::size_t at_least) const {
  if (!json().is_array() || json_->size() < at_least)
    wrong(fmt::format("This must be an array of at least {}", at_least));
  std::vector<CardMember> items;
  for (std::size_t i = 0; i < json_->size(); ++i)
    items.emplace_back(&json_->at(i), fmt::format("{}[{}]", where_, i));
  return items;
}

LocalizedText CardMember::localized() const {
  return {(*this)["en"].text(), (*this)["zh"].text()};
}

std::string CardMember::matching(const char* pattern) const {
  std::string value = text();
  if (!std::regex_match(value, std::regex(pattern)))
    wrong(fmt::format("\"{}\" does not match {}", value, pattern));
  return value;
}

void CardMember::only(std::initializer_list<std::string_view> names) const {
  if (!json().is_object()) wrong("This must be an object");
  for (const auto& [name, value] : json_->members())
    if (std::ranges::find(names, name) == names.end()) (*this)[name].wrong("A card has no such member");
}

void CardMember::wrong(const std::string& what) const {
  throw Error(ErrorCode::invalid_configuration, what, where_,
              "Correct the card as docs/card.schema.json and decision 0007 say");
}

}  // namespace meridian::engine
