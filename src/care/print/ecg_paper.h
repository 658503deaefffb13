// ECG paper of 25 mm/s and 10 mm/mV, and the leads on it.
#pragma once
#include <cstddef>
#include <utility>
#include <vector>

#include "care/print/ecg_report.h"
#include "care/print/pdf.h"

namespace meridian::care {

inline constexpr double kPaperSpeed = 25, kPaperGain = 10;  // mm/s, mm/mV
inline constexpr double kMarkWidth = 12;                    // mm, of the pulse of 1 mV before a row of traces

// A piece of a lead.
struct Strip {
  const signal::Lead* lead;
  double from, seconds;      // of the recording
  double x, middle, height;  // mm
  bool begins_row;           // with the pulse before it
};

class EcgPaper {
 public:
  // All must outlive this.
  EcgPaper(Pdf& pdf, const signal::Recording& recording, const std::vector<PrintedBeat>& beats)
      : pdf_(pdf), recording_(recording), beats_(beats) {}

  // The paper alone, which no trace drawn from then on leaves. All in mm.
  void grid(double left, double top, double right, double bottom);
  // A trace with its lead's name, and its beats that are not normal. Gaps are left open.
  void draw(const Strip& strip);

 private:
  void trace(const Strip& strip, std::size_t first, std::size_t last);
  void flush(std::vector<std::pair<double, double>>& points);
  void pulse(double x, double zero);
  void mark_beats(const Strip& strip, std::size_t first, std::size_t last);

  Pdf& pdf_;
  const signal::Recording& recording_;
  const std::vector<PrintedBeat>& beats_;
  double top_ = 0, bottom_ = 0;  // of the paper
};

}  // namespace meridian::care
