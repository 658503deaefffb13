#include "app/bench/http_bench.h"

#include <random>

#include "app/bench/bench_account.h"
#include "app/bench/figures.h"
#include "app/bench/http_load.h"
#include "app/node.h"
#include "base/error.h"
#include "base/log.h"

namespace meridian::app {
namespace {

constexpr int kConnections = 64;

Configuration configuration_of(const BenchOptions& options) {
  Configuration configuration;
  configuration.data_folder = options.work / "http-node";
  configuration.http_port = 0;
  configuration.http_tls = false;
  configuration.dicom_enabled = false;
  return configuration;
}

std::string request(const std::string& method, const std::string& target, const std::string& token,
                    const std::string& body = {}) {
  std::string text =
      method + " " + target + " HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer " + token + "\r\n";
  if (!body.empty())
    text += "Content-Type: application/fhir+json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n";
  return text + "\r\n" + body;
}

std::string patient(int number) {
  const std::string text = std::to_string(number);
  return R"({"resourceType":"Patient","identifier":[{"system":"urn:bench","value":")" + text +
         R"("}],"name":[{"use":"official","family":"Wang","given":["Number )" + text +
         R"("]}],"gender":"female","birthDate":"1961-03-04","telecom":[{"system":"phone","value":"139)" +
         text + R"("}],"address":[{"line":["Street )" + text +
         R"("],"city":"Qinghe","country":"CN"}],"managingOrganization":{"reference":"Organization/bench"}})";
}

// "/fhir/Patient/ID" of the Location of an answer to a create.
std::string location_of(std::string_view head) {
  static constexpr std::string_view kLocation = "Location: ", kHistory = "/_history/";
  const auto begin = head.find(kLocation) + kLocation.size();
  return std::string(head.substr(begin, head.find(kHistory, begin) - begin));
}

void add(Figures& figures, const std::string& what, const HttpLoad::Result& result) {
  figures.add(what, static_cast<double>(result.latencies.size()) / result.seconds, "1/s");
  figures.add_latency(what, result.latencies);
}

}  // namespace

int bench_http(const BenchOptions& options) {
  set_log_level(LogLevel::error);
  Node node(configuration_of(options));
  node.start();
  const std::string token = bench_token(node.core());
  HttpLoad load(node.http_port(), kConnections);
  const std::chrono::duration<double> how_long(options.seconds);

  int number = 0;
  std::vector<std::string> created;
  const HttpLoad::Result creates = load.run(
      how_long, [&] { return request("POST", "/fhir/Patient", token, patient(++number)); },
      [&](std::string_view head) { created.push_back(location_of(head)); });

  std::mt19937 random(1);
  std::uniform_int_distribution<std::size_t> any(0, created.size() - 1);
  const HttpLoad::Result reads = load.run(
      how_long, [&] { return request("GET", created[any(random)], token); }, [](std::string_view) {});

  Figures figures("http");
  figures.add("connections", kConnections, "1");
  add(figures, "FHIR creates over HTTP", creates);
  add(figures, "FHIR reads by id over HTTP", reads);
  figures.print(options.json);
  return 0;
}

}  // namespace meridian::app
