// Bodies of several parts: multipart/form-data (RFC 7578) and multipart/related (RFC 2387).
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "doors/http/media_type.h"
#include "doors/http/message.h"

namespace meridian::doors::http {

struct Part {
  Headers headers;
  std::string_view bytes;       // within the body
  std::string name, file_name;  // of Content-Disposition
};

// The parts of the body, which must outlive them. Throws invalid_request (no boundary), invalid_syntax (cut
// short, broken headers), too_large (more than 10,000 parts).
std::vector<Part> parse_multipart(std::string_view body, const MediaType& type);

// A multipart/related answer: each part with its headers.
class MultipartWriter {
 public:
  // of: the media type of the parts.
  explicit MultipartWriter(std::string of);
  void add(std::string_view media_type, std::string_view bytes, std::string_view location = {});
  Response finish();
  // Piece by piece: the media type of the answer; what stands before and behind the bytes of a part; the end
  // of the body.
  std::string media_type() const;
  std::string head(std::string_view media_type, std::size_t bytes, std::string_view location = {}) const;
  static constexpr std::string_view kEndOfPart = "\r\n";
  std::string end() const;

 private:
  std::string of_, boundary_, body_;
};

}  // namespace meridian::doors::http
