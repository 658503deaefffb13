#include "care/live.h"

#include <algorithm>

#include "base/error.h"
#include "vision/picture.h"

namespace meridian::care {
namespace {

constexpr std::size_t kMostAtOnce = 4;  // each takes a processor

}  // namespace

Json Live::sources() const {
  Json list = Json::array();
  for (const LiveSource& source : sources_)
    list.push_back(Json::object({{"id", source.id}, {"name", engine::to_json({source.name, source.name})}}));
  return list;
}

const LiveSource& Live::source(const std::string& id) const {
  const auto found = std::ranges::find(sources_, id, &LiveSource::id);
  if (found == sources_.end())
    throw Error(ErrorCode::not_found, "This node has no live source of that name", id.substr(0, 64));
  return *found;
}

std::shared_ptr<LiveExamination> Live::begin(const trust::Principal& principal, const std::string& case_id,
                                             const std::string& source_id) {
  const LiveSource& from = source(source_id);
  const std::string patient = intake_.require_case_to_add_to({principal, "live", {}, case_id});
  const engine::Assistant& assistant = context_.registry.get(from.assistant);
  if (const auto state = context_.registry.state(from.assistant); !state.on)
    throw Error(ErrorCode::unavailable, "The assistant is switched off: " + state.reason.en, from.assistant);
  if (const auto why = context_.registry.unavailable(from.assistant))
    throw Error(ErrorCode::unavailable, why->en, from.assistant);
  const std::lock_guard lock(mutex_);
  std::erase_if(running_, [](const auto& one) { return one->ended(); });
  if (running_.size() >= kMostAtOnce)
    throw Error(ErrorCode::busy, "As many live examinations as this node can do are going on", {},
                "End another one first");
  auto examination = std::make_shared<LiveExamination>(std::make_unique<archive::Video>(from.address),
                                                       assistant, from.modality);
  running_.push_back(examination);
  trust::LedgerEntry entry;
  entry.action = "E";
  entry.kind = "live.begin";
  entry.patient = patient;
  entry.entity = from.id;
  entry.detail = Json::object({{"case", case_id}, {"assistant", from.assistant}});
  context_.ledger.append_soon(principal, std::move(entry));
  return examination;
}

Taken Live::keep(const trust::Principal& principal, const std::string& case_id, const std::string& source_id,
                 const LiveExamination& examination, std::int64_t frame) const {
  const auto kept = examination.recent(frame);
  if (!kept)
    throw Error(ErrorCode::not_found, "This frame was shown too long ago", std::to_string(frame),
                "Keep one while it is on the screen");
  const LiveSource& from = source(source_id);
  const archive::NamedBytes file{from.id + ".png", vision::encode_png(kept->picture)};
  return intake_.receive_files({file}, {principal, "live", {}, case_id, from.modality, {}, "live " + from.id})
      .front();
}

}  // namespace meridian::care
