#include "base/metrics.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>
#include <sys/resource.h>
#include <unistd.h>

#include <fstream>
#include <mutex>

namespace meridian {
namespace {

// Seconds, from a cached read to a long film: each at most 2.5 times the one before.
const prometheus::Histogram::BucketBoundaries kSeconds{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1,
                                                       0.25,   0.5,   1,      2.5,   5,    10,    30};

prometheus::Registry& registry() {
  static prometheus::Registry instance;
  return instance;
}

// One family a name; the registry keeps what it made.
template <class Family, class Builder>
Family& family(const std::string& name, Builder builder) {
  static std::mutex mutex;
  static std::map<std::string, Family*> families;
  const std::lock_guard lock(mutex);
  Family*& found = families[name];
  if (!found) found = &builder().Name(name).Register(registry());
  return *found;
}

double resident_bytes() {
  std::ifstream statm("/proc/self/statm");
  double total = 0, resident = 0;
  statm >> total >> resident;
  return resident * static_cast<double>(sysconf(_SC_PAGESIZE));
}

double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec);
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

}  // namespace

void count(const std::string& name, const Labels& labels, double by) {
  family<prometheus::Family<prometheus::Counter>>(name, prometheus::BuildCounter).Add(labels).Increment(by);
}

void set_gauge(const std::string& name, double value, const Labels& labels) {
  family<prometheus::Family<prometheus::Gauge>>(name, prometheus::BuildGauge).Add(labels).Set(value);
}

void observe_seconds(const std::string& name, double seconds, const Labels& labels) {
  family<prometheus::Family<prometheus::Histogram>>(name, prometheus::BuildHistogram)
      .Add(labels, kSeconds)
      .Observe(seconds);
}

std::string metrics_text() {
  set_gauge("process_resident_memory_bytes", resident_bytes());
  set_gauge("process_cpu_seconds_total", cpu_seconds());
  return prometheus::TextSerializer().Serialize(registry().Collect());
}

}  // namespace meridian
