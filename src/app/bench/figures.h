// What a bench measured, printed in one way by all: a table for people, or one JSON object a bench for
// programs.
#pragma once
#include <string>
#include <vector>

#include "vision/metrics.h"

namespace meridian::app {

class Figures {
 public:
  // name: "record"; as in `meridian bench record`.
  explicit Figures(std::string name);
  // add("reads by id", 51234.2, "1/s"). unit: UCUM or "1/s", "%". decimals: those that the measurement bears.
  void add(const std::string& what, double value, const std::string& unit, int decimals = 0);
  // A share or score with its 95 % interval, from so many patients or films.
  void add_measured(const std::string& what, const vision::Interval& interval, std::size_t count,
                    int decimals = 3);
  // Adds "<what> p50" and "<what> p99" in ms. seconds: one value a request.
  void add_latency(const std::string& what, std::vector<double> seconds);
  // {"bench", "figures": [{"what", "value", "unit", "interval", "n"}]} on one line, or a table.
  void print(bool json) const;

 private:
  struct Figure {
    std::string what, value, unit;
    std::string low, high;  // empty: no interval
    std::size_t count = 0;
  };
  std::string name_;
  std::vector<Figure> figures_;
};

// The value below which that share (0 to 1) of the values lies; 0 when there are none.
double percentile(std::vector<double> values, double share);

}  // namespace meridian::app
