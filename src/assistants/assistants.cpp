#include "assistants/assistants.h"

#include <algorithm>
#include <filesystem>
#include <map>

#include "base/error.h"

namespace meridian::assistants {
namespace {

// Other names by which people ask for one; docs/imaging.md has them.
const std::map<std::string, std::string> kAliases{{"chest_tb", "chest_xray"}};

// In the place of one whose model is damaged. fault: what loading that model threw.
class Damaged : public engine::Assistant {
 public:
  Damaged(engine::Card card, const Error& fault)
      : card_(std::move(card)), what_(fault.what()), where_(fault.where()), advice_(fault.advice()) {}
  const engine::Card& card() const override { return card_; }
  engine::Reading run(const engine::Input&) const override {
    throw Error(ErrorCode::unavailable, what_, where_, advice_);
  }
  std::optional<engine::LocalizedText> unavailable() const override {
    const std::string file = std::filesystem::path(where_).filename();
    return engine::LocalizedText{
        "Its model " + file + " is damaged: it is not the one that the card describes.",
        "模型" + file + "已损坏：与说明卡所述不符。"};
  }

 private:
  const engine::Card card_;
  const std::string what_, where_, advice_;
};

// Whether that is where a model of the card lies.
bool is_model(const std::string& where, const engine::Card& card) {
  return std::ranges::any_of(
      card.models, [&](const engine::ModelFile& model) { return where.ends_with("models/" + model.file); });
}

}  // namespace

std::unique_ptr<engine::Assistant> made(const std::string& id, std::unique_ptr<engine::Assistant> (*make)()) {
  try {
    return make();
  } catch (const Error& error) {
    if (error.code() != ErrorCode::corrupted) throw;
    engine::Card card = engine::Card::read(id);
    if (!is_model(error.where(), card)) throw;  // but a table of knowledge/, say
    return std::make_unique<Damaged>(std::move(card), error);
  }
}

const engine::Assistant& named(const std::vector<std::unique_ptr<engine::Assistant>>& assistants,
                               const std::string& id) {
  const auto alias = kAliases.find(id);
  const std::string& wanted = alias == kAliases.end() ? id : alias->second;
  std::string known;
  for (const auto& assistant : assistants) {
    if (assistant->card().id == wanted) return *assistant;
    known += (known.empty() ? "" : ", ") + assistant->card().id;
  }
  throw Error(ErrorCode::usage, "There is no assistant \"" + id + "\"", {}, "There are " + known);
}

}  // namespace meridian::assistants
