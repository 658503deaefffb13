// How the body of a request is coded (RFC 9110, 8.4): as it is, or by gzip.
#pragma once
#include <zlib.h>

#include <string>
#include <string_view>

#include "doors/http/message.h"

namespace meridian::doors::http {

// Codings that are decoded, for the header Accept-Encoding of a 415 (RFC 9110, 15.5.16).
inline constexpr std::string_view kKnownCodings = "gzip";

// Throws unsupported_media_type for another coding, or for several.
void require_known_coding(std::string_view content_encoding);
bool is_gzip(std::string_view content_encoding);

// Unpacks what gzip has packed, as it comes.
class Inflater {
 public:
  Inflater();
  ~Inflater();
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  // False when it does not fit into the body. Throws invalid_syntax for what gzip does not write.
  bool add(std::string_view bytes, Body& out);
  // Throws invalid_syntax when what was added ends too early.
  void finish() const;

 private:
  z_stream stream_{};
  std::string buffer_;
  bool ended_ = false;
};

}  // namespace meridian::doors::http
