#include "doors/http/compressed_pixels.h"

#include <memory>
#include <utility>
#include <vector>

#include "archive/transfer_syntax.h"
#include "base/error.h"
#include "doors/http/dicomweb_accept.h"
#include "doors/http/dicomweb_retrieve.h"
#include "doors/http/multipart.h"
#include "doors/http/multipart_stream.h"
#include "doors/http/range.h"

namespace meridian::doors::http {
namespace {

using archive::InstanceFacts;

constexpr const char* kBytes = "application/octet-stream";
constexpr const char* kPixelData = "7FE00010";

// Videos are given as they are stored: no decoder here knows them.
std::vector<Offer> offers_of(const archive::TransferSyntax& syntax, int frames) {
  const std::string decoded(archive::kExplicitLittleEndian), type(syntax.media_type), stored(syntax.uid);
  const bool video = syntax.is_video(), single = video || frames == 1;
  std::vector<Offer> offers;
  if (!video) offers.push_back({kBytes, decoded, false, true});
  if (single) offers.push_back({type, stored, false, true});
  if (!video) offers.push_back({kBytes, decoded, true, true});
  offers.push_back({type, stored, true, true});
  if (single) offers.push_back({kBytes, stored, false, video});
  offers.push_back({kBytes, stored, true, video});
  return offers;
}

// The frames decoded, one behind the other as they are sent.
class DecodedFrames {
 public:
  DecodedFrames(const archive::Archive& archive, const InstanceFacts& facts)
      : image_(archive.image(facts.key.instance)), first_(image_.decoded_frame(1).samples) {}

  std::size_t size() const { return first_.size() * static_cast<std::size_t>(image_.format().frames); }
  std::string next() {
    if (sent_ == image_.format().frames) return {};
    std::string samples = sent_++ ? image_.decoded_frame(sent_).samples : std::move(first_);
    if (sent_ > 1 && samples.size() != frame_size_)
      throw Error(ErrorCode::corrupted, "The frames of an image are not of one size");
    frame_size_ = samples.size();
    return samples;
  }

 private:
  archive::StoredImage image_;
  std::string first_;
  std::size_t frame_size_ = 0;
  int sent_ = 0;
};

Response decoded(const Services& services, const InstanceFacts& facts, const std::string& path,
                 bool multipart) {
  const auto frames = std::make_shared<DecodedFrames>(services.archive, facts);
  if (!multipart) {
    Response response = Response::text(frames->next(), kBytes);
    response.more = [frames] { return frames->next(); };
    return response;
  }
  const MultipartWriter writer(kBytes);
  Response response = Response::text(
      writer.head(kBytes, frames->size(), address_of(facts) + "/bulkdata/" + path), writer.media_type());
  response.more = [frames, end = std::string(MultipartWriter::kEndOfPart) + writer.end()]() mutable {
    std::string piece = frames->next();
    return piece.empty() ? std::exchange(end, {}) : piece;
  };
  return response;
}

}  // namespace

bool is_compressed_pixels(const InstanceFacts& facts, const std::string& path) {
  const archive::TransferSyntax* syntax = archive::find_transfer_syntax(facts.transfer_syntax);
  return path == kPixelData && syntax && syntax->encapsulated;
}

Response retrieve_compressed_pixels(const Services& services, const Request& request,
                                    const InstanceFacts& facts, const std::string& path) {
  const archive::TransferSyntax& syntax = *archive::find_transfer_syntax(facts.transfer_syntax);
  const Offer chosen = choose_offer(request, offers_of(syntax, facts.frames));
  if (chosen.transfer_syntax == archive::kExplicitLittleEndian)
    return decoded(services, facts, path, chosen.multipart);
  const auto stored =
      std::make_shared<const archive::StoredImage>(services.archive.image(facts.key.instance));
  if (!chosen.multipart)
    return with_range(request, Response::text(stored->stored_frame(1), chosen.media_type));
  const std::string type = chosen.media_type + "; transfer-syntax=" + chosen.transfer_syntax,
                    address = address_of(facts) + "/bulkdata/" + path;
  return stream_parts(chosen.media_type, static_cast<std::size_t>(stored->stored_frames()),
                      [stored, type, address](std::size_t i) {
                        return MadePart{type, stored->stored_frame(static_cast<int>(i) + 1), address};
                      });
}

}  // namespace meridian::doors::http
