#include "doors/http/target.h"

#include "base/error.h"

namespace meridian::doors::http {
namespace {

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string decoded(std::string_view text, bool plus_is_space) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += plus_is_space && text[i] == '+' ? ' ' : text[i];
      continue;
    }
    const int high = i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
    const int low = i + 2 < text.size() ? hex_value(text[i + 2]) : -1;
    if (high < 0 || low < 0)
      throw Error(ErrorCode::invalid_request,
                  "The address has a \"%\" that is not followed by two hexadecimal digits");
    out += static_cast<char>(high << 4 | low);
    i += 2;
  }
  if (out.find('\0') != std::string::npos) throw Error(ErrorCode::invalid_request, "The address holds a NUL");
  return out;
}

std::vector<std::string> segments_of(std::string_view path) {
  std::vector<std::string> segments;
  while (!path.empty()) {
    const auto slash = path.find('/');
    const std::string_view part = path.substr(0, slash);
    path.remove_prefix(slash == std::string_view::npos ? path.size() : slash + 1);
    if (part.empty()) continue;
    std::string segment = decoded(part, false);
    if (segment == "." || segment == "..")
      throw Error(ErrorCode::invalid_request, "The address has a \"" + segment + "\" in its path");
    segments.push_back(std::move(segment));
  }
  return segments;
}

}  // namespace

Parameters parse_form(std::string_view text) {
  Parameters parameters;
  while (!text.empty()) {
    const auto ampersand = text.find('&');
    const std::string_view part = text.substr(0, ampersand);
    text.remove_prefix(ampersand == std::string_view::npos ? text.size() : ampersand + 1);
    if (part.empty()) continue;
    const auto equals = part.find('=');
    std::string name = decoded(part.substr(0, equals), true);
    parameters.emplace_back(std::move(name), equals == std::string_view::npos
                                                 ? std::string()
                                                 : decoded(part.substr(equals + 1), true));
  }
  return parameters;
}

Target parse_target(std::string_view target) {
  if (!target.starts_with('/')) throw Error(ErrorCode::invalid_request, "The address must begin with \"/\"");
  target = target.substr(0, target.find('#'));
  const auto question = target.find('?');
  Target result;
  result.segments = segments_of(target.substr(0, question));
  if (question != std::string_view::npos) result.query = parse_form(target.substr(question + 1));
  return result;
}

std::string percent_encoded(std::string_view text) {
  static constexpr char kDigits[] = "0123456789ABCDEF";
  std::string out;
  for (const unsigned char c : text) {
    const bool unreserved = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                            c == '-' || c == '.' || c == '_' || c == '~';
    if (unreserved) {
      out += static_cast<char>(c);
    } else {
      out += '%';
      out += kDigits[c >> 4];
      out += kDigits[c & 0xF];
    }
  }
  return out;
}

}  // namespace meridian::doors::http
