// How often a route was asked, how it ended and how long it took: counted without locks, since every request
// does it.
#pragma once
#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace meridian::doors::http {

class RouteMetrics {
 public:
  void observe(int status, std::chrono::nanoseconds took);
  // Lines of Prometheus' text format for this route.
  void write_requests(std::string& out, std::string_view method, std::string_view route) const;
  void write_seconds(std::string& out, std::string_view method, std::string_view route) const;

 private:
  // Upper ends in seconds, as for all other durations of the program.
  static constexpr std::array<double, 12> kBuckets{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025,
                                                   0.05,   0.1,   0.25,   1,     5,    30};

  std::array<std::atomic<std::uint64_t>, 6> by_class_{};  // of status / 100
  std::array<std::atomic<std::uint64_t>, kBuckets.size() + 1> buckets_{};
  std::atomic<std::uint64_t> nanoseconds_{0};
};

}  // namespace meridian::doors::http
