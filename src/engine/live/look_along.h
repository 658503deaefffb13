// An assistant that looks at the frames of a moving picture on several threads, each at a frame of its own.
#pragma once
#include <functional>
#include <optional>
#include <vector>

#include "engine/live/frame_feed.h"
#include "engine/live/live_reader.h"

namespace meridian::engine {

// Two: as many processors as the smallest node has. A frame is not looked at sooner for it, but the next need
// not wait.
inline constexpr int kLookingBeside = 2;

// Takes frames until there are none, looks at them beside each other, and shows each with what is followed on
// it, one after the other in the order in which they were taken. Throws the first that taking, looking or
// showing throws, once all before it are shown.
void look_along(const std::function<std::optional<FrameFeed::Captured>()>& take, LiveReader& reader,
                const std::function<void(FrameFeed::Captured, std::vector<vision::Track>)>& show,
                int beside = kLookingBeside);

}  // namespace meridian::engine
