#include <mutex>

#include "assistants/chest_xray/assistant.h"
#include "assistants/chest_xray/gate.h"
#include "assistants/chest_xray/reader.h"
#include "assistants/imaging/follow_up.h"
#include "base/error.h"

namespace meridian::assistants::chest_xray {
namespace {

struct Models {
  std::shared_ptr<const engine::Session> gate, reader;
};

class ChestXray : public engine::Assistant {
 public:
  explicit ChestXray(engine::Card card) : card_(std::move(card)) {
    if (card_.models.size() != 2 || !card_.operating_point)
      throw Error(ErrorCode::invalid_configuration,
                  "The card must name the gate, the reader and an operating point", "chest_xray/card.json");
  }

  const engine::Card& card() const override { return card_; }

  engine::Reading run(const engine::Input& input) const override {
    if (const auto reason = reason_before_looking(input)) return {refusal(*reason), {}};
    const Models models = loaded();
    const auto looked = look(*models.gate, *input.image);
    if (const Reason* reason = std::get_if<Reason>(&looked)) return {refusal(*reason), {}};
    const auto& admitted = std::get<Admitted>(looked);
    engine::Finding finding = read(*models.reader, *input.image, admitted, card_.operating_point->threshold);
    engine::Reading reading;
    reading.strangeness = (1 - admitted.frontal) / (1 - kSmallestFrontal);  // at 1 the gate refuses
    reading.classes = {{"tuberculosis", {"Tuberculosis of the lung", "肺结核"}, *finding.probability}};
    reading.findings.push_back(std::move(finding));
    follow_up_(input, reading);
    return reading;
  }

 private:
  // At the first film, and again after a failure: a model that was missing may have been put back.
  Models loaded() const {
    const std::lock_guard lock(mutex_);
    if (!models_.reader)
      models_ = {engine::Session::load(card_.models[0]), engine::Session::load(card_.models[1])};
    return models_;
  }

  engine::Card card_;
  imaging::Completion follow_up_ = imaging::follow_up("chest_xray");
  mutable std::mutex mutex_;
  mutable Models models_;
};

}  // namespace

std::unique_ptr<engine::Assistant> make_assistant() {
  return std::make_unique<ChestXray>(engine::Card::load("chest_xray"));
}

}  // namespace meridian::assistants::chest_xray
