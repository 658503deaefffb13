#include "app/monitor_line.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/file.h"
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

[[noreturn]] void refuse_sign_in(const MonitorTarget& target, int status) {
  using enum ErrorCode;
  const ErrorCode code = status == 429 ? locked_out : status >= 500 ? unavailable : unauthenticated;
  throw Error(code, "The node answered " + std::to_string(status), target.user,
              "Check the user and the password's file");
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
  if (reply.status != 200) refuse_sign_in(target, reply.status);
  return Json::parse(reply.body).text("token");
}

// What the node says.
std::string diagnostics_of(const Json& said) {
  return said.text("outcome.issue.diagnostics", said.dump());
}

// Of what the node says as it closes the line: what may be otherwise when the sender signs in again, or
// later.
bool may_pass(const Json& said) {
  constexpr std::array<std::string_view, 6> kPassing{"login",     "transient", "timeout",
                                                     "throttled", "no-store",  "exception"};
  return std::ranges::find(kPassing, said.text("outcome.issue.code")) != kPassing.end();
}

Json microvolts(float millivolts) {
  return std::isfinite(millivolts)
             ? Json(static_cast<std::int64_t>(std::lround(static_cast<double>(millivolts) * 1000)))
             : Json();
}

}  // namespace

MonitorLine::MonitorLine(const MonitorTarget& target, const std::vector<std::string>& leads,
                         double sampling_frequency)
    : target_(target) {
  const network::Url node = url_of(target);
  const std::string token = sign_in(target, node);
  socket_ = std::make_unique<network::WebSocketClient>(
      node.below("care/cases/" + target.case_id + "/monitor/send"),
      std::vector<std::pair<std::string, std::string>>{{"Authorization", "Bearer " + token}},
      target.authorities);
  Json names = Json::array();
  for (const std::string& lead : leads) names.push_back(lead);
  say(Json::object(
      {{"name", target.name}, {"leads", std::move(names)}, {"samplingFrequency", sampling_frequency}}));
  const std::string said = socket_->receive();
  if (said.empty()) fail({});
  hear(Json::parse(said));
  if (refused_) fail({});
}

void MonitorLine::send(const std::vector<std::vector<float>>& samples) {
  Json list = Json::array();
  for (const std::vector<float>& lead : samples) {
    Json values = Json::array();
    for (const float sample : lead) values.push_back(microvolts(sample));
    list.push_back(std::move(values));
  }
  hear();
  say(Json::object({{"samples", std::move(list)}}));
}

void MonitorLine::say(const Json& what) {
  try {
    socket_->send(what.dump());
  } catch (const Error& error) {
    hear();
    fail(error.what());
  }
}

void MonitorLine::fail(const std::string& why) const {
  if (refused_) throw Error(*refused_);
  const std::string said = socket_->why_closed();
  throw Error(ErrorCode::unavailable, "The node takes no samples: " + (!said.empty()  ? said
                                                                       : !why.empty() ? why
                                                                                      : "the line broke"));
}

// What the node says of its own accord.
void MonitorLine::hear() {
  for (std::string said = socket_->receive_now(); !said.empty(); said = socket_->receive_now())
    hear(Json::parse(said));
}

// Where it cannot now, the node asks again, until the session ends.
void MonitorLine::renew() {
  std::string token;
  try {
    token = sign_in(target_, url_of(target_));
  } catch (const Error& error) {
    return log_warning("monitor-session-not-renewed", {{"reason", error.describe()}});
  }
  say(Json::object({{"session", token}}));
}

void MonitorLine::hear(const Json& said) {
  const std::string kind = said.text("kind");
  if (kind == "renew") return renew();
  if (kind != "failed") return;
  const Json* ends = said.find("ends");
  if (refused_) return;  // what was on its way to the node when it ended is no beginning
  if (ends && ends->as_bool())
    refused_.emplace(may_pass(said) ? ErrorCode::unavailable : ErrorCode::refused,
                     "The node takes no samples: " + diagnostics_of(said));
  else
    log_warning("monitor-refused", {{"node", diagnostics_of(said)}});
}

void MonitorLine::finish() {
  say(Json::object({{"end", true}}));
  for (std::string said = socket_->receive(); !said.empty(); said = socket_->receive())
    hear(Json::parse(said));
  if (refused_) fail({});
}

}  // namespace meridian::app
