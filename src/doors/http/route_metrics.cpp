#include "doors/http/route_metrics.h"

#include <algorithm>

#include "base/json.h"

namespace meridian::doors::http {
namespace {

std::string labels(std::string_view method, std::string_view route) {
  return "{method=\"" + std::string(method) + "\",route=\"" + std::string(route) + "\"";
}

std::string number(double value) {
  return Json(value).number_text();
}

}  // namespace

void RouteMetrics::observe(int status, std::chrono::nanoseconds took) {
  const double seconds = std::chrono::duration<double>(took).count();
  const auto bucket = std::lower_bound(kBuckets.begin(), kBuckets.end(), seconds) - kBuckets.begin();
  by_class_[static_cast<std::size_t>(std::clamp(status / 100, 0, 5))].fetch_add(1, std::memory_order_relaxed);
  buckets_[static_cast<std::size_t>(bucket)].fetch_add(1, std::memory_order_relaxed);
  nanoseconds_.fetch_add(static_cast<std::uint64_t>(took.count()), std::memory_order_relaxed);
}

void RouteMetrics::write_requests(std::string& out, std::string_view method, std::string_view route) const {
  for (std::size_t i = 1; i < by_class_.size(); ++i) {
    const std::uint64_t count = by_class_[i].load(std::memory_order_relaxed);
    if (count == 0) continue;
    out += "meridian_http_requests_total" + labels(method, route) + ",status=\"" + std::to_string(i) +
           "xx\"} " + std::to_string(count) + "\n";
  }
}

void RouteMetrics::write_seconds(std::string& out, std::string_view method, std::string_view route) const {
  const std::string name = "meridian_http_request_seconds", common = labels(method, route);
  std::uint64_t total = 0;
  std::string lines;
  for (std::size_t i = 0; i < buckets_.size(); ++i) {
    total += buckets_[i].load(std::memory_order_relaxed);
    const std::string end = i < kBuckets.size() ? number(kBuckets[i]) : "+Inf";
    lines += name + "_bucket" + common + ",le=\"" + end + "\"} " + std::to_string(total) + "\n";
  }
  if (total == 0) return;
  const double seconds = static_cast<double>(nanoseconds_.load(std::memory_order_relaxed)) * 1e-9;
  out += lines + name + "_sum" + common + "} " + number(seconds) + "\n" + name + "_count" + common + "} " +
         std::to_string(total) + "\n";
}

}  // namespace meridian::doors::http
