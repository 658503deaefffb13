#include "doors/http/render_options.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/error.h"
#include "doors/http/dicomweb_accept.h"
#include "doors/http/media_type.h"
#include "doors/http/text.h"

namespace meridian::doors::http {
namespace {

double real(std::string_view text, const char* where) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc() || end != text.data() + text.size())
    throw Error(ErrorCode::invalid_request, "\"" + std::string(text) + "\" is not a number", where);
  return value;
}

// All but the frame and the media type.
archive::RenderOptions drawing_options(const Request& request) {
  archive::RenderOptions options;
  const std::string window = request.parameter("window"), viewport = request.parameter("viewport");
  if (!window.empty()) {
    const auto parts = split_unquoted(window, ',');
    const bool linear = parts.size() == 2 || (parts.size() == 3 && parts[2] == "linear");
    if (!linear) throw Error(ErrorCode::invalid_request, "window is center,width,linear", "window");
    options.center = real(parts[0], "window");
    options.width = real(parts[1], "window");
    if (*options.width < 1) throw Error(ErrorCode::invalid_request, "A window is 1 wide at least", "window");
  }
  if (!viewport.empty()) {
    const auto parts = split_unquoted(viewport, ',');
    if (parts.size() != 2) throw Error(ErrorCode::invalid_request, "viewport is width,height", "viewport");
    options.max_width = static_cast<int>(std::clamp(real(parts[0], "viewport"), 1.0, 100'000.0));
    options.max_height = static_cast<int>(std::clamp(real(parts[1], "viewport"), 1.0, 100'000.0));
  }
  options.quality = static_cast<int>(request.number("quality", options.quality, 1, 100));
  return options;
}

}  // namespace

archive::RenderOptions render_options(const Request& request, int frame) {
  archive::RenderOptions options = drawing_options(request);
  options.frame = frame;
  static constexpr std::array<std::string_view, 2> kOffers{"image/jpeg", "image/png"};
  options.media_type = preferred(request.parameter("accept", request.headers.get("Accept")), kOffers);
  if (options.media_type.empty())
    throw Error(ErrorCode::not_acceptable, "Pictures are given as image/jpeg or image/png", "Accept");
  return options;
}

archive::RenderOptions render_parts_options(const Request& request) {
  static const std::array<Offer, 2> kParts{
      Offer{.media_type = "image/jpeg", .transfer_syntax = {}, .multipart = true},
      Offer{.media_type = "image/png", .transfer_syntax = {}, .multipart = true}};
  archive::RenderOptions options = drawing_options(request);
  options.media_type = choose_offer(request, kParts).media_type;
  return options;
}

}  // namespace meridian::doors::http
