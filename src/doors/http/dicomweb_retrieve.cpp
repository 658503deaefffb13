#include "doors/http/dicomweb_retrieve.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "archive/metadata_list.h"
#include "archive/transcode.h"
#include "archive/transfer_syntax.h"
#include "base/error.h"
#include "doors/http/compressed_pixels.h"
#include "doors/http/dicomweb_accept.h"
#include "doors/http/multipart.h"
#include "doors/http/multipart_stream.h"
#include "doors/http/range.h"
#include "doors/http/render_options.h"
#include "doors/http/text.h"

namespace meridian::doors::http {
namespace {

using archive::InstanceFacts;

constexpr const char* kDicom = "application/dicom";
constexpr const char* kBytes = "application/octet-stream";
constexpr int kThumbnailSide = 128;           // pixels
constexpr std::int64_t kMostPictures = 1000;  // in one answer
constexpr std::size_t kMostFrames = 5000;     // likewise

std::string explicit_little_endian() {
  return std::string(archive::kExplicitLittleEndian);
}

// The file in explicit VR little endian, or as stored where no decoder knows its transfer syntax.
std::string decoded_file(const Services& services, const InstanceFacts& facts) {
  std::string file = services.archive.bytes(facts.key.instance);
  if (facts.transfer_syntax == archive::kExplicitLittleEndian) return file;
  try {
    return archive::to_native(file, archive::kExplicitLittleEndian);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::not_supported) throw;
    return file;
  }
}

std::string file_of(const Services& services, const InstanceFacts& facts, bool as_stored) {
  return as_stored ? services.archive.bytes(facts.key.instance) : decoded_file(services, facts);
}

// What instances are offered as: decoded, and as stored when all have one transfer syntax.
std::vector<Offer> offers_of(const Instances& found, bool single) {
  const std::string& stored = found.front().transfer_syntax;
  const bool alike =
      std::ranges::all_of(found, [&](const InstanceFacts& facts) { return facts.transfer_syntax == stored; });
  std::vector<Offer> offers;
  for (const bool multipart : {true, false}) {
    if (!multipart && !single) continue;
    offers.push_back({kDicom, explicit_little_endian(), multipart, true});
    if (alike && stored != archive::kExplicitLittleEndian)
      offers.push_back({kDicom, stored, multipart, false});
  }
  return offers;
}

bool asks_for_any_syntax(const Request& request) {
  const std::string accept = request.parameter("accept", request.headers.get("Accept"));
  return accept.find("transfer-syntax=*") != std::string::npos ||
         accept.find("transfer-syntax=\"*\"") != std::string::npos;
}

// Frames decoded, or as they are stored: by their own media type, or as bytes of their transfer syntax. A
// video, which no decoder here knows, as it is stored.
std::vector<Offer> frame_offers(const archive::TransferSyntax& syntax, bool single) {
  std::vector<Offer> offers;
  for (const bool multipart : {true, false}) {
    if (!multipart && !single) continue;
    if (!syntax.is_video()) offers.push_back({kBytes, explicit_little_endian(), multipart, true});
    if (!syntax.encapsulated) continue;
    offers.push_back({std::string(syntax.media_type), std::string(syntax.uid), multipart, true});
    offers.push_back({kBytes, std::string(syntax.uid), multipart, syntax.is_video()});
  }
  return offers;
}

const archive::TransferSyntax& syntax_of(const InstanceFacts& facts) {
  const archive::TransferSyntax* syntax = archive::find_transfer_syntax(facts.transfer_syntax);
  if (!syntax)
    throw Error(ErrorCode::corrupted, "The index names an unknown transfer syntax", facts.key.instance);
  return *syntax;
}

// Of which pictures can be made.
bool is_image(const InstanceFacts& facts) {
  return facts.rows > 0 && facts.columns > 0 && !syntax_of(facts).is_video();
}

std::vector<int> frame_numbers(const std::string& list, const InstanceFacts& facts) {
  if (std::size_t(std::ranges::count(list, ',')) >= kMostFrames)
    throw Error(ErrorCode::too_large, "More than 5,000 frames in one answer", "frames",
                "Ask for some of them at a time");
  std::vector<int> numbers;
  for (const std::string_view text : split_unquoted(list, ',')) {
    numbers.push_back(frame_number(text));
    if (numbers.back() > facts.frames)
      throw Error(ErrorCode::not_found, "The instance has no such frame", std::string(text));
    if (numbers.back() > 1 && syntax_of(facts).is_video())
      throw Error(ErrorCode::not_acceptable, "The frames of a video are one stream", std::string(text),
                  "Ask for frame 1, which is all of it, or for its bulk data");
  }
  return numbers;
}

std::string frame_address(const InstanceFacts& facts, int number) {
  return address_of(facts) + "/frames/" + std::to_string(number);
}

std::int64_t pictures_of(const Instances& found) {
  std::int64_t count = 0;
  for (const InstanceFacts& facts : found) count += is_image(facts) ? facts.frames : 0;
  return count;
}

void require_few_pictures(std::int64_t count) {
  if (count > kMostPictures)
    throw Error(ErrorCode::too_large, "More than 1,000 pictures in one answer", "frames",
                "Ask for a series or an instance, or for some frames at a time");
}

struct Picture {
  InstanceFacts of;
  int frame;
};

// presentation_state: that is applied to them, or none.
Response rendered_parts(const Services& services, const Request& request, std::vector<Picture> pictures,
                        const std::string& presentation_state = {}) {
  archive::RenderOptions options = render_parts_options(request);
  options.presentation_state = presentation_state;
  require_few_pictures(std::ssize(pictures));
  const std::size_t count = pictures.size();
  return stream_parts(
      options.media_type, count,
      [&archive = services.archive, options, pictures = std::move(pictures)](std::size_t i) mutable {
        options.frame = pictures[i].frame;
        return MadePart{options.media_type, archive.render(pictures[i].of.key.instance, options),
                        frame_address(pictures[i].of, options.frame) + "/rendered"};
      });
}

// A video is its own rendering (PS3.18, 8.7.4), where its media type is accepted.
Response rendered_video(const Services& services, const Request& request, const InstanceFacts& facts) {
  const std::string type(syntax_of(facts).media_type);
  const std::array<Offer, 1> offers{Offer{type, {}, false, true}};
  choose_offer(request, offers);
  return with_range(request,
                    Response::text(services.archive.frame(facts.key.instance, 1, false).bytes, type));
}

// Whether pictures are rather wanted as parts than one of them alone.
bool accepts_parts(const Request& request) {
  std::vector<Offer> offers;
  offers.reserve(2 * archive::kPictureTypes.size());
  for (const bool multipart : {false, true})
    for (const std::string_view type : archive::kPictureTypes)
      offers.push_back({std::string(type), {}, multipart, true});
  return choose_offer(request, offers).multipart;
}

// Of a state those images of its study that are here: it may be kept apart from them.
std::vector<Picture> presented_pictures(const Services& services, const InstanceFacts& state) {
  std::vector<Picture> pictures;
  for (const archive::ShownImage& shown : services.archive.shown_by(state.key.instance)) {
    const auto facts = services.archive.find(shown.instance);
    if (!facts || facts->key.study != state.key.study || !is_image(*facts)) continue;
    std::vector<int> frames = shown.frames;
    for (int frame = 1; shown.frames.empty() && frame <= facts->frames; ++frame) frames.push_back(frame);
    for (const int frame : frames) pictures.push_back({*facts, frame});
    require_few_pictures(std::ssize(pictures));
  }
  if (pictures.empty())
    throw Error(ErrorCode::not_found, "None of the images that the presentation state refers to is here",
                state.key.instance);
  return pictures;
}

// A presentation state is rendered as the images that it refers to, shown as it says.
Response rendered_as_presented(const Services& services, const Request& request, const InstanceFacts& state) {
  std::vector<Picture> pictures = presented_pictures(services, state);
  if (accepts_parts(request)) return rendered_parts(services, request, pictures, state.key.instance);
  archive::RenderOptions options = render_options(request, pictures.front().frame);
  options.presentation_state = state.key.instance;
  return Response::text(services.archive.render(pictures.front().of.key.instance, options),
                        options.media_type);
}

}  // namespace

std::string address_of(const InstanceFacts& facts) {
  return "/dicomweb/studies/" + facts.key.study + "/series/" + facts.key.series + "/instances/" +
         facts.key.instance;
}

int frame_number(std::string_view text) {
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < 1)
    throw Error(ErrorCode::invalid_request, "Frames are counted from 1", "frames");
  return number;
}

Response retrieve_instances(const Services& services, const Request& request, const Instances& found,
                            bool single) {
  const std::vector<Offer> offers = offers_of(found, single);
  const Offer& chosen = choose_offer(request, offers);
  const bool as_stored =
      asks_for_any_syntax(request) || chosen.transfer_syntax != archive::kExplicitLittleEndian;
  if (!chosen.multipart) return Response::text(file_of(services, found.front(), as_stored), kDicom);
  if (found.size() == 1) {
    MultipartWriter writer(kDicom);
    writer.add(kDicom, file_of(services, found.front(), as_stored), address_of(found.front()));
    return writer.finish();
  }
  return stream_parts(kDicom, found.size(), [services, found, as_stored](std::size_t i) {
    return MadePart{kDicom, file_of(services, found[i], as_stored), address_of(found[i])};
  });
}

Response retrieve_metadata(const Services& services, const Request& request, const Instances& found) {
  const DatasetFormat format(request);
  const auto base = [](const InstanceFacts& facts) { return address_of(facts) + "/bulkdata"; };
  if (found.size() > 1)
    return format.respond_text(archive::metadata_list(services.database, services.archive, found, base));
  return format.respond(
      Json::array({services.archive.metadata(found.front().key.instance, base(found.front()))}));
}

Response retrieve_frames(const Services& services, const Request& request, const InstanceFacts& facts,
                         const std::string& list) {
  const std::vector<int> numbers = frame_numbers(list, facts);
  const std::vector<Offer> offers = frame_offers(syntax_of(facts), numbers.size() == 1);
  Offer chosen = choose_offer(request, offers);
  if (asks_for_any_syntax(request) && syntax_of(facts).encapsulated)
    chosen.transfer_syntax = facts.transfer_syntax;
  const bool decoded = chosen.transfer_syntax == archive::kExplicitLittleEndian;
  const auto frame = [&archive = services.archive, facts, decoded](int number) {
    return archive.frame(facts.key.instance, number, decoded);
  };
  if (!chosen.multipart) return Response::text(frame(numbers.front()).bytes, chosen.media_type);
  return stream_parts(chosen.media_type, numbers.size(), [frame, facts, numbers](std::size_t i) {
    archive::Frame made = frame(numbers[i]);
    return MadePart{made.media_type + "; transfer-syntax=" + made.transfer_syntax, std::move(made.bytes),
                    frame_address(facts, numbers[i])};
  });
}

Response retrieve_bulk_data(const Services& services, const Request& request, const InstanceFacts& facts,
                            const std::string& path) {
  if (is_compressed_pixels(facts, path)) return retrieve_compressed_pixels(services, request, facts, path);
  static const std::array<Offer, 2> kOffers{Offer{kBytes, {}, false, true}, Offer{kBytes, {}, true, true}};
  const Offer& chosen = choose_offer(request, kOffers);
  std::string bytes = services.archive.bulk_data(facts.key.instance, path);
  if (!chosen.multipart) return with_range(request, Response::text(std::move(bytes), kBytes));
  MultipartWriter writer(kBytes);
  writer.add(kBytes, bytes, address_of(facts) + "/bulkdata/" + path);
  return writer.finish();
}

Response retrieve_rendered(const Services& services, const Request& request, const InstanceFacts& facts,
                           const std::string& list) {
  if (list.empty() && syntax_of(facts).is_video()) return rendered_video(services, request, facts);
  if (list.empty() && archive::is_presentation_state(facts.sop_class))
    return rendered_as_presented(services, request, facts);
  if (list.empty() && accepts_parts(request)) return retrieve_all_rendered(services, request, {facts});
  const std::vector<int> numbers = list.empty() ? std::vector{1} : frame_numbers(list, facts);
  if (numbers.size() > 1) {
    std::vector<Picture> pictures;
    for (const int number : numbers) pictures.push_back({facts, number});
    return rendered_parts(services, request, std::move(pictures));
  }
  const archive::RenderOptions options = render_options(request, numbers.front());
  return Response::text(services.archive.render(facts.key.instance, options), options.media_type);
}

Response retrieve_all_rendered(const Services& services, const Request& request, const Instances& found) {
  const std::int64_t count = pictures_of(found);
  if (count == 0)
    throw Error(ErrorCode::not_acceptable, "None of these is an image", found.front().key.study);
  require_few_pictures(count);
  std::vector<Picture> pictures;
  for (const InstanceFacts& facts : found)
    for (int frame = 1; is_image(facts) && frame <= facts.frames; ++frame) pictures.push_back({facts, frame});
  return rendered_parts(services, request, std::move(pictures));
}

Response retrieve_thumbnail(const Services& services, const Request& request, const Instances& found,
                            int frame) {
  const auto image = std::ranges::find_if(found, is_image);
  if (image == found.end())
    throw Error(ErrorCode::not_acceptable, "None of these is an image", found.front().key.study);
  archive::RenderOptions options = render_options(request, frame);
  if (options.max_width == 0 && options.max_height == 0)
    options.max_width = options.max_height = kThumbnailSide;
  return Response::text(services.archive.render(image->key.instance, options), options.media_type);
}

}  // namespace meridian::doors::http
