#include "vision/caption.h"

#include <pango/pangocairo.h>

#include <algorithm>
#include <memory>

#include "base/error.h"

namespace meridian::vision {
namespace {

constexpr const char* kFamily = "Noto Sans CJK SC, Noto Sans SC, DejaVu Sans, sans-serif";
constexpr int kSmallest = 8, kLargest = 1000, kWidest = 1 << 15;
constexpr double kLetters = 0.72;  // of a line's height

struct Release {
  void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
  void operator()(cairo_t* pen) const { cairo_destroy(pen); }
  void operator()(PangoLayout* layout) const { g_object_unref(layout); }
  void operator()(PangoFontDescription* font) const { pango_font_description_free(font); }
};
template <class Thing>
using Owned = std::unique_ptr<Thing, Release>;

struct Page {
  Page(int width, int height)
      : surface(cairo_image_surface_create(CAIRO_FORMAT_A8, width, height)),
        pen(cairo_create(surface.get())) {}
  Owned<cairo_surface_t> surface;
  Owned<cairo_t> pen;
};

Owned<PangoLayout> lay_out(cairo_t* pen, const std::string& text, int size, int most_width) {
  Owned<PangoLayout> layout(pango_cairo_create_layout(pen));
  const Owned<PangoFontDescription> font(pango_font_description_from_string(kFamily));
  pango_font_description_set_absolute_size(font.get(), size * kLetters * PANGO_SCALE);
  pango_layout_set_font_description(layout.get(), font.get());
  pango_layout_set_width(layout.get(), most_width * PANGO_SCALE);
  pango_layout_set_ellipsize(layout.get(), PANGO_ELLIPSIZE_END);
  pango_layout_set_single_paragraph_mode(layout.get(), TRUE);
  pango_layout_set_text(layout.get(), text.data(), static_cast<int>(text.size()));
  return layout;
}

GreyImage coverage(cairo_surface_t* surface) {
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

GreyImage caption(const std::vector<std::string>& lines, int size, int most_width) {
  if (size < kSmallest || size > kLargest || most_width < 1 || most_width > kWidest)
    throw Error(ErrorCode::invalid_value, "Text of this size or width cannot be drawn");
  std::vector<std::string> shown;
  std::ranges::copy_if(lines, std::back_inserter(shown),
                       [](const std::string& line) { return !line.empty(); });
  const Page measure(1, 1);
  int width = 0;
  for (const std::string& line : shown) {
    int across = 0;
    pango_layout_get_pixel_size(lay_out(measure.pen.get(), line, size, most_width).get(), &across, nullptr);
    width = std::max(width, std::min(across, most_width));
  }
  if (width == 0) return {};
  const Page page(width, size * static_cast<int>(shown.size()));
  for (std::size_t i = 0; i < shown.size(); ++i) {
    cairo_move_to(page.pen.get(), 0, size * static_cast<double>(i));
    pango_cairo_show_layout(page.pen.get(), lay_out(page.pen.get(), shown[i], size, most_width).get());
  }
  return coverage(page.surface.get());
}

}  // namespace meridian::vision
