#include "care/print/ecg_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/local_time.h"
#include "care/print/pdf.h"
#include "signal/statistics.h"

namespace meridian::care {
namespace {

constexpr double kWidth = 297, kHeight = 210, kMargin = 12;   // mm, A4
constexpr double kSpeed = 25, kGain = 10;                     // mm/s, mm/mV
constexpr double kSeconds = 10, kStrip = 32, kPaperTop = 40;  // s, mm, mm
constexpr double kMarkWidth = 12;                             // mm, of the pulse of 1 mV before the traces
constexpr std::size_t kMostStrips = 5;
constexpr double kFooter = 8, kColumnGap = 8, kParagraphGap = 1.2;
constexpr double kTop = 30, kBottom = kHeight - kFooter - 4;  // mm, of a page's text
constexpr Ink kInk{0.1, 0.12, 0.15}, kGrey{0.35, 0.4, 0.45}, kMinor{0.98, 0.86, 0.84},
    kMajor{0.93, 0.68, 0.65}, kTrace{0, 0, 0}, kDraft{0.42, 0.18, 0.88};

struct Strip {
  const signal::Lead* lead;
  double from, seconds;  // of the recording
  double x, middle;      // mm
};

const signal::Lead* lead_named(const signal::Recording& recording, const std::string& name) {
  const auto found = std::ranges::find(recording.leads, name, &signal::Lead::name);
  return found == recording.leads.end() ? nullptr : &*found;
}

// Three rows of four leads, 2.5 s each, and lead II below; or the leads one below the other.
std::vector<Strip> strips_of(const signal::Recording& recording) {
  constexpr const char* kRows[3][4] = {
      {"I", "aVR", "V1", "V4"}, {"II", "aVL", "V2", "V5"}, {"III", "aVF", "V3", "V6"}};
  std::vector<Strip> strips;
  const double left = kMargin + kMarkWidth, quarter = kSeconds / 4;
  const auto middle = [](double row) { return kPaperTop + (row + 0.5) * kStrip; };
  for (int row = 0; row < 3; ++row)
    for (int column = 0; column < 4; ++column)
      if (const signal::Lead* lead = lead_named(recording, kRows[row][column]))
        strips.push_back({lead, column * quarter, quarter, left + column * quarter * kSpeed, middle(row)});
  if (strips.size() == 12) {
    strips.push_back({lead_named(recording, "II"), 0, kSeconds, left, middle(3)});
    return strips;
  }
  strips.clear();
  for (std::size_t i = 0; i < std::min(kMostStrips, recording.leads.size()); ++i)
    strips.push_back({&recording.leads[i], 0, kSeconds, left, middle(static_cast<double>(i))});
  return strips;
}

class Printer {
 public:
  Printer(const EcgReport& report, const signal::Recording& recording)
      : report_(report),
        recording_(recording),
        pdf_(kWidth, kHeight, report.chinese ? "zh-CN" : "en", said("ECG report", "心电图报告")) {}

  std::string print() {
    head();
    trace_page();
    new_page();
    findings();
    measurements();
    characters();
    foot();
    return pdf_.finish();
  }

 private:
  std::string said(const char* en, const char* zh) const { return report_.chinese ? zh : en; }
  const std::string& said(const engine::LocalizedText& text) const {
    return report_.chinese && !text.zh.empty() ? text.zh : text.en;
  }
  static std::string local(const std::optional<Instant>& time) {
    return time ? format_local(*time) : std::string();
  }
  bool is_signed() const { return !report_.signed_by.empty() && report_.signature == Signature::of_this; }
  bool may_be_signed() const { return report_.signature == Signature::not_known; }

  void head() {
    pdf_.text(kMargin, 8, said("ECG report", "心电图报告"), {.size = 5.2, .bold = true, .ink = kInk});
    const std::string by = report_.signed_by + "  " + local(report_.signed_at);
    const std::string state =
        is_signed() ? said("Signed: ", "已签名：") + by
        : may_be_signed()
            ? said("Case signed, perhaps without this ECG: ", "病例已签名，未注明是否包括此心电图：") + by
            : said("Draft, unsigned", "草稿，未签名");
    pdf_.text(120, 9, state, {.size = 4, .bold = true, .ink = is_signed() ? kInk : kDraft});
    pdf_.text(kMargin, 16,
              report_.patient.empty() ? said("Patient not named", "未注明患者") : report_.patient,
              {.size = 3.8, .ink = kInk});
    const std::string facts =
        local(report_.recorded) + (report_.recorded ? "   " : "") +
        fmt::format("{:.0f} Hz, {:.0f} s", recording_.sampling_frequency, recording_.seconds());
    pdf_.text(kMargin, 22, facts, {.size = 3.2, .ink = kGrey});
  }

  void foot() {
    ++page_;
    const std::string left =
        (is_signed() ? ""
         : may_be_signed()
             ? said("The signature does not say whether it is of this ECG. ", "签名未注明是否包括此心电图。")
             : said("Not final before a clinician has signed it. ", "医生签名前不是最终结论。")) +
        report_.assistant;
    pdf_.text(kMargin, kHeight - kFooter, left, {.size = 2.8, .ink = kGrey});
    pdf_.text(kWidth - 40, kHeight - kFooter, said("Page ", "第") + std::to_string(page_) + said("", "页"),
              {.size = 2.8, .ink = kGrey});
  }

  void new_page() {
    foot();
    pdf_.next_page();
    head();
    y_ = kTop;
  }

  void trace_page() {
    const std::vector<Strip> strips = strips_of(recording_);
    const double rows = strips.empty() ? 1 : (strips.back().middle - kPaperTop) / kStrip + 0.5;
    const double left = kMargin, right = kMargin + kMarkWidth + kSeconds * kSpeed,
                 bottom = kPaperTop + rows * kStrip;
    for (int mm = 0; left + mm <= right + 1e-6; ++mm)
      pdf_.line(left + mm, kPaperTop, left + mm, bottom, mm % 5 ? 0.06 : 0.12, mm % 5 ? kMinor : kMajor);
    for (int mm = 0; kPaperTop + mm <= bottom + 1e-6; ++mm)
      pdf_.line(left, kPaperTop + mm, right, kPaperTop + mm, mm % 5 ? 0.06 : 0.12, mm % 5 ? kMinor : kMajor);
    for (const Strip& strip : strips) draw(strip);
    pdf_.text(kMargin, bottom + 1.5,
              said("25 mm/s, 10 mm/mV at full size (100 %)", "25毫米/秒，10毫米/毫伏（按100%打印时）"),
              {.size = 2.8, .ink = kGrey});
    if (const std::size_t left_out = leads_left_out(strips))
      pdf_.text(
          kMargin + 120, bottom + 1.5,
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

  void draw(const Strip& strip) {
    const double frequency = recording_.sampling_frequency;
    const auto count = static_cast<double>(strip.lead->samples.size());
    const auto first = static_cast<std::size_t>(std::min(count, strip.from * frequency));
    const auto last = static_cast<std::size_t>(std::min(count, (strip.from + strip.seconds) * frequency));
    const double zero = middle_of({strip.lead->samples.begin() + static_cast<std::ptrdiff_t>(first),
                                   strip.lead->samples.begin() + static_cast<std::ptrdiff_t>(last)});
    if (strip.from == 0) pulse(strip.x - kMarkWidth + 2, strip.middle);
    pdf_.text(strip.x + 1, strip.middle - kStrip / 2 + 1, strip.lead->name,
              {.size = 3.4, .bold = true, .ink = kInk});
    std::vector<std::pair<double, double>> points;
    for (std::size_t i = first; i < last; ++i) {
      const auto value = static_cast<double>(strip.lead->samples[i]);
      if (!std::isfinite(value)) {
        flush(points);
        continue;
      }
      const double height = std::clamp((value - zero) * kGain, -kStrip, kStrip);
      points.emplace_back(strip.x + (static_cast<double>(i) / frequency - strip.from) * kSpeed,
                          strip.middle - height);
    }
    flush(points);
    mark_beats(strip, first, last);
  }

  void flush(std::vector<std::pair<double, double>>& points) {
    pdf_.trace(points, 0.25, kTrace);
    points.clear();
  }

  void pulse(double x, double zero) {
    const std::pair<double, double> points[]{
        {x, zero},       {x + 1.5, zero}, {x + 1.5, zero - kGain}, {x + 6.5, zero - kGain},
        {x + 6.5, zero}, {x + 8, zero}};
    pdf_.trace(points, 0.25, kTrace);
  }

  void mark_beats(const Strip& strip, std::size_t first, std::size_t last) {
    for (const PrintedBeat& beat : report_.beats) {
      const auto sample = static_cast<std::size_t>(std::max<std::int64_t>(0, beat.sample));
      if (sample < first || sample >= last) continue;
      const double x =
          strip.x + (static_cast<double>(sample) / recording_.sampling_frequency - strip.from) * kSpeed;
      pdf_.text(x - 1, strip.middle + kStrip / 2 - 4, std::string(1, beat.aami_class),
                {.size = 3, .bold = true, .ink = beat.is_signed ? kInk : kDraft});
    }
  }

  static double middle_of(std::vector<float> values) {
    std::erase_if(values, [](float value) { return !std::isfinite(value); });
    return static_cast<double>(signal::median(std::move(values)));
  }

  // Whole on a page where one can hold it.
  void paragraph(const std::string& text, const PdfText& how) {
    PdfText broken = how;
    broken.width = kWidth - 2 * kMargin;
    if (pdf_.height_of(text, broken) <= kBottom - kTop) return set(text, broken);
    for (const std::string& line : pdf_.lines_of(text, broken)) set(line, how);
    y_ += kParagraphGap;
  }

  void set(const std::string& text, const PdfText& how) {
    if (y_ + pdf_.height_of(text, how) > kBottom) new_page();
    y_ += pdf_.text(kMargin, y_, text, how) + (how.width > 0 ? kParagraphGap : 0);
  }

  void title(const char* en, const char* zh) {
    y_ += 2;
    paragraph(said(en, zh), {.size = 4, .bold = true, .ink = kInk});
  }

  void findings() {
    if (may_be_signed())
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
      is_signed() || may_be_signed() ? title("Report", "报告")
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

  // In three columns.
  void measurements() {
    std::vector<std::pair<std::string, std::string>> rows;
    for (const PrintedFinding& finding : report_.findings)
      for (const auto& [name, value] : finding.measurements) {
        std::pair<std::string, std::string> row{said(name), value};
        if (std::ranges::find(rows, row) == rows.end()) rows.push_back(std::move(row));
      }
    if (rows.empty()) return;
    title("Measurements", "测量值");
    constexpr std::size_t kColumns = 3;
    constexpr double kRow = 4.6;
    const double column = (kWidth - 2 * kMargin - (kColumns - 1) * kColumnGap) / kColumns;
    const std::size_t lines = (rows.size() + kColumns - 1) / kColumns;
    for (std::size_t line = 0; line < lines; ++line) {
      if (y_ + kRow > kBottom) new_page();
      for (std::size_t k = 0; k < kColumns; ++k) {
        const std::size_t row = k * lines + line;
        if (row >= rows.size()) continue;
        const double x = kMargin + static_cast<double>(k) * (column + kColumnGap);
        pdf_.text(x, y_, shortened(rows[row].first), {.size = 3, .ink = kInk});
        pdf_.text(x + column - 22, y_, rows[row].second, {.size = 3, .bold = true, .ink = kInk});
        pdf_.line(x, y_ + kRow - 0.3, x + column, y_ + kRow - 0.3, 0.1, {0.85, 0.87, 0.9});
      }
      y_ += kRow;
    }
  }

  void characters() {
    if (pdf_.unknown_characters() > 0)
      paragraph(said("Characters shown as boxes are in no font of the machine that printed this.",
                     "显示为方框的字符在打印此报告的机器上没有字体。"),
                {.size = 3, .bold = true, .ink = kInk});
  }

  // What fits before the value; whole UTF-8 characters.
  static std::string shortened(const std::string& name) {
    constexpr std::size_t kMost = 40;
    if (name.size() <= kMost) return name;
    std::size_t end = kMost;
    while (end > 0 && (static_cast<unsigned char>(name[end]) & 0xC0U) == 0x80U) --end;
    return name.substr(0, end) + "…";
  }

  const EcgReport& report_;
  const signal::Recording& recording_;
  Pdf pdf_;
  double y_ = kTop;
  int page_ = 0;
};

}  // namespace

std::string ecg_pdf(const EcgReport& report, const signal::Recording& recording) {
  return Printer(report, recording).print();
}

}  // namespace meridian::care
