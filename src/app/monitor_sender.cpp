#include "app/monitor_sender.h"

#include <cmath>

#include "base/error.h"
#include "base/file.h"
#include "base/json.h"
#include "base/log.h"
#include "base/text.h"
#include "network/http_client.h"

namespace meridian::app {
namespace {

network::Url url_of(const MonitorTarget& target) {
  network::Url url = network::parse_url(target.node);
  const bool here = url.host == "localhost" || url.host == "127.0.0.1" || url.host == "::1";
  if (!url.tls && !here)
    throw Error(ErrorCode::invalid_value, "A password is not sent over http://", target.node,
                "Give the node's https:// address");
  return url;
}

std::string first_line(const std::filesystem::path& file) {
  const std::string text = read_file(file);
  return std::string(trimmed(std::string_view(text).substr(0, text.find('\n'))));
}

std::string sign_in(const MonitorTarget& target, const network::Url& node) {
  network::HttpCall call;
  call.url = node.below("auth/sign-in");
  call.media_type = "application/json";
  call.body =
      Json::object({{"username", target.user}, {"password", first_line(target.password_file)}}).dump();
  // Its operator names the node: it, and nothing else, may be anywhere.
  const network::HttpClient client({.hosts = network::HostList(node.authority()),
                                    .policy = network::AddressPolicy("0.0.0.0/0, ::/0"),
                                    .plain = true,
                                    .authorities = target.authorities});
  const network::HttpReply reply = client.call(call);
  if (reply.status != 200)
    throw Error(ErrorCode::unauthenticated, "The node answered " + std::to_string(reply.status), target.user,
                "Check the user and the password's file");
  return Json::parse(reply.body).text("token");
}

// What the node says.
std::string diagnostics_of(const Json& said) {
  return said.text("outcome.issue.diagnostics", said.dump());
}

[[noreturn]] void fail(const std::string& why) {
  throw Error(ErrorCode::unavailable, "The node takes no samples: " + (why.empty() ? "the line broke" : why));
}

Json microvolts(float millivolts) {
  return std::isfinite(millivolts)
             ? Json(static_cast<std::int64_t>(std::lround(static_cast<double>(millivolts) * 1000)))
             : Json();
}

}  // namespace

MonitorSender::MonitorSender(const MonitorTarget& target, const std::vector<std::string>& leads,
                             double sampling_frequency) {
  const network::Url node = url_of(target);
  const std::string token = sign_in(target, node);
  socket_ = std::make_unique<network::WebSocketClient>(
      node.below("care/cases/" + target.case_id + "/monitor/send"),
      std::vector<std::pair<std::string, std::string>>{{"Authorization", "Bearer " + token}},
      target.authorities);
  Json names = Json::array();
  for (const std::string& lead : leads) names.push_back(lead);
  socket_->send(
      Json::object(
          {{"name", target.name}, {"leads", std::move(names)}, {"samplingFrequency", sampling_frequency}})
          .dump());
  const std::string said = socket_->receive();
  if (said.empty()) fail(socket_->why_closed());
  if (const Json json = Json::parse(said); json.text("kind") != "begun") fail(diagnostics_of(json));
}

void MonitorSender::send(const std::vector<std::vector<float>>& samples) {
  Json list = Json::array();
  for (const std::vector<float>& lead : samples) {
    Json values = Json::array();
    for (const float sample : lead) values.push_back(microvolts(sample));
    list.push_back(std::move(values));
  }
  hear();
  try {
    socket_->send(Json::object({{"samples", std::move(list)}}).dump());
  } catch (const Error& error) {
    hear();
    fail(socket_->why_closed().empty() ? error.what() : socket_->why_closed());
  }
}

// What the node says of its own accord: that it ends the monitor, or takes samples as missing; both are told,
// and the line's end follows where there is one.
void MonitorSender::hear() {
  for (std::string said = socket_->receive_now(); !said.empty(); said = socket_->receive_now())
    if (const Json json = Json::parse(said); json.text("kind") == "failed")
      log_warning("monitor-refused", {{"node", diagnostics_of(json)}});
}

void MonitorSender::finish() {
  socket_->send(R"({"end":true})");
  for (std::string said = socket_->receive(); !said.empty(); said = socket_->receive())
    if (const Json json = Json::parse(said); json.text("kind") == "failed") fail(diagnostics_of(json));
}

}  // namespace meridian::app
