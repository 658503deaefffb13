// An assistant of pictures at a moving one: it outlines what it sees on each frame, and follows it.
#pragma once
#include <vector>

#include "engine/assistant.h"
#include "vision/tracker.h"

namespace meridian::engine {

// Of the pictures that the assistant is shown: the first that it reads unasked ("ES"). Throws usage when it
// reads no pictures.
std::string live_modality(const Card& card);

class LiveReader {
 public:
  // The assistant outlives the reader. Throws usage when it reads no pictures.
  explicit LiveReader(const Assistant& assistant);

  // What is to be shown on this frame, which follows the last one. A frame that the assistant refuses
  // (blurred, outside the body) shows nothing new. Throws what the assistant throws.
  std::vector<vision::Track> look(const vision::ColourImage& picture) { return follow(see(picture)); }
  // The two halves of it: what the assistant outlines on the frame, safe from several threads; and what is to
  // be shown, which goes in the order of the frames.
  std::vector<vision::Outlined> see(const vision::ColourImage& picture) const;
  std::vector<vision::Track> follow(const std::vector<vision::Outlined>& seen) {
    return tracker_.update(seen);
  }

 private:
  const Assistant& assistant_;
  std::string modality_;
  vision::Tracker tracker_;
};

// {id, outline: [[x, y], ...], box: [left, top, right, bottom], confidence}, as docs/console-api.md describes
// it.
Json to_json(const vision::Track& track);
Json to_json(const std::vector<vision::Track>& tracks);

}  // namespace meridian::engine
