#include "care/print/ecg_paper.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>

#include "care/print/report_pages.h"
#include "signal/statistics.h"

namespace meridian::care {
namespace {

constexpr Ink kMinor{0.98, 0.86, 0.84}, kMajor{0.93, 0.68, 0.65}, kTrace{0, 0, 0};

double middle_of(std::vector<float> values) {
  std::erase_if(values, [](float value) { return !std::isfinite(value); });
  return static_cast<double>(signal::median(std::move(values)));
}

}  // namespace

void EcgPaper::grid(double left, double top, double right, double bottom) {
  top_ = top;
  bottom_ = bottom;
  for (int mm = 0; left + mm <= right + 1e-6; ++mm)
    pdf_.line(left + mm, top, left + mm, bottom, mm % 5 ? 0.06 : 0.12, mm % 5 ? kMinor : kMajor);
  for (int mm = 0; top + mm <= bottom + 1e-6; ++mm)
    pdf_.line(left, top + mm, right, top + mm, mm % 5 ? 0.06 : 0.12, mm % 5 ? kMinor : kMajor);
}

void EcgPaper::draw(const Strip& strip) {
  const double frequency = recording_.sampling_frequency;
  const auto count = static_cast<double>(strip.lead->samples.size());
  const auto first = static_cast<std::size_t>(std::min(count, strip.from * frequency));
  const auto last = static_cast<std::size_t>(std::min(count, (strip.from + strip.seconds) * frequency));
  if (strip.begins_row) pulse(strip.x - kMarkWidth + 2, strip.middle);
  pdf_.text(strip.x + 1, strip.middle - strip.height / 2 + 1, strip.lead->name,
            {.size = 3.4, .bold = true, .ink = kInk});
  trace(strip, first, last);
  mark_beats(strip, first, last);
}

void EcgPaper::trace(const Strip& strip, std::size_t first, std::size_t last) {
  const double frequency = recording_.sampling_frequency;
  const double zero = middle_of({strip.lead->samples.begin() + static_cast<std::ptrdiff_t>(first),
                                 strip.lead->samples.begin() + static_cast<std::ptrdiff_t>(last)});
  std::vector<std::pair<double, double>> points;
  for (std::size_t i = first; i < last; ++i) {
    const auto value = static_cast<double>(strip.lead->samples[i]);
    if (!std::isfinite(value)) {
      flush(points);
      continue;
    }
    const double height = std::clamp((value - zero) * kPaperGain, -strip.height, strip.height);
    points.emplace_back(strip.x + (static_cast<double>(i) / frequency - strip.from) * kPaperSpeed,
                        std::clamp(strip.middle - height, top_, bottom_));
  }
  flush(points);
}

void EcgPaper::flush(std::vector<std::pair<double, double>>& points) {
  pdf_.trace(points, 0.25, kTrace);
  points.clear();
}

void EcgPaper::pulse(double x, double zero) {
  const std::pair<double, double> points[]{
      {x, zero},       {x + 1.5, zero}, {x + 1.5, zero - kPaperGain}, {x + 6.5, zero - kPaperGain},
      {x + 6.5, zero}, {x + 8, zero}};
  pdf_.trace(points, 0.25, kTrace);
}

void EcgPaper::mark_beats(const Strip& strip, std::size_t first, std::size_t last) {
  for (const PrintedBeat& beat : beats_) {
    const auto sample = static_cast<std::size_t>(std::max<std::int64_t>(0, beat.sample));
    if (sample < first || sample >= last) continue;
    const double x =
        strip.x + (static_cast<double>(sample) / recording_.sampling_frequency - strip.from) * kPaperSpeed;
    pdf_.text(x - 1, strip.middle + strip.height / 2 - 4, std::string(1, beat.aami_class),
              {.size = 3, .bold = true, .ink = beat.is_signed ? kInk : kDraft});
  }
}

}  // namespace meridian::care
