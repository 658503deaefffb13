#include "doors/http/render_options.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "base/error.h"
#include "doors/http/dicomweb_accept.h"
#include "doors/http/media_type.h"
#include "doors/http/text.h"

namespace meridian::doors::http {
namespace {

using Function = archive::WindowFunction;
constexpr std::array<std::pair<std::string_view, Function>, 3> kFunctions{
    {{"linear", Function::linear}, {"linear-exact", Function::linear_exact}, {"sigmoid", Function::sigmoid}}};
constexpr double kLargestSide = 100'000;

double real(std::string_view text, const char* where) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc() || end != text.data() + text.size() || !std::isfinite(value))
    throw Error(ErrorCode::invalid_request, "\"" + std::string(text) + "\" is not a number", where);
  return value;
}

// An empty part of a viewport is the picture's own.
double real_or(std::string_view text, double otherwise) {
  return text.empty() ? otherwise : real(text, "viewport");
}

void read_window(std::string_view text, archive::RenderOptions& options) {
  const auto parts = split_unquoted(text, ',');
  const std::string function = parts.size() == 3 ? lower_case(parts[2]) : "linear";
  const auto known = std::ranges::find(kFunctions, function, &std::pair<std::string_view, Function>::first);
  if (parts.size() < 2 || parts.size() > 3 || known == kFunctions.end())
    throw Error(ErrorCode::invalid_request, "window is center,width,function", "window",
                "The function is linear, linear-exact or sigmoid");
  options.center = real(parts[0], "window");
  options.width = real(parts[1], "window");
  options.function = known->second;
  if (*options.width < (options.function == Function::linear ? 1 : std::numeric_limits<double>::min()))
    throw Error(ErrorCode::invalid_request, "A window has a width, a linear one of 1 at least", "window");
}

// width,height of the viewport, and left,top,width,height of what is shown in it: negative ones turn it over.
void read_viewport(std::string_view text, archive::RenderOptions& options) {
  const auto parts = split_unquoted(text, ',');
  if (parts.size() != 2 && parts.size() != 6)
    throw Error(ErrorCode::invalid_request,
                "viewport is width,height or width,height,left,top,region's width,region's height",
                "viewport");
  options.max_width = static_cast<int>(std::clamp(real(parts[0], "viewport"), 1.0, kLargestSide));
  options.max_height = static_cast<int>(std::clamp(real(parts[1], "viewport"), 1.0, kLargestSide));
  if (parts.size() == 2) return;
  const double left = real_or(parts[2], 0), top = real_or(parts[3], 0),
               width = real_or(parts[4], kLargestSide), height = real_or(parts[5], kLargestSide);
  options.region = {left, top, std::abs(width), std::abs(height), width < 0, height < 0};
}

void read_annotation(std::string_view text, archive::RenderOptions& options) {
  for (const std::string_view part : split_unquoted(text, ',')) {
    if (part != "patient" && part != "technique")
      throw Error(ErrorCode::invalid_request, "There is no annotation \"" + std::string(part) + "\"",
                  "annotation", "patient, technique or both with a comma between");
    (part == "patient" ? options.show_patient : options.show_technique) = true;
  }
}

// All but the frame and the media type.
archive::RenderOptions drawing_options(const Request& request) {
  archive::RenderOptions options;
  if (const std::string window = request.parameter("window"); !window.empty()) read_window(window, options);
  if (const std::string viewport = request.parameter("viewport"); !viewport.empty())
    read_viewport(viewport, options);
  if (const std::string shown = request.parameter("annotation"); !shown.empty())
    read_annotation(shown, options);
  options.quality = static_cast<int>(request.number("quality", options.quality, 1, 100));
  return options;
}

}  // namespace

archive::RenderOptions render_options(const Request& request, int frame) {
  archive::RenderOptions options = drawing_options(request);
  options.frame = frame;
  options.media_type =
      preferred(request.parameter("accept", request.headers.get("Accept")), archive::kPictureTypes);
  if (options.media_type.empty())
    throw Error(ErrorCode::not_acceptable, "Pictures are given as image/jpeg, image/png or image/gif",
                "Accept");
  return options;
}

archive::RenderOptions render_parts_options(const Request& request) {
  std::vector<Offer> parts;
  parts.reserve(archive::kPictureTypes.size());
  for (const std::string_view type : archive::kPictureTypes) parts.push_back({std::string(type), {}, true});
  archive::RenderOptions options = drawing_options(request);
  options.media_type = choose_offer(request, parts).media_type;
  return options;
}

}  // namespace meridian::doors::http
