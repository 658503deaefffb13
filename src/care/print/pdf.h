// Pages of a PDF, in millimetres from the top left, with the fonts embedded. Drawn by Cairo, set by Pango.
#pragma once
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace meridian::care {

struct Ink {
  double red = 0, green = 0, blue = 0;  // 0 to 1
};

struct PdfText {
  double size = 3.2;  // mm, of the font
  bool bold = false;
  Ink ink;
  double width = 0;  // mm after which lines are broken; 0: never
};

class Pdf {
 public:
  // The language decides which of several fonts draws a character ("zh-CN", "en"). Throws unavailable when
  // the system has no font with the Chinese characters of reports, with the package that brings one.
  Pdf(double width, double height, const std::string& language, const std::string& title);
  ~Pdf();
  Pdf(const Pdf&) = delete;
  Pdf& operator=(const Pdf&) = delete;

  // Gives the height of what was set, in mm. y is the top.
  double text(double x, double y, const std::string& utf8, const PdfText& how = {});
  double height_of(const std::string& utf8, const PdfText& how);
  // As its width breaks it.
  std::vector<std::string> lines_of(const std::string& utf8, const PdfText& how);
  // Characters that were set as boxes so far, because no font here has them.
  std::size_t unknown_characters() const;
  void line(double x1, double y1, double x2, double y2, double width, const Ink& ink);
  // Through all the points.
  void trace(std::span<const std::pair<double, double>> points, double width, const Ink& ink);
  void next_page();
  // What was drawn; nothing can be drawn any more. Throws internal when it could not be written.
  std::string finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace meridian::care
