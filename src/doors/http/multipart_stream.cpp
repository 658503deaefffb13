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
  // Nothing after the last. Small parts go together; the bytes of a large one go as they were made, and what
  // stands between them and the next is put behind them.
  std::string next() {
    if (ended_) return {};
    std::string piece = std::exchange(large_, {});
    if (made_ > 0) piece.append(MultipartWriter::kEndOfPart);
    while (made_ < parts_) {
      MadePart part = make_(made_++);
      piece.append(writer_.head(part.media_type, part.bytes.size(), part.location));
      large_ = std::move(part.bytes);
      if (piece.size() + large_.size() > kPiece) return piece;
      piece.append(std::exchange(large_, {})).append(MultipartWriter::kEndOfPart);
    }
    ended_ = true;
    return piece.append(writer_.end());
  }

 private:
  MultipartWriter writer_;
  const std::size_t parts_;
  const std::function<MadePart(std::size_t)> make_;
  std::size_t made_ = 0;
  std::string large_;  // the bytes of the last that was made, when its head has gone without them
  bool ended_ = false;
};

}  // namespace

Response stream_parts(const std::string& of, std::size_t parts, std::function<MadePart(std::size_t)> make) {
  const auto stream = std::make_shared<PartStream>(of, parts, std::move(make));
  Response response = Response::text(stream->next(), stream->media_type());
  response.more = [stream] { return stream->next(); };
  return response;
}

}  // namespace meridian::doors::http
