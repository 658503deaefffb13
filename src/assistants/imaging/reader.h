// The one reader of all assistants of images: it looks as the card's networks say. What an assistant adds is
// its purpose, and what it makes of a reading (measurements, words, urgency).
#pragma once
#include <functional>
#include <memory>
#include <vector>

#include "assistants/imaging/network.h"
#include "assistants/imaging/purpose.h"
#include "engine/assistant.h"

namespace meridian::assistants::imaging {

using Completion = std::function<void(const engine::Input& input, engine::Reading& reading)>;

class Reader : public engine::Assistant {
 public:
  // Throws invalid_configuration when the card's networks are wrong. complete may be empty.
  Reader(engine::Card card, Purpose purpose, Completion complete);

  const engine::Card& card() const override { return card_; }
  engine::Reading run(const engine::Input& input) const override;
  std::optional<engine::LocalizedText> unavailable() const override;

 private:
  engine::Reading read(const engine::Input& input) const;
  engine::Reading read_in_window(const engine::Input& input) const;
  engine::Reading read_whole_slide(const engine::Input& input) const;
  engine::Reading read_slices(const engine::Input& input) const;
  // Each adds to the reading what the network sees; false when the input is too strange to it.
  bool look(const Network& network, const engine::Input& input, engine::Reading& reading) const;
  bool look_at_whole(const Network& network, const engine::Input& input, engine::Reading& reading) const;
  bool look_at_tiles(const Network& network, const engine::Input& input, engine::Reading& reading) const;

  engine::Card card_;
  Purpose purpose_;
  Completion complete_;
  std::vector<std::unique_ptr<Network>> networks_;
};

// The assistant of src/assistants/ID/card.json.
std::unique_ptr<engine::Assistant> make_reader(const std::string& id, Purpose purpose,
                                               Completion complete = {});

}  // namespace meridian::assistants::imaging
