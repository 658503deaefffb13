#include "care/print/long_ecg_pages.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <optional>
#include <string_view>

#include "base/local_time.h"
#include "care/print/ecg_paper.h"

namespace meridian::care {
namespace {

constexpr double kShort = 120;  // s, that are printed as they are
constexpr std::size_t kLeads = 2;
constexpr double kRow = 22, kTitle = 5.5, kGap = 2.5;         // mm, of a stretch
constexpr double kFlat = 0.05;                                // mV
constexpr double kHourLine = 4, kHourText = 2.9;              // mm
constexpr double kHalf = (kPageWidth - 2 * kPageMargin) / 2;  // mm, for two hours side by side
constexpr std::size_t kSideBySide = 8;                        // hours, from which on they are

// Of what lasts: what they measured makes up the summary.
constexpr std::array<std::string_view, 9> kSummary{
    "http://loinc.org|8884-9",  // rhythm
    "urn:meridian:ecg|course",
    "http://hl7.org/fhir/sid/icd-10|I48.9",  // atrial fibrillation
    "http://hl7.org/fhir/sid/icd-10|I49.3",  // ventricular beats and runs
    "http://hl7.org/fhir/sid/icd-10|I47.2",
    "http://hl7.org/fhir/sid/icd-10|I49.1",  // supraventricular ones
    "http://hl7.org/fhir/sid/icd-10|I47.1",
    "urn:meridian:ecg|pause",
    "urn:meridian:ecg|heart-rate-variability",
};

// "13:05:42", and what the clocks showed where that is known.
std::string time_text(double seconds, const std::optional<Instant>& start) {
  const long whole = std::lround(seconds);
  std::string text = fmt::format("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60);
  if (start) text += fmt::format(" ({})", format_local(*start + std::chrono::seconds(whole)).substr(0, 19));
  return text;
}

std::string hour_text(double seconds, const std::optional<Instant>& start) {
  const long whole = std::lround(seconds);
  return start ? format_local(*start + std::chrono::seconds(whole)).substr(11, 5)
               : fmt::format("{}:{:02}", whole / 3600, whole / 60 % 60);
}

struct Column {
  engine::LocalizedText head;
  double x;  // mm
};

const std::array<Column, 10> kColumns{{{{"from", "开始"}, 0},
                                       {{"mean", "平均"}, 14},
                                       {{"lowest", "最低"}, 27},
                                       {{"highest", "最高"}, 40},
                                       {{"beats", "心搏"}, 54},
                                       {{"V", "室性"}, 67},
                                       {{"S", "室上性"}, 79},
                                       {{"pauses", "停搏"}, 92},
                                       {{"AF min", "房颤分钟"}, 105},
                                       {{"QTc ms", "QTc毫秒"}, 120}}};

std::array<std::string, kColumns.size()> cells_of(const PrintedHour& hour,
                                                  const std::optional<Instant>& start) {
  const auto rate = [](double value) { return value > 0 ? fmt::format("{:.0f}", value) : "–"; };
  return {hour_text(hour.from, start),
          rate(hour.mean_rate),
          rate(hour.lowest_rate),
          rate(hour.highest_rate),
          std::to_string(hour.beats),
          std::to_string(hour.ventricular),
          std::to_string(hour.supraventricular),
          std::to_string(hour.pauses),
          fmt::format("{:.0f}", hour.fibrillation / 60),
          hour.qtc ? fmt::format("{:.0f}", *hour.qtc) : "–"};
}

void print_heads(ReportPages& pages, double x, double y) {
  for (const Column& column : kColumns)
    pages.pdf().text(x + column.x, y, pages.said(column.head),
                     {.size = kHourText, .bold = true, .ink = kInk});
}

void print_hour(ReportPages& pages, double x, double y, const PrintedHour& hour) {
  const auto cells = cells_of(hour, pages.report().recorded);
  for (std::size_t k = 0; k < kColumns.size(); ++k)
    pages.pdf().text(x + kColumns[k].x, y, cells[k], {.size = kHourText, .ink = kInk});
  pages.pdf().line(x, y + kHourLine - 0.2, x + kHalf - 4, y + kHourLine - 0.2, 0.1, {0.85, 0.87, 0.9});
}

void print_hours(ReportPages& pages) {
  const std::vector<PrintedHour>& hours = pages.report().course.hours;
  if (hours.empty()) return;
  pages.title("By the hour (rates a minute; V, S: ectopic beats; AF: suspected atrial fibrillation)",
              "逐小时（心率：次/分；室性、室上性：异位搏动数；房颤：疑似心房颤动）");
  const bool side_by_side = hours.size() >= kSideBySide;
  const std::size_t lines = side_by_side ? (hours.size() + 1) / 2 : hours.size();
  const double heads = pages.take(kHourLine + 0.5);
  print_heads(pages, kPageMargin, heads);
  if (side_by_side) print_heads(pages, kPageMargin + kHalf, heads);
  for (std::size_t line = 0; line < lines; ++line) {
    const double y = pages.take(kHourLine);
    print_hour(pages, kPageMargin, y, hours[line]);
    if (side_by_side && lines + line < hours.size())
      print_hour(pages, kPageMargin + kHalf, y, hours[lines + line]);
  }
}

void print_measurements(ReportPages& pages) {
  std::vector<const PrintedFinding*> findings;
  for (const PrintedFinding& finding : pages.report().findings)
    if (is_in_summary(finding)) findings.push_back(&finding);
  const auto rows = measurement_rows(findings, pages);
  if (rows.empty()) return;
  pages.title("Of the whole recording", "全程");
  pages.table(rows);
}

bool shows_something(const signal::Lead& lead, double frequency, double from) {
  const auto count = static_cast<double>(lead.samples.size());
  const auto first = static_cast<std::size_t>(std::min(count, from * frequency)),
             last = static_cast<std::size_t>(std::min(count, (from + kStretchSeconds) * frequency));
  float low = 0, high = 0;
  bool any = false;
  for (std::size_t i = first; i < last; ++i) {
    const float value = lead.samples[i];
    if (!std::isfinite(value)) continue;
    low = any ? std::min(low, value) : value;
    high = any ? std::max(high, value) : value;
    any = true;
  }
  return any && static_cast<double>(high - low) >= kFlat;
}

// Those in which the rhythm is read best, of those that show something there.
std::vector<const signal::Lead*> leads_of(const signal::Recording& recording, double from) {
  constexpr std::array<std::string_view, 4> kBest{"II", "MLII", "V5", "V1"};
  std::vector<const signal::Lead*> leads;
  for (const signal::Lead& lead : recording.leads) leads.push_back(&lead);
  std::ranges::stable_sort(leads, {}, [&](const signal::Lead* lead) {
    const bool is_shown = shows_something(*lead, recording.sampling_frequency, from);
    return std::pair(!is_shown, std::ranges::find(kBest, lead->name) - kBest.begin());
  });
  leads.resize(std::min(kLeads, leads.size()));
  return leads;
}

void print_stretch(ReportPages& pages, const PrintedStretch& stretch) {
  const signal::Recording& recording = pages.recording();
  const double from = std::max(0.0, std::min(stretch.shown_from, recording.seconds() - kStretchSeconds));
  const std::vector<const signal::Lead*> leads = leads_of(recording, from);
  const double height = kRow * static_cast<double>(leads.size());
  const double top = pages.take(kTitle + height + kGap);
  const std::string at = time_text(stretch.from, pages.report().recorded),
                    shown = time_text(from, std::nullopt);
  pages.pdf().text(kPageMargin, top,
                   pages.said(stretch.title) + pages.said(", from ", "，始于") + at +
                       pages.said("; shown from ", "；图示自") + shown,
                   {.size = 3.4, .bold = true, .ink = stretch.is_signed ? kInk : kDraft});
  EcgPaper paper(pages.pdf(), recording, pages.report().beats);
  const double left = kPageMargin + kMarkWidth;
  paper.grid(kPageMargin, top + kTitle, left + kStretchSeconds * kPaperSpeed, top + kTitle + height);
  for (std::size_t row = 0; row < leads.size(); ++row)
    paper.draw({leads[row], from, kStretchSeconds, left,
                top + kTitle + (static_cast<double>(row) + 0.5) * kRow, kRow, true});
}

}  // namespace

bool is_printed_as_long(const EcgReport& report, const signal::Recording& recording) {
  return recording.seconds() > kShort && !(report.course.hours.empty() && report.course.stretches.empty());
}

bool is_in_summary(const PrintedFinding& finding) {
  return std::ranges::find(kSummary, finding.code) != kSummary.end();
}

std::vector<std::pair<std::string, std::string>> measurement_rows(
    const std::vector<const PrintedFinding*>& findings, const ReportPages& pages) {
  std::vector<std::pair<std::string, std::string>> rows;
  for (const PrintedFinding* finding : findings)
    for (const auto& [name, value] : finding->measurements) {
      std::pair<std::string, std::string> row{pages.said(name), value};
      if (std::ranges::find(rows, row) == rows.end()) rows.push_back(std::move(row));
    }
  return rows;
}

void print_long_ecg(ReportPages& pages) {
  print_hours(pages);
  print_measurements(pages);
  const std::vector<PrintedStretch>& stretches = pages.report().course.stretches;
  if (stretches.empty()) return;
  pages.next_page();
  pages.title("What tells most (25 mm/s, 10 mm/mV at full size)",
              "最具代表性的片段（25毫米/秒，10毫米/毫伏，按100%打印时）");
  for (const PrintedStretch& stretch : stretches) print_stretch(pages, stretch);
}

}  // namespace meridian::care
