// Whole slides for the console's viewer, which asks for squares as it goes.
#include <charconv>

#include "base/error.h"
#include "doors/http/routes.h"

namespace meridian::doors::http {
namespace {

// Of a level, a column or a row.
std::int64_t place(const std::string& text) {
  constexpr std::int64_t kMost = 100'000'000;
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < 0 || number > kMost)
    throw Error(ErrorCode::invalid_request, "Levels, columns and rows are counted from 0",
                text.substr(0, 40));
  return number;
}

Response tile(const care::Slides& slides, const Request& request) {
  const std::vector<std::string>& path = request.captured;
  archive::SlideTile tile =
      slides.tile(request.principal(), path[0], path[1], static_cast<std::size_t>(place(path[2])),
                  place(path[3]), place(path[4]));
  return Response::text(std::move(tile.bytes), std::move(tile.media_type));
}

}  // namespace

void add_slide_routes(Router& router, const Services& services) {
  const care::Slides& slides = services.care.slides;
  const Permission readers = Permission::of(trust::Act::read, "ImagingStudy");
  router.add(Method::get, "/care/slides/{instance}", readers, [&slides](Request& request) {
    return Response::json(slides.describe(request.principal(), request.captured.front()));
  });
  router.add(Method::get, "/care/slides/{instance}/{version}/{level}/{column}/{row}", readers,
             [&slides](Request& request) { return tile(slides, request); });
}

}  // namespace meridian::doors::http
