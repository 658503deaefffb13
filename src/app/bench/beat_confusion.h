// How beats were classified against how people classified them, counted as ANSI/AAMI EC57 asks.
#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "app/bench/ecg_reference.h"
#include "app/bench/figures.h"

namespace meridian::app {

struct ClassifiedBeats {
  std::vector<std::int64_t> samples;
  std::vector<char> classes;
};

class BeatConfusion {
 public:
  static constexpr std::string_view kClasses = "NSVFQ";

  // window in samples.
  void add(const ReferenceBeats& reference, const ClassifiedBeats& found, std::int64_t window);
  // Rows: what people said; columns: what was said here; O: no beat.
  void print() const;
  // Sensitivity, positive predictivity and F1 of each class that occurs.
  void add_to(Figures& figures) const;
  // Of one of kClasses; 0 where neither people nor the program named it.
  double f1(char name) const;
  double sensitivity(char name) const;  // 0 to 1; 0 where there is none, or none is said
  double predictivity(char name) const;

 private:
  struct Agreement {
    double both = 0, truth = 0, said = 0;
    double f1() const { return truth + said > 0 ? 2 * both / (truth + said) : 0; }
  };
  Agreement agreement(std::size_t k) const;
  static constexpr std::size_t kNone = 5;
  std::array<std::array<std::size_t, kNone + 1>, kNone + 1> counts_{};
};

}  // namespace meridian::app
