#include "doors/http/monitor_routes.h"

#include <limits>
#include <utility>

#include "base/error.h"
#include "doors/http/authentication.h"
#include "doors/http/outcome.h"
#include "doors/http/web_socket.h"

namespace meridian::doors::http {
namespace {

// Who sends says first {"name", "leads", "samplingFrequency"}, then {"samples": [[microvolts], ...]}, a list
// a lead, again and again, and {"end": true}. Who watches is told objects of a kind: monitor, samples, beat,
// alarm, acknowledged, ended; and says {"acknowledge": ALARM}.
std::string failed(const char* act, const Error& error) {
  return Json::object({{"kind", "failed"}, {"act", act}, {"outcome", outcome_of(error)}}).dump();
}

care::MonitorSetup setup_of(const Json& said) {
  care::MonitorSetup setup{said.text("name"), {}, 0};
  if (const Json* leads = said.find("leads"))
    for (const Json& lead : leads->items()) setup.leads.push_back(lead.as_string());
  if (const Json* frequency = said.find("samplingFrequency"))
    setup.sampling_frequency = frequency->as_double();
  return setup;
}

std::vector<std::vector<float>> millivolts_of(const Json& leads) {
  std::vector<std::vector<float>> samples;
  for (const Json& lead : leads.items()) {
    samples.emplace_back();
    for (const Json& microvolts : lead.items())
      samples.back().push_back(microvolts.is_null() ? std::numeric_limits<float>::quiet_NaN()
                                                    : static_cast<float>(microvolts.as_double() / 1000));
  }
  return samples;
}

// One monitor as its sender has it; its line breaks with this.
class MonitorTalk {
 public:
  MonitorTalk(care::Monitoring& monitoring, trust::Principal principal, std::string case_id)
      : monitoring_(monitoring), principal_(std::move(principal)), case_id_(std::move(case_id)) {}
  ~MonitorTalk() {
    if (monitor_) monitoring_.end(monitor_, true);
  }
  MonitorTalk(const MonitorTalk&) = delete;
  MonitorTalk& operator=(const MonitorTalk&) = delete;

  void hear(const std::string& text, const std::shared_ptr<WebSocket>& socket) {
    const char* act = monitor_ ? "samples" : "begin";
    try {
      const Json said = Json::parse(text);
      if (!monitor_) {
        monitor_ = monitoring_.begin(principal_, case_id_, setup_of(said));
        socket->send(R"({"kind":"begun"})");
        return;
      }
      if (const Json* samples = said.find("samples")) monitoring_.add(*monitor_, millivolts_of(*samples));
      if (said.find("end")) {
        monitoring_.end(std::exchange(monitor_, nullptr), false);
        socket->send(R"({"kind":"ended","lost":false})");
        socket->close();
      }
    } catch (const Error& error) {
      if (monitor_) monitoring_.end(std::exchange(monitor_, nullptr), true);
      socket->send(failed(act, error));
      socket->close();
    }
  }

 private:
  care::Monitoring& monitoring_;
  const trust::Principal principal_;
  const std::string case_id_;
  std::shared_ptr<care::Monitor> monitor_;
};

Response send(care::Monitoring& monitoring, Request& request) {
  require_own_page(request);
  return web_socket_response(
      request, [&monitoring, principal = request.principal(),
                case_id = request.captured[0]](const std::shared_ptr<WebSocket>& socket) {
        const auto talk = std::make_shared<MonitorTalk>(monitoring, principal, case_id);
        socket->on_text([talk, to = std::weak_ptr(socket)](const std::string& text) {
          if (const auto alive = to.lock()) talk->hear(text, alive);
        });
      });
}

void hear_watcher(care::Monitoring& monitoring, const trust::Principal& principal, const std::string& case_id,
                  const std::string& text, const std::shared_ptr<WebSocket>& socket) {
  try {
    monitoring.acknowledge(principal, case_id, Json::parse(text).text("acknowledge"));
  } catch (const Error& error) {
    socket->send(failed("acknowledge", error));
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
    } catch (const Error& error) {
      socket->send(failed("watch", error));
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
             [&monitoring](Request& request) { return send(monitoring, request); });
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
