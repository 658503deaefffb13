#include "care/print/ecg_report.h"

#include <fmt/format.h>

#include <algorithm>

#include "care/print/ecg_paper.h"
#include "care/print/long_ecg_pages.h"
#include "care/print/report_pages.h"

namespace meridian::care {
namespace {

constexpr double kSeconds = 10, kStrip = 32, kPaperTop = 40;  // s, mm, mm
constexpr std::size_t kMostStrips = 5;

const signal::Lead* lead_named(const signal::Recording& recording, const std::string& name) {
  const auto found = std::ranges::find(recording.leads, name, &signal::Lead::name);
  return found == recording.leads.end() ? nullptr : &*found;
}

// Three rows of four leads, 2.5 s each, and lead II below; or the leads one below the other.
std::vector<Strip> strips_of(const signal::Recording& recording) {
  constexpr const char* kRows[3][4] = {
      {"I", "aVR", "V1", "V4"}, {"II", "aVL", "V2", "V5"}, {"III", "aVF", "V3", "V6"}};
  std::vector<Strip> strips;
  const double left = kPageMargin + kMarkWidth, quarter = kSeconds / 4;
  const auto middle = [](double row) { return kPaperTop + (row + 0.5) * kStrip; };
  for (int row = 0; row < 3; ++row)
    for (int column = 0; column < 4; ++column)
      if (const signal::Lead* lead = lead_named(recording, kRows[row][column]))
        strips.push_back({lead, column * quarter, quarter, left + column * quarter * kPaperSpeed, middle(row),
                          kStrip, column == 0});
  if (strips.size() == 12) {
    strips.push_back({lead_named(recording, "II"), 0, kSeconds, left, middle(3), kStrip, true});
    return strips;
  }
  strips.clear();
  for (std::size_t i = 0; i < std::min(kMostStrips, recording.leads.size()); ++i)
    strips.push_back({&recording.leads[i], 0, kSeconds, left, middle(static_cast<double>(i)), kStrip, true});
  return strips;
}

class Printer {
 public:
  Printer(const EcgReport& report, const signal::Recording& recording)
      : report_(report), recording_(recording), pages_(report, recording) {}

  std::string print() {
    if (is_printed_as_long(report_, recording_))
      print_long_ecg(pages_);
    else
      trace_page();
    pages_.next_page();
    findings();
    measurements();
    characters();
    return pages_.finish();
  }

 private:
  std::string said(const char* en, const char* zh) const { return pages_.said(en, zh); }
  const std::string& said(const engine::LocalizedText& text) const { return pages_.said(text); }
  void title(const char* en, const char* zh) { pages_.title(en, zh); }
  void paragraph(const std::string& text, const PdfText& how) { pages_.paragraph(text, how); }

  void trace_page() {
    const std::vector<Strip> strips = strips_of(recording_);
    const double rows = strips.empty() ? 1 : (strips.back().middle - kPaperTop) / kStrip + 0.5;
    const double right = kPageMargin + kMarkWidth + kSeconds * kPaperSpeed,
                 bottom = kPaperTop + rows * kStrip;
    EcgPaper paper(pages_.pdf(), recording_, report_.beats);
    paper.grid(kPageMargin, kPaperTop, right, bottom);
    for (const Strip& strip : strips) paper.draw(strip);
    pages_.pdf().text(
        kPageMargin, bottom + 1.5,
        said("25 mm/s, 10 mm/mV at full size (100 %)", "25毫米/秒，10毫米/毫伏（按100%打印时）"),
        {.size = 2.8, .ink = kGrey});
    if (const std::size_t left_out = leads_left_out(strips))
      pages_.pdf().text(
          kPageMargin + 120, bottom + 1.5,
          fmt::format(fmt::runtime(said("{} more lead(s) are not shown", "另有{}个导联未显示")), left_out),
          {.size = 2.8, .ink = kGrey});
  }

  std::size_t leads_left_out(const std::vector<Strip>& strips) const {
    const auto shown = [&](const signal::Lead& lead) {
      return std::ranges::any_of(strips, [&](const Strip& strip) { return strip.lead == &lead; });
    };
    return static_cast<std::size_t>(
        std::ranges::count_if(recording_.leads, [&](const signal::Lead& lead) { return !shown(lead); }));
  }

  void findings() {
    if (pages_.may_be_signed())
      paragraph(
          said("The report of this case is signed. Whether this ECG had been read for it, the signature "
               "does not say.",
               "本病例的报告已签名；签名未注明书写报告时是否阅读过此心电图。"),
          {.size = 3.6, .bold = true, .ink = kInk});
    if (report_.signature == Signature::of_others)
      paragraph(said("The report of this case was signed without this ECG and does not speak of it.",
                     "本病例的报告签名时尚无此心电图，报告不涉及它。"),
                {.size = 3.6, .bold = true, .ink = kInk});
    if (!report_.conclusion.empty()) {
      pages_.is_signed() || pages_.may_be_signed()
          ? title("Report", "报告")
          : title("Report (draft, unsigned)", "报告（草稿，未签名）");
      paragraph(report_.conclusion, {.size = 3.6, .ink = kInk});
    }
    const auto was_signed = [](const PrintedFinding& finding) { return finding.is_signed; };
    if (std::ranges::any_of(report_.findings, was_signed)) {
      title("Findings accepted with the signature", "签名时采纳的提示");
      statements(true);
    }
    title("Assistant's statements (drafts)", "辅助程序提示（草稿）");
    if (std::ranges::all_of(report_.findings, was_signed))
      paragraph(said("None.", "无。"), {.size = 3.4, .ink = kGrey});
    statements(false);
  }

  // Those that were signed, or those that were not.
  void statements(bool is_signed) {
    std::string others;
    for (const PrintedFinding& finding : report_.findings) {
      if (finding.is_signed != is_signed) continue;
      if (finding.positive) {
        paragraph("• " + said(finding.text) + probability(finding), {.size = 3.4, .ink = kInk});
        continue;
      }
      if (!others.empty() && !report_.chinese) others += ' ';
      others.append(said(finding.text)).append(probability(finding));
    }
    if (!others.empty())
      paragraph(said("Looked for and not found: ", "已检查而未发现：") + others, {.size = 3, .ink = kGrey});
  }

  std::string probability(const PrintedFinding& finding) const {
    if (!finding.probability) return {};
    if (!finding.threshold)
      return fmt::format(fmt::runtime(said(" (probability {:.2f})", "（概率{:.2f}）")), *finding.probability);
    return fmt::format(
        fmt::runtime(said(" (probability {:.2f}, threshold {:.2f})", "（概率{:.2f}，阈值{:.2f}）")),
        *finding.probability, *finding.threshold);
  }

  // Those that the summary of a long recording has not shown.
  void measurements() {
    const bool is_long = is_printed_as_long(report_, recording_);
    std::vector<const PrintedFinding*> findings;
    for (const PrintedFinding& finding : report_.findings)
      if (!is_long || !is_in_summary(finding)) findings.push_back(&finding);
    const auto rows = measurement_rows(findings, pages_);
    if (rows.empty()) return;
    title("Measurements", "测量值");
    pages_.table(rows);
  }

  void characters() {
    if (pages_.pdf().unknown_characters() > 0)
      paragraph(said("Characters shown as boxes are in no font of the machine that printed this.",
                     "显示为方框的字符在打印此报告的机器上没有字体。"),
                {.size = 3, .bold = true, .ink = kInk});
  }

  const EcgReport& report_;
  const signal::Recording& recording_;
  ReportPages pages_;
};

}  // namespace

std::string ecg_pdf(const EcgReport& report, const signal::Recording& recording) {
  return Printer(report, recording).print();
}

}  // namespace meridian::care
