#include "assistants/assistants.h"

#include <filesystem>
#include <map>

#include "base/error.h"

namespace meridian::assistants {
namespace {

// Other names by which people ask for one.
const std::map<std::string, std::string> kAliases{{"chest_tb", "chest_xray"}};

std::string file_name(const std::string& path) {
  return std::filesystem::path(path).filename();
}

// In the place of one whose model is damaged.
class Damaged : public engine::Assistant {
 public:
  Damaged(engine::Card card, Error error) : card_(std::move(card)), error_(std::move(error)) {}
  const engine::Card& card() const override { return card_; }
  engine::Reading run(const engine::Input&) const override {
    throw Error(ErrorCode::unavailable, error_.what(), error_.where(), error_.advice());
  }
  std::optional<engine::LocalizedText> unavailable() const override {
    return engine::LocalizedText{
        "Its model " + file_name(error_.where()) + " is damaged: it is not the one that the card describes.",
        "模型" + file_name(error_.where()) + "已损坏：与说明卡所述不符。"};
  }

 private:
  const engine::Card card_;
  const Error error_;
};

}  // namespace

std::unique_ptr<engine::Assistant> made(const std::string& id, std::unique_ptr<engine::Assistant> (*make)()) {
  try {
    return make();
  } catch (const Error& error) {
    if (error.code() != ErrorCode::corrupted) throw;
    return std::make_unique<Damaged>(engine::Card::read(id), error);
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
