#include "doors/http/media_type.h"

#include <algorithm>
#include <charconv>

#include "doors/http/text.h"

namespace meridian::doors::http {
namespace {

std::string unquoted(std::string_view text) {
  if (text.size() < 2 || text.front() != '"' || text.back() != '"') return std::string(text);
  std::string plain;
  for (std::size_t i = 1; i + 1 < text.size(); ++i) {
    if (text[i] == '\\' && i + 2 < text.size()) ++i;
    plain += text[i];
  }
  return plain;
}

}  // namespace

double weight_of(const MediaType& range) {
  const std::string_view text = range.parameter("q");
  if (text.empty()) return 1;
  double weight = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), weight);
  return error == std::errc() && end == text.data() + text.size() ? std::clamp(weight, 0.0, 1.0) : 0;
}

int closeness(std::string_view range, std::string_view type) {
  if (range == type) return 3;
  if (range == "*/*") return 1;
  const bool whole_kind = range.size() > 2 && range.ends_with("/*");
  return whole_kind && type.starts_with(range.substr(0, range.size() - 1)) ? 2 : 0;
}

MediaType MediaType::parse(std::string_view text) {
  MediaType type;
  const std::vector<std::string_view> parts = split_unquoted(text, ';');
  type.name = lower_case(parts.front());
  for (std::size_t i = 1; i < parts.size(); ++i) {
    const auto equals = parts[i].find('=');
    if (equals == std::string_view::npos) continue;
    type.parameters.emplace_back(lower_case(trimmed(parts[i].substr(0, equals))),
                                 unquoted(trimmed(parts[i].substr(equals + 1))));
  }
  return type;
}

std::string_view MediaType::parameter(std::string_view wanted) const {
  for (const auto& [name, value] : parameters)
    if (name == wanted) return value;
  return {};
}

bool MediaType::is_json() const {
  return name == "application/json" || (name.starts_with("application/") && name.ends_with("+json"));
}

double acceptance(std::string_view accept, std::string_view media_type) {
  if (trimmed(accept).empty()) return 1;
  int closest = 0;
  double weight = 0;
  for (const std::string_view part : split_unquoted(accept, ',')) {
    const MediaType range = MediaType::parse(part);
    const int close = closeness(range.name, media_type);
    if (close <= closest) continue;
    closest = close;
    weight = weight_of(range);
  }
  return weight;
}

std::string_view preferred(std::string_view accept, std::span<const std::string_view> offers) {
  std::string_view best;
  double best_weight = 0;
  for (const std::string_view offer : offers) {
    const double weight = acceptance(accept, offer);
    if (weight <= best_weight) continue;
    best = offer;
    best_weight = weight;
  }
  return best;
}

bool accepts_coding(std::string_view accept_encoding, std::string_view coding) {
  for (const std::string_view part : split_unquoted(accept_encoding, ',')) {
    const MediaType range = MediaType::parse(part);
    if (range.name == coding) return weight_of(range) > 0;
  }
  return false;
}

}  // namespace meridian::doors::http
