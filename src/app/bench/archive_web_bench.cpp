#include "app/bench/archive_web_bench.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <map>
#include <random>
#include <vector>

#include "app/bench/bench_account.h"
#include "app/bench/http_load.h"
#include "app/bench/orthanc.h"
#include "app/bench/scan_copies.h"
#include "app/node.h"
#include "base/encoding.h"
#include "base/error.h"

namespace meridian::app {
namespace {

constexpr std::int64_t kFewStudies = 1'000, kLongSeries = 1'000;
constexpr int kSmall = 16, kFramed = 256;  // pixels a side
constexpr int kManyFrames = 500;
constexpr int kConnections = 4, kFillers = 16, kManyConnections = 64;
constexpr std::size_t kLooks = 100;
constexpr std::size_t kStudyOfLoad = 100;  // instances

// How a value is reached in a server of DICOMweb.
struct WebPeer {
  std::string name;
  int port = 0;
  std::string root, authorization;  // "/dicomweb"; a header with its line's end, or empty

  std::string get(const std::string& target, const std::string& accept) const {
    return fmt::format("GET {}{} HTTP/1.1\r\nHost: bench\r\nAccept: {}\r\n{}\r\n", root, target, accept,
                       authorization);
  }
  std::string store(const std::string& file) const {
    constexpr std::string_view kBegin = "--instance\r\nContent-Type: application/dicom\r\n\r\n",
                               kEnd = "\r\n--instance--\r\n";
    return fmt::format(
        "POST {}/studies HTTP/1.1\r\nHost: bench\r\nAccept: application/dicom+json\r\n{}"
        "Content-Type: multipart/related; type=\"application/dicom\"; boundary=instance\r\n"
        "Content-Length: {}\r\n\r\n{}{}{}",
        root, authorization, kBegin.size() + file.size() + kEnd.size(), kBegin, file, kEnd);
  }
};

constexpr const char *kJson = "application/dicom+json",
                     *kParts = R"(multipart/related; type="application/dicom"; transfer-syntax=*)",
                     *kFrames = R"(multipart/related; type="application/octet-stream")";

double resident_mebibytes() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmRSS:")) return std::stod(line.substr(6)) / 1024;
  throw Error(ErrorCode::unavailable, "The system does not say how much memory this process has");
}

class WebBench {
 public:
  WebBench(WebPeer peer, double seconds, Figures& figures)
      : peer_(std::move(peer)), seconds_(seconds), figures_(figures) {}

  // Small studies of one instance each, until there are so many.
  void fill(std::int64_t studies) {
    const auto missing = static_cast<std::size_t>(studies) - studies_.size();
    HttpLoad load(peer_.port, kFillers);
    const auto result = load.repeat(missing, [&] {
      const std::string& file = small_.next();
      studies_.push_back(small_.study_uid());
      return peer_.store(file);
    });
    add(fmt::format("STOW of small studies up to {}", studies), double(missing) / result.seconds, "1/s");
  }

  void search() {
    std::mt19937 random(1);
    std::uniform_int_distribution<std::size_t> any(0, studies_.size() - 1);
    look(fmt::format("QIDO by UID among {} studies", studies_.size()),
         [&] { return peer_.get("/studies?StudyInstanceUID=" + studies_[any(random)], kJson); });
    look(fmt::format("QIDO of 100 rows among {} studies", studies_.size()),
         [&] { return peer_.get("/studies?limit=100", kJson); });
  }

  void read_metadata() {
    ScanCopies scans({.side = kSmall, .per_series = kLongSeries});
    HttpLoad load(peer_.port, kFillers);
    load.repeat(kLongSeries, [&] { return peer_.store(scans.next()); });
    look(
        "metadata of a series of 1,000",
        [&] {
          return peer_.get("/studies/" + scans.study_uid() + "/series/" + scans.series_uid() + "/metadata",
                           kJson);
        },
        kLooks / 5);
  }

  void store_and_read() {
    ScanCopies scans({.per_study = kStudyOfLoad});
    const auto load = [&] { return HttpLoad(peer_.port, kConnections); };  // servers end what is idle
    const auto stored = load().run(
        std::chrono::duration<double>(seconds_), [&] { return peer_.store(scans.next()); },
        [](std::string_view) {});
    add("STOW of CT, 4 connections", double(stored.latencies.size()) / stored.seconds, "1/s");
    ScanCopies whole({.per_study = kStudyOfLoad});
    load().repeat(kStudyOfLoad, [&] { return peer_.store(whole.next()); });
    const std::string in_study = "/studies/" + whole.study_uid(),
                      in_instance =
                          in_study + "/series/" + whole.series_uid() + "/instances/" + whole.instance_uid();
    HttpLoad one(peer_.port, 1);
    const auto read = one.repeat(5, [&] { return peer_.get(in_study, kParts); });
    add("WADO of a whole study, 1 connection", read.bytes / read.seconds / 1e6, "MB/s");
    const auto frames = load().run(
        std::chrono::duration<double>(seconds_),
        [&] { return peer_.get(in_instance + "/frames/1", kFrames); }, [](std::string_view) {});
    add("raw frames, 4 connections", double(frames.latencies.size()) / frames.seconds, "1/s");
    look("rendered PNG over HTTP", [&] { return peer_.get(in_instance + "/rendered", "image/png"); });
  }

  void read_frames() {
    for (const int count : {1, kManyFrames}) {
      ScanCopies scans({.side = kFramed, .frames = count});
      HttpLoad load(peer_.port, 1);
      load.repeat(1, [&] { return peer_.store(scans.next()); });
      const std::string target =
          fmt::format("/studies/{}/series/{}/instances/{}/frames/{}", scans.study_uid(), scans.series_uid(),
                      scans.instance_uid(), (count + 1) / 2);
      look(fmt::format("frame of an object of {}", count), [&] { return peer_.get(target, kFrames); });
    }
  }

  void report_memory() {
    add(fmt::format("resident memory after {} instances, load generator included", studies_.size()),
        resident_mebibytes(), "MiB");
  }

 private:
  void look(const std::string& what, const std::function<std::string()>& request,
            std::size_t times = kLooks) {
    HttpLoad load(peer_.port, 1);
    load.repeat(2, request);
    figures_.add_latency(peer_.name + what, load.repeat(times, request).latencies);
  }
  void add(const std::string& what, double value, const std::string& unit) {
    figures_.add(peer_.name + what, value, unit);
  }

  const WebPeer peer_;
  const double seconds_;
  Figures& figures_;
  ScanCopies small_{{.side = kSmall, .per_study = 1}};
  std::vector<std::string> studies_;
};

Configuration node_configuration(const BenchOptions& options) {
  Configuration configuration;
  configuration.data_folder = options.work / "archive-node";
  configuration.http_port = 0;
  configuration.http_tls = false;
  configuration.dicom_enabled = false;
  return configuration;
}

WebPeer peer_of(Node& node) {
  return {.name = {},
          .port = node.http_port(),
          .root = "/dicomweb",
          .authorization = "Authorization: Bearer " + bench_token(node.core()) + "\r\n"};
}

void measure_node(const BenchOptions& options, Figures& figures) {
  Node node(node_configuration(options));
  node.start();
  WebBench bench(peer_of(node), options.seconds, figures);
  bench.fill(kFewStudies);
  bench.search();
  if (options.studies > kFewStudies) {
    bench.fill(options.studies);
    bench.search();
  }
  bench.report_memory();
  bench.read_metadata();
  bench.store_and_read();
  bench.read_frames();
}

void measure_orthanc(const BenchOptions& options, Figures& figures) {
  if (!Orthanc::is_installed() || !Orthanc::has_dicomweb()) {
    std::fprintf(stderr, "Orthanc's DICOMweb is not installed, so that there is nothing to compare with\n");
    return;
  }
  const Orthanc orthanc(options.work / "orthanc-web", true);
  WebBench bench({.name = "Orthanc, files synced: ",
                  .port = orthanc.http_port(),
                  .root = "/dicom-web",
                  .authorization = {}},
                 options.seconds, figures);
  bench.fill(kFewStudies);
  bench.search();
  bench.read_metadata();
  bench.store_and_read();
  bench.read_frames();
}

}  // namespace

void measure_many_stores(const BenchOptions& options, Figures& figures) {
  std::vector<std::pair<std::string, std::string>> sent;  // instance and digest of what was sent
  {
    Node node(node_configuration(options));
    node.start();
    const WebPeer peer = peer_of(node);
    ScanCopies scans({.side = kSmall, .per_study = kStudyOfLoad});
    HttpLoad load(node.http_port(), kManyConnections);
    const auto stored = load.repeat(static_cast<std::size_t>(options.stores), [&] {
      const std::string& file = scans.next();
      sent.emplace_back(scans.instance_uid(), sha256(file));
      return peer.store(file);
    });
    figures.add("instances acknowledged over 64 connections", double(stored.latencies.size()), "1");
    figures.add("STOW over 64 connections", double(stored.latencies.size()) / stored.seconds, "1/s");
  }
  Node node(node_configuration(options));
  node.start();
  std::size_t whole = 0;
  for (const auto& [instance, digest] : sent)
    whole += node.core().archive.find(instance) && sha256(node.core().archive.bytes(instance)) == digest;
  figures.add("of these, read again as they were sent", double(whole), "1");
  if (whole != sent.size())
    throw Error(ErrorCode::internal,
                fmt::format("{} of {} instances are lost", sent.size() - whole, sent.size()));
}

void measure_archive_web(const BenchOptions& options, Figures& figures) {
  measure_node(options, figures);
  measure_orthanc(options, figures);
}

}  // namespace meridian::app
