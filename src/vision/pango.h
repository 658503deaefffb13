// Text set by Pango and drawn by Cairo, in the fonts of the console. Only for files that draw text: it
// includes both.
#pragma once
#include <pango/pangocairo.h>

#include <memory>
#include <string>

namespace meridian::vision {

struct ReleaseDrawing {
  void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
  void operator()(cairo_t* pen) const { cairo_destroy(pen); }
  void operator()(PangoLayout* layout) const { g_object_unref(layout); }
  void operator()(PangoFontDescription* font) const { pango_font_description_free(font); }
};
template <class Thing>
using Drawing = std::unique_ptr<Thing, ReleaseDrawing>;

// size: of the font, in units of the pen's surface.
inline Drawing<PangoLayout> lay_out(cairo_t* pen, const std::string& utf8, double size, bool bold = false) {
  // A proportional font with the figures of a table.
  constexpr const char* kFamily = "Noto Sans CJK SC, Noto Sans SC, DejaVu Sans, sans-serif";
  Drawing<PangoLayout> layout(pango_cairo_create_layout(pen));
  const Drawing<PangoFontDescription> font(pango_font_description_from_string(kFamily));
  pango_font_description_set_absolute_size(font.get(), size * PANGO_SCALE);
  if (bold) pango_font_description_set_weight(font.get(), PANGO_WEIGHT_BOLD);
  pango_layout_set_font_description(layout.get(), font.get());
  pango_layout_set_text(layout.get(), utf8.data(), static_cast<int>(utf8.size()));
  return layout;
}

}  // namespace meridian::vision
