#include <memory>
#include <mutex>
#include <optional>

#include "assistants/ecg/analysis.h"
#include "assistants/ecg/assistant.h"
#include "assistants/ecg/class_probabilities.h"
#include "assistants/ecg/findings.h"
#include "assistants/ecg/judgement_findings.h"
#include "assistants/ecg/refusals.h"
#include "assistants/ecg/stream.h"
#include "base/error.h"

namespace meridian::assistants::ecg {
namespace {

struct Loaded {
  Models models;
  Judges judges;
  ProbabilityTable probabilities;
};

// With the models that it is judged by.
class KeptStream : public engine::SignalStream {
 public:
  KeptStream(std::shared_ptr<const Loaded> loaded, const std::vector<std::string>& leads, double frequency,
             double threshold)
      : loaded_(std::move(loaded)), stream_(loaded_->models, leads, frequency, threshold) {}
  engine::StreamEvents add(std::span<const std::vector<float>> samples) override {
    return stream_.add(samples);
  }

 private:
  std::shared_ptr<const Loaded> loaded_;
  EcgStream stream_;
};

class Ecg : public engine::Assistant, public engine::SignalFollower {
 public:
  explicit Ecg(engine::Card card) : card_(std::move(card)) {
    if (!card_.operating_point)
      throw Error(ErrorCode::invalid_configuration, "The card must name an operating point", "ecg/card.json",
                  "Restore the card that came with the program");
  }

  const engine::Card& card() const override { return card_; }

  engine::Reading run(const engine::Input& input) const override {
    if (auto refusal = refuse_unsuitable(input.recording)) return {std::move(refusal), {}};
    const signal::Recording& recording = *input.recording;
    Analysis analysis = assess(recording);
    if (auto refusal = refuse_unusable(analysis)) return {std::move(refusal), {}};
    const double threshold = card_.operating_point->threshold;
    const auto loaded = this->loaded();
    analyse(recording, loaded->models, threshold, analysis);
    if (auto refusal = refuse_without_beats(analysis)) return {std::move(refusal), {}};
    const Judgement judgement = judge(analysis, loaded->models, loaded->judges, input.subject);
    std::vector<engine::Finding> findings = findings_of(analysis, recording, threshold);
    for (engine::Finding& finding : judgement_findings(judgement)) findings.push_back(std::move(finding));
    auto classes = loaded->probabilities.classes_of(findings, judgement);
    return {std::nullopt, std::move(findings), std::move(classes)};
  }

  std::unique_ptr<engine::SignalStream> follow(const std::vector<std::string>& leads,
                                               double sampling_frequency) const override {
    return std::make_unique<KeptStream>(loaded(), leads, sampling_frequency,
                                        card_.operating_point->threshold);
  }

 private:
  // At the first recording, and again after a failure: a model that was missing may have been put back.
  std::shared_ptr<const Loaded> loaded() const {
    const std::lock_guard lock(mutex_);
    if (!loaded_)
      loaded_ =
          std::make_shared<const Loaded>(Loaded{Models::load(), Judges::load(), ProbabilityTable::load()});
    return loaded_;
  }

  engine::Card card_;
  mutable std::mutex mutex_;
  mutable std::shared_ptr<const Loaded> loaded_;
};

}  // namespace

std::unique_ptr<engine::Assistant> make_assistant() {
  return std::make_unique<Ecg>(engine::Card::load("ecg"));
}

}  // namespace meridian::assistants::ecg
