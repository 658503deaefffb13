#include "care/live.h"

#include <algorithm>

#include "base/error.h"
#include "engine/consent.h"
#include "vision/picture.h"

namespace meridian::care {
namespace {

constexpr std::size_t kMostAtOnce = 4;  // each takes a processor
constexpr const char* kAssistant = "polyp";

}  // namespace

// Held from when an examination is let in until its source has answered.
class Live::Seat {
 public:
  explicit Seat(Live& live) : live_(live) {
    const std::lock_guard lock(live.mutex_);
    std::erase_if(live.running_, [](const auto& one) { return one->ended(); });
    if (live.running_.size() + live.opening_ >= kMostAtOnce)
      throw Error(ErrorCode::busy, "As many live examinations as this node can do are going on", {},
                  "End another one first");
    ++live.opening_;
  }
  ~Seat() {
    const std::lock_guard lock(live_.mutex_);
    if (!given_) --live_.opening_;
  }
  Seat(const Seat&) = delete;
  Seat& operator=(const Seat&) = delete;

  void give(std::shared_ptr<LiveExamination> examination) {
    const std::lock_guard lock(live_.mutex_);
    live_.running_.push_back(std::move(examination));
    --live_.opening_;
    given_ = true;
  }

 private:
  Live& live_;
  bool given_ = false;
};

Json Live::sources() const {
  Json list = Json::array();
  for (const LiveSource& source : sources_) {
    const engine::Card& card = context_.registry.get(kAssistant).card();
    list.push_back(Json::object({{"id", source.name},
                                 {"name", engine::to_json({source.name, source.name})},
                                 {"assistant", Json::object({{"id", card.id},
                                                             {"version", card.version},
                                                             {"title", engine::to_json(card.title)}})}}));
  }
  return list;
}

const LiveSource& Live::source(const std::string& id) const {
  const auto found = std::ranges::find(sources_, id, &LiveSource::name);
  if (found == sources_.end())
    throw Error(ErrorCode::not_found, "This node has no live source of that name", id.substr(0, 64));
  return *found;
}

const engine::Assistant& Live::assistant() const {
  const engine::Assistant& assistant = context_.registry.get(kAssistant);
  if (const auto state = context_.registry.state(kAssistant); !state.on)
    throw Error(ErrorCode::unavailable, "The assistant is switched off: " + state.reason.en, kAssistant);
  if (const auto why = context_.registry.unavailable(kAssistant))
    throw Error(ErrorCode::unavailable, why->en, kAssistant);
  return assistant;
}

std::shared_ptr<LiveExamination> Live::begin(const trust::Principal& principal, const std::string& case_id,
                                             const std::string& source_id) {
  const LiveSource& from = source(source_id);
  const std::string patient = intake_.require_case_to_add_to({principal, "live", {}, case_id});
  const engine::Assistant& looking = assistant();
  engine::require_consent(context_.record, looking.card(), patient);
  Seat seat(*this);
  auto examination =
      std::make_shared<LiveExamination>(std::make_unique<archive::Video>(from.address, from.name), looking);
  seat.give(examination);
  trust::LedgerEntry entry;
  entry.action = "E";
  entry.kind = "live.begin";
  entry.patient = patient;
  entry.entity = from.name;
  entry.detail = Json::object({{"case", case_id}, {"assistant", kAssistant}});
  context_.ledger.append_soon(principal, std::move(entry));
  return examination;
}

Taken Live::keep(const trust::Principal& principal, const std::string& case_id, const std::string& source_id,
                 const LiveExamination& examination, std::int64_t frame) const {
  const auto kept = examination.recent(frame);
  if (!kept)
    throw Error(ErrorCode::not_found, "This frame was shown too long ago", std::to_string(frame),
                "Keep one while it is on the screen");
  Origin origin{principal, "live", {}, case_id};
  origin.modality = engine::live_modality(context_.registry.get(kAssistant).card());
  origin.series = "live " + examination.id();
  origin.number = frame;
  // Its study is known from the second frame on, and what comes for a known study goes into its case, signed
  // or not.
  intake_.require_case_to_add_to(origin);
  const archive::NamedBytes file{source(source_id).name + ".png", vision::encode_png(kept->picture)};
  return intake_.receive_files({file}, origin).front();
}

}  // namespace meridian::care
