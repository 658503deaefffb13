#include "doors/http/multipart_stream.h"

#include <memory>
#include <utility>

#include "doors/http/multipart.h"

namespace meridian::doors::http {
namespace {

constexpr std::size_t kPiece = std::size_t(1) << 20;  // bytes; smaller parts are sent together

class PartStream {
 public:
  PartStream(const std::string& of, std::size_t parts, std::function<MadePart(std::size_t)> make)
      : writer_(of), parts_(parts), make_(std::move(make)) {}

  std::string media_type() const { return writer_.media_type(); }
  // Nothing after the last.
  std::string next() {
    std::string piece;
    while (made_ < parts_ && piece.size() < kPiece) {
      const MadePart part = make_(made_++);
      piece.append(writer_.head(part.media_type, part.bytes.size(), part.location));
      piece.append(part.bytes).append(MultipartWriter::kEndOfPart);
      if (made_ == parts_) piece.append(writer_.end());
    }
    return piece;
  }

 private:
  MultipartWriter writer_;
  const std::size_t parts_;
  const std::function<MadePart(std::size_t)> make_;
  std::size_t made_ = 0;
};

}  // namespace

Response stream_parts(const std::string& of, std::size_t parts, std::function<MadePart(std::size_t)> make) {
  const auto stream = std::make_shared<PartStream>(of, parts, std::move(make));
  Response response = Response::text(stream->next(), stream->media_type());
  response.more = [stream] { return stream->next(); };
  return response;
}

}  // namespace meridian::doors::http
