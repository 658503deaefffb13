// The demonstration's cases, made through the same services that the doors call: opened by a clinic's doctor,
// recorded, drafted by the assistants, some of them asked of the hospital, one of them signed.
#pragma once
#include <filesystem>
#include <functional>

#include "app/core.h"
#include "app/demo/region.h"

namespace meridian::app {

// Writes the region into an empty node and opens its accounts, whose ids are then in the region.
void settle(Core& core, Region& region);
// progress(done, total), of cases. Throws what the services throw.
void open_demo_cases(Core& core, const Region& region, const std::filesystem::path& data,
                     const std::function<void(std::int64_t, std::int64_t)>& progress);

}  // namespace meridian::app
