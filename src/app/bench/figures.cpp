#include "app/bench/figures.h"

#include <algorithm>
#include <cstdio>

#include "base/json.h"

namespace meridian::app {
namespace {

std::string written(double value, int decimals) {
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", decimals, value);
  return text;
}

}  // namespace

Figures::Figures(std::string name) : name_(std::move(name)) {}

void Figures::add(const std::string& what, double value, const std::string& unit, int decimals) {
  figures_.push_back({what, written(value, decimals), unit, {}, {}, 0});
}

void Figures::add_measured(const std::string& what, const vision::Interval& interval, std::size_t count,
                           int decimals) {
  figures_.push_back({what, written(interval.value, decimals), "1", written(interval.low, decimals),
                      written(interval.high, decimals), count});
}

void Figures::add_latency(const std::string& what, std::vector<double> seconds) {
  add(what + " p50", 1000 * percentile(seconds, 0.50), "ms", 2);
  add(what + " p99", 1000 * percentile(std::move(seconds), 0.99), "ms", 2);
}

void Figures::print(bool json) const {
  if (!json) {
    for (const Figure& figure : figures_) {
      const std::string interval = figure.low.empty() ? figure.unit
                                                      : "(" + figure.low + " to " + figure.high + ", n " +
                                                            std::to_string(figure.count) + ")";
      std::printf("%-8s %-48s %14s %s\n", name_.c_str(), figure.what.c_str(), figure.value.c_str(),
                  interval.c_str());
    }
    std::fflush(stdout);
    return;
  }
  Json rows = Json::array();
  for (const Figure& figure : figures_) {
    Json row =
        Json::object({{"what", figure.what}, {"value", Json::Number{figure.value}}, {"unit", figure.unit}});
    if (!figure.low.empty()) {
      row["interval"] = Json::array({Json::Number{figure.low}, Json::Number{figure.high}});
      row["n"] = static_cast<std::uint64_t>(figure.count);
    }
    rows.push_back(std::move(row));
  }
  std::printf("%s\n", Json::object({{"bench", name_}, {"figures", std::move(rows)}}).dump().c_str());
  std::fflush(stdout);
}

double percentile(std::vector<double> values, double share) {
  if (values.empty()) return 0;
  const auto place =
      std::min(values.size() - 1, static_cast<std::size_t>(share * static_cast<double>(values.size())));
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(place), values.end());
  return values[place];
}

}  // namespace meridian::app
