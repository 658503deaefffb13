// Live examinations over a WebSocket. The client says {"next": NUMBER} for the newest frame after that one,
// {"keep": NUMBER} for a frame to be kept in the case, and {"propose": true} for the frames that show best
// what was followed; the node answers with objects of a kind: frame, kept, proposed, failed (with the act
// that did: begin, look or keep), ended.
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

std::string failed(const char* act, const Error& error) {
  return Json::object({{"kind", "failed"}, {"act", act}, {"outcome", outcome_of(error)}}).dump();
}

std::string message(const care::LiveExamination::Sight& sight) {
  if (sight.failure) return failed("look", *sight.failure);
  if (!sight.frame) return R"({"kind":"ended"})";
  const care::LiveFrame& frame = *sight.frame;
  return Json::object(
             {{"kind", "frame"},
              {"frame", Json::object({{"number", frame.number},
                                      {"seconds", frame.seconds},
                                      {"width", frame.picture.width},
                                      {"height", frame.picture.height},
                                      {"picture", to_base64(vision::encode_jpeg(frame.picture, kQuality))},
                                      {"tracks", engine::to_json(frame.tracks)},
                                      {"delay", frame.delay}})}})
      .dump();
}

// The key frames, with their pictures: they are looked at and kept or dropped one by one.
std::string proposals(const care::LiveExamination& examination) {
  Json frames = Json::array();
  for (const engine::KeyFrames::Choice& one : examination.key_frames())
    frames.push_back(Json::object({{"number", one.frame->number},
                                   {"seconds", one.frame->seconds},
                                   {"width", one.frame->picture.width},
                                   {"height", one.frame->picture.height},
                                   {"picture", to_base64(vision::encode_jpeg(one.frame->picture, kQuality))},
                                   {"track", engine::to_json(one.track)}}));
  return Json::object({{"kind", "proposed"}, {"frames", std::move(frames)}}).dump();
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
    const char* act = "look";
    try {
      const Json said = Json::parse(text);
      if (const Json* after = said.find("next")) show(after->as_int(), socket);
      if (said.contains("propose")) socket->send(proposals(*examination_));
      act = "keep";
      if (const Json* number = said.find("keep")) socket->send(keep(number->as_int()));
    } catch (const Error& error) {
      socket->send(failed(act, error));
    }
  }

 private:
  void show(std::int64_t after, const std::shared_ptr<WebSocket>& socket) {
    examination_->next(after, [to = std::weak_ptr(socket)](const auto& sight) {
      if (const auto alive = to.lock()) alive->send(message(sight));
    });
  }

  std::string keep(std::int64_t number) {
    const care::Taken taken = live_.keep(principal_, case_id_, source_, *examination_, number);
    return Json::object({{"kind", "kept"}, {"number", number}, {"instance", taken.instance}}).dump();
  }

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
            if (const auto alive = to.lock()) talk->hear(text, alive);
          });
        } catch (const Error& error) {
          socket->send(failed("begin", error));
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
