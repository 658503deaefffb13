// Live examinations over a WebSocket. The client says {"next": NUMBER} for the newest frame after that one,
// and
// {"keep": NUMBER} for a frame to be kept in the case; the node answers with objects of a kind: frame, kept,
// failed, ended.
#include "base/encoding.h"
#include "base/error.h"
#include "doors/http/authentication.h"
#include "doors/http/outcome.h"
#include "doors/http/routes.h"
#include "doors/http/web_socket.h"
#include "vision/picture.h"

namespace meridian::doors::http {
namespace {

constexpr int kQuality = 85;  // of the pictures on the screen; what is kept is not compressed with loss

std::string message(const care::LiveFrame* frame) {
  if (!frame) return R"({"kind":"ended"})";
  return Json::object(
             {{"kind", "frame"},
              {"frame", Json::object({{"number", frame->number},
                                      {"seconds", frame->seconds},
                                      {"width", frame->picture.width},
                                      {"height", frame->picture.height},
                                      {"picture", to_base64(vision::encode_jpeg(frame->picture, kQuality))},
                                      {"tracks", engine::to_json(frame->tracks)},
                                      {"delay", frame->delay}})}})
      .dump();
}

std::string failed(const Error& error) {
  return Json::object({{"kind", "failed"}, {"outcome", outcome_of(error)}}).dump();
}

// One examination as one client sees it.
class LiveTalk {
 public:
  LiveTalk(care::Live& live, const trust::Principal& principal, std::string case_id, std::string source)
      : live_(live),
        principal_(principal),
        case_id_(std::move(case_id)),
        source_(std::move(source)),
        examination_(live.begin(principal, case_id_, source_)) {}
  ~LiveTalk() { examination_->stop(); }
  LiveTalk(const LiveTalk&) = delete;
  LiveTalk& operator=(const LiveTalk&) = delete;

  void hear(const std::string& text, const std::shared_ptr<WebSocket>& socket) {
    const Json said = Json::parse(text);
    if (const Json* after = said.find("next"))
      examination_->next(after->as_int(), [to = std::weak_ptr(socket)](const auto& frame) {
        if (const auto alive = to.lock()) alive->send(message(frame.get()));
      });
    if (const Json* number = said.find("keep")) {
      const care::Taken taken = live_.keep(principal_, case_id_, source_, *examination_, number->as_int());
      socket->send(
          Json::object({{"kind", "kept"}, {"number", number->as_int()}, {"instance", taken.instance}})
              .dump());
    }
  }

 private:
  care::Live& live_;
  const trust::Principal principal_;
  const std::string case_id_, source_;
  const std::shared_ptr<care::LiveExamination> examination_;
};

Response examine(care::Live& live, Request& request) {
  require_own_page(request);
  return web_socket_response(
      request, [&live, principal = request.principal(), case_id = request.captured[0],
                source = request.captured[1]](const std::shared_ptr<WebSocket>& socket) {
        try {
          const auto talk = std::make_shared<LiveTalk>(live, principal, case_id, source);
          socket->on_text([talk, to = std::weak_ptr(socket)](const std::string& text) {
            const auto alive = to.lock();
            if (!alive) return;
            try {
              talk->hear(text, alive);
            } catch (const Error& error) {
              alive->send(failed(error));
            }
          });
        } catch (const Error& error) {
          socket->send(failed(error));
          socket->close();
        }
      });
}

}  // namespace

void add_live_routes(Router& router, const Services& services) {
  care::Live& live = services.care.live;
  router.add(Method::get, "/care/live", Permission::signed_in(),
             [&live](Request&) { return Response::json(live.sources()); });
  router.add(Method::get, "/care/cases/{id}/live/{source}", Permission::of(trust::Act::write, "ImagingStudy"),
             [&live](Request& request) { return examine(live, request); });
}

}  // namespace meridian::doors::http
