// Counters, gauges and histograms of this process, in Prometheus' text format.
#pragma once
#include <map>
#include <string>

namespace meridian {

using Labels = std::map<std::string, std::string>;

// Names as Prometheus asks: meridian_<what>_<unit>_total. Safe from any thread; made at first use.
void count(const std::string& name, const Labels& labels = {}, double by = 1);
void set_gauge(const std::string& name, double value, const Labels& labels = {});
void observe_seconds(const std::string& name, double seconds, const Labels& labels = {});
// The body of GET /metrics, with the process's resident memory, start time and CPU seconds.
std::string metrics_text();

}  // namespace meridian
