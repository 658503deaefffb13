#include "doors/http/compression.h"

#include <zlib.h>

#include "base/error.h"

namespace meridian::doors::http {
namespace {

constexpr std::size_t kLeast = 1400;  // fits into one packet anyway
constexpr std::size_t kMost = 64u << 20;
constexpr int kLevel = 4, kGzipWindow = 15 + 16;

struct Deflater {
  z_stream stream{};
  Deflater() {
    if (deflateInit2(&stream, kLevel, Z_DEFLATED, kGzipWindow, 8, Z_DEFAULT_STRATEGY) != Z_OK)
      throw Error(ErrorCode::internal, "zlib could not be started");
  }
  ~Deflater() { deflateEnd(&stream); }
};

}  // namespace

std::string gzipped(std::string_view bytes) {
  Deflater deflater;
  z_stream& stream = deflater.stream;
  std::string out(deflateBound(&stream, bytes.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));  // zlib does not write there
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  if (deflate(&stream, Z_FINISH) != Z_STREAM_END)
    throw Error(ErrorCode::internal, "zlib could not compress an answer");
  out.resize(stream.total_out);
  return out;
}

bool worth_compressing(std::string_view media_type, std::size_t size) {
  if (size < kLeast || size > kMost) return false;
  const std::string_view name = media_type.substr(0, media_type.find(';'));
  return name.starts_with("text/") || name.ends_with("json") || name.ends_with("javascript") ||
         name.ends_with("+xml") || name.ends_with("/wasm");
}

}  // namespace meridian::doors::http
