#include "app/read/ecg_svg.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "signal/statistics.h"

namespace meridian::app {
namespace {

constexpr double kMillimetresASecond = 25;
constexpr double kMillimetresAMillivolt = 10;
constexpr double kStripHeight = 30;  // mm: 3 mV
constexpr double kMarginLeft = 12;   // mm, for the lead's name

std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.2f", value);
  return text;
}

std::string line(double x1, double y1, double x2, double y2, const char* kind) {
  return "<line class=\"" + std::string(kind) + "\" x1=\"" + number(x1) + "\" y1=\"" + number(y1) +
         "\" x2=\"" + number(x2) + "\" y2=\"" + number(y2) + "\"/>";
}

std::string paper(double width, double height) {
  std::string out;
  for (int x = 0; x <= static_cast<int>(width); ++x) out += line(x, 0, x, height, x % 5 ? "fine" : "bold");
  for (int y = 0; y <= static_cast<int>(height); ++y) out += line(0, y, width, y, y % 5 ? "fine" : "bold");
  return out;
}

// The middle of the values shown, so that a wandering baseline stays on its strip.
double middle_of(std::vector<float> values) {
  std::erase_if(values, [](float value) { return std::isnan(value); });
  return signal::median(std::move(values));
}

std::string trace(const signal::Lead& lead, double frequency, std::size_t count, double top) {
  const auto end = lead.samples.begin() + static_cast<std::ptrdiff_t>(count);
  const double zero = middle_of({lead.samples.begin(), end});
  std::string path;
  bool pen_down = false;
  for (std::size_t i = 0; i < count; ++i) {
    const float value = lead.samples[i];
    if (std::isnan(value)) {
      pen_down = false;
      continue;
    }
    const double height =
        std::clamp((value - zero) * kMillimetresAMillivolt, -kStripHeight / 2, kStripHeight / 2);
    path += (pen_down ? "L" : "M") +
            number(kMarginLeft + static_cast<double>(i) / frequency * kMillimetresASecond) + " " +
            number(top + kStripHeight / 2 - height);
    pen_down = true;
  }
  return "<text x=\"2\" y=\"" + number(top + 6) + "\">" + lead.name + "</text><path class=\"trace\" d=\"" +
         path + "\"/>";
}

std::string beat_marks(const Json& beats, double frequency, std::size_t count) {
  std::string out;
  if (!beats.is_array()) return out;
  for (const Json& beat : beats.items()) {
    const Json* sample = beat.find("sample");
    if (!sample || sample->as_int() < 0 || static_cast<std::size_t>(sample->as_int()) >= count) continue;
    const double x = kMarginLeft + static_cast<double>(sample->as_int()) / frequency * kMillimetresASecond;
    out += "<circle class=\"beat\" cx=\"" + number(x) + "\" cy=\"2\" r=\"0.8\"/>";
  }
  return out;
}

}  // namespace

std::string ecg_svg(const signal::Recording& recording, const Json& beats, double seconds) {
  const auto wanted = static_cast<std::size_t>(seconds * recording.sampling_frequency);
  const std::size_t count = std::min(recording.length(), wanted);
  const double width = kMarginLeft + seconds * kMillimetresASecond;
  const double height = kStripHeight * static_cast<double>(recording.leads.size());
  std::string out = "<svg class=\"ecg\" viewBox=\"0 0 " + number(width) + " " + number(height) +
                    "\" style=\"width:" + number(width) + "mm\">" + paper(width, height);
  double top = 0;
  for (const signal::Lead& lead : recording.leads) {
    out += trace(lead, recording.sampling_frequency, count, top);
    top += kStripHeight;
  }
  return out + beat_marks(beats, recording.sampling_frequency, count) + "</svg>";
}

}  // namespace meridian::app
