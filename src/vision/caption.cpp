#include "vision/caption.h"

#include <algorithm>
#include <iterator>

#include "base/error.h"
#include "vision/pango.h"

namespace meridian::vision {
namespace {

constexpr int kSmallestLine = 8, kLargestLine = 128;  // pixels from one line to the next
constexpr int kLargestSide = 32'767;                  // pixels of an image of Cairo's
constexpr double kLetters = 0.72;                     // of a line's height
constexpr std::size_t kLongest = 256;                 // bytes of a line: what is longer is cut

struct Page {
  Page(int width, int height)
      : surface(cairo_image_surface_create(CAIRO_FORMAT_A8, width, height)),
        pen(cairo_create(surface.get())) {}
  Drawing<cairo_surface_t> surface;
  Drawing<cairo_t> pen;
};

std::string cut(const std::string& line) {
  if (line.size() <= kLongest) return line;
  std::size_t end = kLongest;
  while (end > 0 && (static_cast<unsigned char>(line[end]) & 0xC0) == 0x80) --end;  // within a character
  return line.substr(0, end) + "…";
}

Drawing<PangoLayout> line_of(cairo_t* pen, const std::string& text, int size, int most_width) {
  Drawing<PangoLayout> layout = lay_out(pen, text, size * kLetters);
  pango_layout_set_width(layout.get(), most_width * PANGO_SCALE);
  pango_layout_set_ellipsize(layout.get(), PANGO_ELLIPSIZE_END);
  pango_layout_set_single_paragraph_mode(layout.get(), TRUE);
  return layout;
}

GreyImage coverage(cairo_surface_t* surface) {
  if (cairo_surface_status(surface) != CAIRO_STATUS_SUCCESS)
    throw Error(ErrorCode::internal, "Text could not be drawn");
  cairo_surface_flush(surface);
  const unsigned char* bytes = cairo_image_surface_get_data(surface);
  const int width = cairo_image_surface_get_width(surface), height = cairo_image_surface_get_height(surface);
  const int stride = cairo_image_surface_get_stride(surface);
  GreyImage image{width, height, {}, {}};
  image.pixels.reserve(static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) image.pixels.push_back(static_cast<float>(bytes[y * stride + x]) / 255);
  return image;
}

}  // namespace

GreyImage caption(const std::vector<std::string>& lines, int size, const CaptionSpace& space) {
  size = std::clamp(size, kSmallestLine, kLargestLine);
  const int most_width = std::min(space.width, kLargestSide);
  const int most_lines = std::min(space.height, kLargestSide) / size;
  std::vector<std::string> shown;
  for (const std::string& line : lines)
    if (!line.empty() && std::ssize(shown) < most_lines) shown.push_back(cut(line));
  if (shown.empty() || most_width < 1) return {};
  const Page measure(1, 1);
  int width = 0;
  for (const std::string& line : shown) {
    int across = 0;
    pango_layout_get_pixel_size(line_of(measure.pen.get(), line, size, most_width).get(), &across, nullptr);
    width = std::max(width, std::min(across, most_width));
  }
  if (width == 0) return {};
  const Page page(width, size * static_cast<int>(shown.size()));
  for (std::size_t i = 0; i < shown.size(); ++i) {
    cairo_move_to(page.pen.get(), 0, size * static_cast<double>(i));
    pango_cairo_show_layout(page.pen.get(), line_of(page.pen.get(), shown[i], size, most_width).get());
  }
  return coverage(page.surface.get());
}

}  // namespace meridian::vision
