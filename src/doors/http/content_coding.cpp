#include "doors/http/content_coding.h"

#include "base/error.h"
#include "doors/http/text.h"

namespace meridian::doors::http {
namespace {

constexpr const char* kHeader = "Content-Encoding";
constexpr int kGzipWindow = 15 + 16;

[[noreturn]] void refuse_broken() {
  throw Error(ErrorCode::invalid_syntax, "The body is not what gzip writes", kHeader);
}

}  // namespace

bool is_gzip(std::string_view content_encoding) {
  const std::string_view coding = trimmed(content_encoding);
  return equal_ignoring_case(coding, "gzip") || equal_ignoring_case(coding, "x-gzip");
}

void require_known_coding(std::string_view content_encoding) {
  const std::string_view coding = trimmed(content_encoding);
  if (coding.empty() || is_gzip(coding) || equal_ignoring_case(coding, "identity")) return;
  throw Error(ErrorCode::unsupported_media_type,
              "The coding \"" + std::string(coding.substr(0, 80)) + "\" of the body is not read", kHeader,
              "Send it as it is, or with gzip");
}

Inflater::Inflater() : buffer_(64 * 1024, '\0') {
  if (inflateInit2(&stream_, kGzipWindow) != Z_OK)
    throw Error(ErrorCode::internal, "zlib could not be started");
}

Inflater::~Inflater() {
  inflateEnd(&stream_);
}

bool Inflater::add(std::string_view bytes, Body& out) {
  stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));  // zlib does not write there
  stream_.avail_in = static_cast<uInt>(bytes.size());
  do {
    if (ended_) inflateReset(&stream_);  // several may stand one after the other (RFC 1952, 2.2)
    stream_.next_out = reinterpret_cast<Bytef*>(buffer_.data());
    stream_.avail_out = static_cast<uInt>(buffer_.size());
    const int result = inflate(&stream_, Z_NO_FLUSH);
    if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR) refuse_broken();
    ended_ = result == Z_STREAM_END;
    if (!out.append(std::string_view(buffer_).substr(0, buffer_.size() - stream_.avail_out))) return false;
  } while (stream_.avail_in > 0 || (!ended_ && stream_.avail_out == 0));
  return true;
}

void Inflater::finish() const {
  if (!ended_) refuse_broken();
}

}  // namespace meridian::doors::http
