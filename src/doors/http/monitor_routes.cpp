#include "doors/http/monitor_routes.h"

#include <algorithm>
#include <limits>
#include <mutex>
#include <optional>
#include <utility>

#include "base/error.h"
#include "base/log.h"
#include "doors/http/authentication.h"
#include "doors/http/outcome.h"
#include "doors/http/web_socket.h"

namespace meridian::doors::http {
namespace {

// Who sends says first {"name", "leads", "samplingFrequency"}, then {"samples": [[microvolts], ...]}, a list
// a lead, again and again, and {"end": true}; and is told begun, ended, and failed, which says why the node
// takes no more, or that samples count as missing. Who watches is told objects of a kind: monitor, samples,
// beat, alarm, acknowledged, alive, ended; and says {"acknowledge": ALARM}.
std::string failed(const char* act, const Error& error, bool ends) {
  return Json::object({{"kind", "failed"}, {"act", act}, {"outcome", outcome_of(error)}, {"ends", ends}})
      .dump();
}

care::MonitorSetup setup_of(const Json& said) {
  care::MonitorSetup setup{said.text("name"), {}, 0};
  if (const Json* leads = said.find("leads"))
    for (const Json& lead : leads->items()) setup.leads.push_back(lead.as_string());
  if (const Json* frequency = said.find("samplingFrequency"))
    setup.sampling_frequency = frequency->as_double();
  return setup;
}

float millivolts(double microvolts) {
  constexpr double kMost = 1e12;  // a float has it, and no body
  return static_cast<float>(std::clamp(microvolts, -kMost, kMost) / 1000);
}

std::vector<std::vector<float>> millivolts_of(const Json& leads) {
  std::vector<std::vector<float>> samples;
  for (const Json& lead : leads.items()) {
    samples.emplace_back();
    for (const Json& microvolts : lead.items())
      samples.back().push_back(microvolts.is_null() ? std::numeric_limits<float>::quiet_NaN()
                                                    : millivolts(microvolts.as_double()));
  }
  return samples;
}

// A sender is asked for another session in the last twelfth of the one it has, again and again.
constexpr int kLastPart = 12;
constexpr std::chrono::minutes kAskAgain{5};

struct Sender {
  trust::Principal principal;
  std::string token;  // of the session
  std::string case_id;
};

// One monitor as its sender has it; its line breaks with this.
class MonitorTalk {
 public:
  MonitorTalk(const Services& services, Sender sender, std::weak_ptr<WebSocket> socket)
      : monitoring_(services.care.monitoring),
        identity_(services.identity),
        sender_(std::move(sender)),
        socket_(std::move(socket)) {}
  ~MonitorTalk() {
    if (monitor_) monitoring_.end(monitor_, true);
  }
  MonitorTalk(const MonitorTalk&) = delete;
  MonitorTalk& operator=(const MonitorTalk&) = delete;

  void hear(const std::string& text) {
    const std::lock_guard lock(mutex_);
    const char* act = monitor_ ? "samples" : "begin";
    try {
      keep_session();
      const Json said = Json::parse(text);
      monitor_ ? go_on(said) : begin(said);
    } catch (const Error& error) {
      if (monitor_) monitoring_.end(std::exchange(monitor_, nullptr), true);
      say_last(failed(act, error, true));
    }
  }

  // Now and then, whether something has come or not.
  void look_after() {
    const std::lock_guard lock(mutex_);
    if (!monitor_) return;
    std::optional<Error> why = monitoring_.look_after(*monitor_);
    if (!why && !identity_.principal(sender_.principal.user))
      why.emplace(ErrorCode::unauthenticated, "The account may not sign in any more", sender_.principal.user);
    if (!why) return;
    monitoring_.stop(std::exchange(monitor_, nullptr), *why);
    say_last(failed("samples", *why, true));
  }

 private:
  void begin(const Json& said) {
    monitor_ = monitoring_.begin(sender_.principal, sender_.case_id, setup_of(said));
    say(R"({"kind":"begun"})");
  }

  void go_on(const Json& said) {
    if (const Json* session = said.find("session")) return renew(*session);
    if (const Json* samples = said.find("samples"))
      tell_impossible(monitoring_.add(*monitor_, millivolts_of(*samples)));
    if (!said.find("end")) return;
    monitoring_.end(std::exchange(monitor_, nullptr), false);
    say_last(R"({"kind":"ended","lost":false})");
  }

  // Once: a device that says other units says them with each piece.
  void tell_impossible(std::size_t count) {
    if (count == 0 || std::exchange(told_impossible_, true)) return;
    say(failed("samples",
               Error(ErrorCode::invalid_value,
                     "Samples beyond 1 V are no ECG and are taken as missing, from now on too", "samples",
                     "Send whole microvolts, and null where there is no sample"),
               false));
  }

  // Who sends is not idle. That the session cannot be looked up now does not end what is watched over.
  void keep_session() {
    try {
      ask_for_another(identity_.session(sender_.token));
    } catch (const Error& error) {
      if (error.code() == ErrorCode::unauthenticated) throw;
      log_error("session-not-checked", {{"error", error.describe()}});
    }
  }

  void ask_for_another(const trust::Session& session) {
    const Instant last_part = session.ends - (session.ends - session.started) / kLastPart;
    if (session.used < last_part || session.used < asked_ + kAskAgain) return;
    asked_ = session.used;
    say(R"({"kind":"renew"})");
  }

  // What does not serve changes nothing.
  void renew(const Json& session) {
    try {
      if (!session.is_string())
        throw Error(ErrorCode::invalid_value, "A session is a text", "session",
                    "Send the token that signing in has given");
      const std::string& token = session.as_string();
      if (identity_.session(token).principal.user != sender_.principal.user)
        throw Error(ErrorCode::forbidden, "This is another account's session", "session");
      sender_.token = token;
      asked_ = {};
      if (const auto socket = socket_.lock()) socket->belong_to(token);
      say(R"({"kind":"renewed"})");
    } catch (const Error& error) {
      say(failed("session", error, false));
    }
  }

  void say(std::string text) const {
    if (const auto socket = socket_.lock()) socket->send(std::move(text));
  }
  void say_last(std::string text) const {
    say(std::move(text));
    if (const auto socket = socket_.lock()) socket->close();
  }

  care::Monitoring& monitoring_;
  trust::Identity& identity_;
  Sender sender_;
  Instant asked_{};  // for another session
  const std::weak_ptr<WebSocket> socket_;
  std::mutex mutex_;  // what comes and what is looked at meet
  std::shared_ptr<care::Monitor> monitor_;
  bool told_impossible_ = false;
};

Response send(const Services& services, Request& request) {
  require_own_page(request);
  const Sender sender{request.principal(), request.session->token, request.captured[0]};
  return web_socket_response(request, [services, sender](const std::shared_ptr<WebSocket>& socket) {
    const auto talk = std::make_shared<MonitorTalk>(services, sender, socket);
    socket->on_text([talk](const std::string& text) { talk->hear(text); });
    socket->on_tick([talk] { talk->look_after(); });
  });
}

void hear_watcher(care::Monitoring& monitoring, const trust::Principal& principal, const std::string& case_id,
                  const std::string& text, const std::shared_ptr<WebSocket>& socket) {
  try {
    monitoring.acknowledge(principal, case_id, Json::parse(text).text("acknowledge"));
  } catch (const Error& error) {
    socket->send(failed("acknowledge", error, false));
  }
}

Response watch(care::Monitoring& monitoring, Request& request) {
  require_own_page(request);
  return web_socket_response(request, [&monitoring, principal = request.principal(),
                                       case_id =
                                           request.captured[0]](const std::shared_ptr<WebSocket>& socket) {
    try {
      socket->on_text([&monitoring, principal, case_id, to = std::weak_ptr(socket)](const std::string& text) {
        if (const auto alive = to.lock()) hear_watcher(monitoring, principal, case_id, text, alive);
      });
      monitoring.find(principal, case_id)->watch([to = std::weak_ptr(socket)](const std::string& message) {
        const auto alive = to.lock();
        return alive && alive->send(message);
      });
      // A line on which no signal comes is not broken: who watches could not tell it from one that is.
      socket->on_tick([to = std::weak_ptr(socket)] {
        if (const auto alive = to.lock()) alive->send(R"({"kind":"alive"})");
      });
    } catch (const Error& error) {
      socket->send(failed("watch", error, true));
      socket->close();
    }
  });
}

}  // namespace

void add_monitor_routes(Router& router, const Services& services) {
  care::Monitoring& monitoring = services.care.monitoring;
  const Permission readers = Permission::of(trust::Act::read, "Encounter");
  router.add(Method::get, "/care/cases/{id}/monitor", readers,
             [&monitoring](Request& request) { return watch(monitoring, request); });
  router.add(Method::get, "/care/cases/{id}/monitor/send", Permission::of(trust::Act::write, "Observation"),
             [services](Request& request) { return send(services, request); });
  router.add(Method::get, "/care/cases/{id}/alarms", readers, [&monitoring](Request& request) {
    return Response::json(monitoring.alarms(request.principal(), request.captured[0]));
  });
  router.add(Method::post, "/care/cases/{id}/alarms/{alarm}/acknowledge",
             Permission::of(trust::Act::write, "DetectedIssue"), [&monitoring](Request& request) {
               monitoring.acknowledge(request.principal(), request.captured[0], request.captured[1]);
               return Response::json(monitoring.alarms(request.principal(), request.captured[0]));
             });
}

}  // namespace meridian::doors::http
