#include "care/print/pdf.h"

#include <cairo-pdf.h>
#include <fontconfig/fontconfig.h>

#include <cmath>
#include <string_view>

#include "base/error.h"
#include "vision/pango.h"

namespace meridian::care {
namespace {

constexpr double kPointsAMillimetre = 72 / 25.4;
// Of which a font must have all: those of a report's headings.
constexpr std::u32string_view kChinese = U"心电图报告已签名草稿未采纳提示辅助程序测量值患者，。（）：";

struct ReleaseFonts {
  void operator()(FcPattern* pattern) const { FcPatternDestroy(pattern); }
  void operator()(FcCharSet* set) const { FcCharSetDestroy(set); }
  void operator()(FcObjectSet* set) const { FcObjectSetDestroy(set); }
  void operator()(FcFontSet* set) const { FcFontSetDestroy(set); }
};
template <class Thing>
using Fonts = std::unique_ptr<Thing, ReleaseFonts>;

cairo_status_t append(void* closure, const unsigned char* bytes, unsigned int count) {
  static_cast<std::string*>(closure)->append(reinterpret_cast<const char*>(bytes), count);
  return CAIRO_STATUS_SUCCESS;
}

bool has_chinese_font() {
  const Fonts<FcPattern> pattern(FcPatternCreate());
  const Fonts<FcCharSet> characters(FcCharSetCreate());
  for (const char32_t character : kChinese) FcCharSetAddChar(characters.get(), character);
  FcPatternAddCharSet(pattern.get(), FC_CHARSET, characters.get());
  const Fonts<FcObjectSet> wanted(FcObjectSetBuild(FC_FAMILY, nullptr));
  const Fonts<FcFontSet> found(FcFontList(nullptr, pattern.get(), wanted.get()));
  return found && found->nfont > 0;
}

void use(cairo_t* pen, const Ink& ink) {
  cairo_set_source_rgb(pen, ink.red, ink.green, ink.blue);
}

}  // namespace

struct Pdf::State {
  std::string bytes;
  std::string language;
  std::size_t unknown = 0;  // characters
  vision::Drawing<cairo_surface_t> surface;
  vision::Drawing<cairo_t> pen;

  vision::Drawing<PangoLayout> layout(const std::string& utf8, const PdfText& how) const {
    vision::Drawing<PangoLayout> layout =
        vision::lay_out(pen.get(), utf8, how.size * kPointsAMillimetre, how.bold);
    pango_context_set_language(pango_layout_get_context(layout.get()),
                               pango_language_from_string(language.c_str()));
    if (how.width > 0) {
      pango_layout_set_width(layout.get(), static_cast<int>(how.width * kPointsAMillimetre * PANGO_SCALE));
      pango_layout_set_wrap(layout.get(), PANGO_WRAP_WORD_CHAR);
    }
    pango_layout_context_changed(layout.get());  // of the language
    return layout;
  }
};

Pdf::Pdf(double width, double height, const std::string& language, const std::string& title)
    : state_(std::make_unique<State>()) {
  if (!has_chinese_font())
    throw Error(ErrorCode::unavailable, "No font on this machine has Chinese characters", "PDF",
                "Install a font that has them (Debian: fonts-noto-cjk)");
  state_->language = language;
  state_->surface.reset(cairo_pdf_surface_create_for_stream(
      append, &state_->bytes, width * kPointsAMillimetre, height * kPointsAMillimetre));
  cairo_pdf_surface_set_metadata(state_->surface.get(), CAIRO_PDF_METADATA_TITLE, title.c_str());
  state_->pen.reset(cairo_create(state_->surface.get()));
}

Pdf::~Pdf() {
  state_->pen.reset();
  if (state_->surface) cairo_surface_finish(state_->surface.get());
}

double Pdf::text(double x, double y, const std::string& utf8, const PdfText& how) {
  const auto layout = state_->layout(utf8, how);
  state_->unknown += static_cast<std::size_t>(pango_layout_get_unknown_glyphs_count(layout.get()));
  use(state_->pen.get(), how.ink);
  cairo_move_to(state_->pen.get(), x * kPointsAMillimetre, y * kPointsAMillimetre);
  pango_cairo_show_layout(state_->pen.get(), layout.get());
  int height = 0;
  pango_layout_get_size(layout.get(), nullptr, &height);
  return height / static_cast<double>(PANGO_SCALE) / kPointsAMillimetre;
}

double Pdf::height_of(const std::string& utf8, const PdfText& how) {
  int height = 0;
  pango_layout_get_size(state_->layout(utf8, how).get(), nullptr, &height);
  return height / static_cast<double>(PANGO_SCALE) / kPointsAMillimetre;
}

std::vector<std::string> Pdf::lines_of(const std::string& utf8, const PdfText& how) {
  const auto layout = state_->layout(utf8, how);
  const std::string_view set = pango_layout_get_text(layout.get());
  std::vector<std::string> lines;
  for (const GSList* at = pango_layout_get_lines_readonly(layout.get()); at; at = at->next) {
    const auto* line = static_cast<const PangoLayoutLine*>(at->data);
    lines.emplace_back(
        set.substr(static_cast<std::size_t>(line->start_index), static_cast<std::size_t>(line->length)));
  }
  return lines;
}

std::size_t Pdf::unknown_characters() const {
  return state_->unknown;
}

void Pdf::line(double x1, double y1, double x2, double y2, double width, const Ink& ink) {
  const std::pair<double, double> points[]{{x1, y1}, {x2, y2}};
  trace(points, width, ink);
}

void Pdf::trace(std::span<const std::pair<double, double>> points, double width, const Ink& ink) {
  if (points.empty()) return;
  cairo_t* pen = state_->pen.get();
  use(pen, ink);
  cairo_set_line_width(pen, width * kPointsAMillimetre);
  cairo_set_line_join(pen, CAIRO_LINE_JOIN_ROUND);
  cairo_move_to(pen, points.front().first * kPointsAMillimetre, points.front().second * kPointsAMillimetre);
  for (const auto& [x, y] : points.subspan(1))
    cairo_line_to(pen, x * kPointsAMillimetre, y * kPointsAMillimetre);
  cairo_stroke(pen);
}

void Pdf::next_page() {
  cairo_show_page(state_->pen.get());
}

std::string Pdf::finish() {
  state_->pen.reset();
  cairo_surface_finish(state_->surface.get());
  if (const cairo_status_t status = cairo_surface_status(state_->surface.get());
      status != CAIRO_STATUS_SUCCESS)
    throw Error(ErrorCode::internal,
                std::string("The PDF could not be written: ") + cairo_status_to_string(status));
  state_->surface.reset();
  return std::move(state_->bytes);
}

}  // namespace meridian::care
