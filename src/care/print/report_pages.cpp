#include "care/print/report_pages.h"

#include <fmt/format.h>

#include <cmath>

#include "base/local_time.h"

namespace meridian::care {
namespace {

constexpr double kFooter = 8, kColumnGap = 8, kParagraphGap = 1.2;
constexpr double kTop = 30, kBottom = kPageHeight - kFooter - 4;  // mm, of a page's text

std::string local(const std::optional<Instant>& time) {
  return time ? format_local(*time) : std::string();
}

std::string duration_text(double seconds) {
  const long whole = std::lround(seconds);
  return whole <= 120 ? fmt::format("{} s", whole)
                      : fmt::format("{}:{:02}:{:02} h", whole / 3600, whole / 60 % 60, whole % 60);
}

// What fits before the value; whole UTF-8 characters.
std::string shortened(const std::string& name) {
  constexpr std::size_t kMost = 40;
  if (name.size() <= kMost) return name;
  std::size_t end = kMost;
  while (end > 0 && (static_cast<unsigned char>(name[end]) & 0xC0U) == 0x80U) --end;
  return name.substr(0, end) + "…";
}

}  // namespace

ReportPages::ReportPages(const EcgReport& report, const signal::Recording& recording)
    : report_(report),
      recording_(recording),
      pdf_(kPageWidth, kPageHeight, report.chinese ? "zh-CN" : "en", said("ECG report", "心电图报告")) {
  head();
}

void ReportPages::head() {
  pdf_.text(kPageMargin, 8, said("ECG report", "心电图报告"), {.size = 5.2, .bold = true, .ink = kInk});
  const std::string by = report_.signed_by + "  " + local(report_.signed_at);
  const std::string state =
      is_signed() ? said("Signed: ", "已签名：") + by
      : may_be_signed()
          ? said("Case signed, perhaps without this ECG: ", "病例已签名，未注明是否包括此心电图：") + by
          : said("Draft, unsigned", "草稿，未签名");
  pdf_.text(120, 9, state, {.size = 4, .bold = true, .ink = is_signed() ? kInk : kDraft});
  pdf_.text(kPageMargin, 16,
            report_.patient.empty() ? said("Patient not named", "未注明患者") : report_.patient,
            {.size = 3.8, .ink = kInk});
  const std::string facts = local(report_.recorded) + (report_.recorded ? "   " : "") +
                            fmt::format("{:.0f} Hz, ", recording_.sampling_frequency) +
                            duration_text(recording_.seconds());
  pdf_.text(kPageMargin, 22, facts, {.size = 3.2, .ink = kGrey});
  y_ = kTop;
}

void ReportPages::foot() {
  ++page_;
  const std::string left =
      (is_signed() ? ""
       : may_be_signed()
           ? said("The signature does not say whether it is of this ECG. ", "签名未注明是否包括此心电图。")
           : said("Not final before a clinician has signed it. ", "医生签名前不是最终结论。")) +
      report_.assistant;
  pdf_.text(kPageMargin, kPageHeight - kFooter, left, {.size = 2.8, .ink = kGrey});
  pdf_.text(kPageWidth - 40, kPageHeight - kFooter,
            said("Page ", "第") + std::to_string(page_) + said("", "页"), {.size = 2.8, .ink = kGrey});
}

void ReportPages::next_page() {
  foot();
  pdf_.next_page();
  head();
}

double ReportPages::take(double height) {
  if (y_ + height > kBottom) next_page();
  const double top = y_;
  y_ += height;
  return top;
}

void ReportPages::paragraph(const std::string& text, const PdfText& how) {
  PdfText broken = how;
  broken.width = kPageWidth - 2 * kPageMargin;
  if (pdf_.height_of(text, broken) <= kBottom - kTop) return set(text, broken);
  for (const std::string& line : pdf_.lines_of(text, broken)) set(line, how);
  y_ += kParagraphGap;
}

void ReportPages::set(const std::string& text, const PdfText& how) {
  if (y_ + pdf_.height_of(text, how) > kBottom) next_page();
  y_ += pdf_.text(kPageMargin, y_, text, how) + (how.width > 0 ? kParagraphGap : 0);
}

void ReportPages::title(const char* en, const char* zh) {
  y_ += 2;
  paragraph(said(en, zh), {.size = 4, .bold = true, .ink = kInk});
}

void ReportPages::table(const std::vector<std::pair<std::string, std::string>>& rows) {
  constexpr std::size_t kColumns = 3;
  constexpr double kRow = 4.6;
  const double column = (kPageWidth - 2 * kPageMargin - (kColumns - 1) * kColumnGap) / kColumns;
  const std::size_t lines = (rows.size() + kColumns - 1) / kColumns;
  for (std::size_t line = 0; line < lines; ++line) {
    const double y = take(kRow);
    for (std::size_t k = 0; k < kColumns; ++k) {
      const std::size_t row = k * lines + line;
      if (row >= rows.size()) continue;
      const double x = kPageMargin + static_cast<double>(k) * (column + kColumnGap);
      pdf_.text(x, y, shortened(rows[row].first), {.size = 3, .ink = kInk});
      pdf_.text(x + column - 22, y, rows[row].second, {.size = 3, .bold = true, .ink = kInk});
      pdf_.line(x, y + kRow - 0.3, x + column, y + kRow - 0.3, 0.1, {0.85, 0.87, 0.9});
    }
  }
}

std::string ReportPages::finish() {
  foot();
  return pdf_.finish();
}

}  // namespace meridian::care
