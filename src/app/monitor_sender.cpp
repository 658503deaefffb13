#include "app/monitor_sender.h"

#include <cmath>

#include "base/error.h"
#include "base/file.h"
#include "base/json.h"
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
  // Its operator names the node: it may be anywhere.
  const network::HttpClient client({.policy = network::AddressPolicy("0.0.0.0/0, ::/0"),
                                    .plain = true,
                                    .authorities = target.authorities});
  const network::HttpReply reply = client.call(call);
  if (reply.status != 200)
    throw Error(ErrorCode::unauthenticated, "The node answered " + std::to_string(reply.status), target.user,
                "Check the user and the password's file");
  return Json::parse(reply.body).text("token");
}

// What the node says when it refuses.
[[noreturn]] void fail(const std::string& said) {
  const std::string why =
      said.empty() ? "the line broke" : Json::parse(said).text("outcome.issue.diagnostics", said);
  throw Error(ErrorCode::unavailable, "The node takes no samples: " + why);
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
  if (const std::string said = socket_->receive(); said.empty() || Json::parse(said).text("kind") != "begun")
    fail(said);
}

void MonitorSender::send(const std::vector<std::vector<float>>& samples) {
  Json list = Json::array();
  for (const std::vector<float>& lead : samples) {
    Json values = Json::array();
    for (const float sample : lead) values.push_back(microvolts(sample));
    list.push_back(std::move(values));
  }
  try {
    socket_->send(Json::object({{"samples", std::move(list)}}).dump());
  } catch (const Error&) {
    fail(socket_->receive());
  }
}

void MonitorSender::finish() {
  socket_->send(R"({"end":true})");
  while (!socket_->receive().empty()) {
  }
}

}  // namespace meridian::app
