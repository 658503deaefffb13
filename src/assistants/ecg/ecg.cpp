#include <memory>
#include <mutex>
#include <optional>

#include "assistants/ecg/analysis.h"
#include "assistants/ecg/assistant.h"
#include "assistants/ecg/findings.h"
#include "assistants/ecg/refusals.h"
#include "base/error.h"

namespace meridian::assistants::ecg {
namespace {

class Ecg : public engine::Assistant {
 public:
  explicit Ecg(engine::Card card) : card_(std::move(card)) {
    if (card_.models.size() != 3 || !card_.operating_point)
      throw Error(ErrorCode::invalid_configuration, "The card must name three models and an operating point",
                  "ecg/card.json", "Restore the card that came with the program");
  }

  const engine::Card& card() const override { return card_; }

  engine::Reading run(const engine::Input& input) const override {
    if (auto refusal = refuse_unsuitable(input.recording)) return {std::move(refusal), {}};
    const signal::Recording& recording = *input.recording;
    Analysis analysis = assess(recording);
    if (auto refusal = refuse_unusable(analysis)) return {std::move(refusal), {}};
    const double threshold = card_.operating_point->threshold;
    analyse(recording, *models(), threshold, analysis);
    if (auto refusal = refuse_without_beats(analysis)) return {std::move(refusal), {}};
    return {std::nullopt, findings_of(analysis, recording, threshold)};
  }

 private:
  // At the first recording, and again after a failure: a model that was missing may have been put back.
  std::shared_ptr<const Models> models() const {
    const std::lock_guard lock(mutex_);
    if (!models_)
      models_ = std::make_shared<const Models>(
          Models{LogisticModel::load(card_.models[0].file, signal::fibrillation_feature_names()),
                 BeatModel::load(card_.models[1].file),
                 LogisticModel::load(card_.models[2].file, signal::p_wave_feature_names())});
    return models_;
  }

  engine::Card card_;
  mutable std::mutex mutex_;
  mutable std::shared_ptr<const Models> models_;
};

}  // namespace

std::unique_ptr<engine::Assistant> make_assistant() {
  return std::make_unique<Ecg>(engine::Card::load("ecg"));
}

}  // namespace meridian::assistants::ecg
