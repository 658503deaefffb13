#include "record/query/query_string.h"

#include "base/encoding.h"
#include "base/error.h"

namespace meridian::record {
namespace {

// What stands for itself in a query (RFC 3986, 3.4), less + & = # and %.
bool is_plain(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
         std::string_view("-._~:/?,|$").find(c) != std::string_view::npos;
}

}  // namespace

std::string decode_percent(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+') {
      decoded += ' ';
    } else if (text[i] != '%') {
      decoded += text[i];
    } else {
      if (i + 2 >= text.size())
        throw Error(ErrorCode::invalid_request, "A percent escape is cut short",
                    std::string(text.substr(0, 80)));
      decoded += from_hex(text.substr(i + 1, 2));
      i += 2;
    }
  }
  return decoded;
}

std::string encode_percent(std::string_view text) {
  std::string encoded;
  for (const char c : text)
    if (is_plain(c))
      encoded += c;
    else
      encoded.append("%").append(to_hex({&c, 1}));
  return encoded;
}

Parameters parse_query(std::string_view query) {
  Parameters parameters;
  if (query.starts_with('?')) query.remove_prefix(1);
  while (!query.empty()) {
    const std::string_view part = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), part.size() + 1));
    if (part.empty()) continue;
    const auto equals = part.find('=');
    const std::string_view value =
        equals == std::string_view::npos ? std::string_view() : part.substr(equals + 1);
    parameters.emplace_back(decode_percent(part.substr(0, equals)), decode_percent(value));
    if (parameters.back().first.find('\0') != std::string::npos ||
        parameters.back().second.find('\0') != std::string::npos)
      throw Error(ErrorCode::invalid_request, "A character 0 stands in the query",
                  std::string(part.substr(0, 80)));
  }
  return parameters;
}

std::string format_query(const Parameters& parameters) {
  std::string query;
  for (const auto& [name, value] : parameters) {
    if (!query.empty()) query += '&';
    query.append(encode_percent(name)).append("=").append(encode_percent(value));
  }
  return query;
}

}  // namespace meridian::record
