// The stream of beats and alarms: how good, how late and how dear it is.
#pragma once
#include <filesystem>

#include "app/bench/figures.h"

namespace meridian::app {

// Replays the MIT-BIH records of the folder in pieces of a tenth of a second.
void bench_stream(const std::filesystem::path& folder, double threshold, Figures& figures);

}  // namespace meridian::app
