#include "doors/http/range.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "doors/http/text.h"

namespace meridian::doors::http {
namespace {

std::optional<std::size_t> number(std::string_view text) {
  std::size_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return {};
  return value;
}

struct ByteRange {
  std::size_t first = 0, last = 0;  // both included; first > last: none
};

// "bytes=0-99", "bytes=100-", "bytes=-50". Nothing when it is not understood.
std::optional<ByteRange> parse_range(std::string_view text, std::size_t size) {
  text = trimmed(text);
  if (!text.starts_with("bytes=") || text.find(',') != std::string_view::npos) return {};
  text.remove_prefix(6);
  const auto dash = text.find('-');
  if (dash == std::string_view::npos) return {};
  const auto from = number(text.substr(0, dash)), to = number(text.substr(dash + 1));
  if (dash == 0) {
    if (!to) return {};
    return *to == 0 || size == 0 ? ByteRange{1, 0} : ByteRange{size - std::min(size, *to), size - 1};
  }
  if (!from || (dash + 1 < text.size() && (!to || *to < *from))) return {};
  if (*from >= size) return ByteRange{1, 0};
  return ByteRange{*from, std::min(to.value_or(size - 1), size - 1)};
}

}  // namespace

Response with_range(const Request& request, Response whole) {
  whole.headers.add("Accept-Ranges", "bytes");
  const std::size_t size = whole.body.size();
  const auto range = parse_range(request.headers.get("Range"), size);
  if (!range) return whole;
  if (range->first > range->last) {
    whole.status = 416;
    whole.body.clear();
    whole.headers.add("Content-Range", "bytes */" + std::to_string(size));
    return whole;
  }
  whole.status = 206;
  whole.headers.add("Content-Range", "bytes " + std::to_string(range->first) + "-" +
                                         std::to_string(range->last) + "/" + std::to_string(size));
  whole.body = whole.body.substr(range->first, range->last - range->first + 1);
  return whole;
}

}  // namespace meridian::doors::http
