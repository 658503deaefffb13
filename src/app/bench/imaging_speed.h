// How fast and how large the assistants of images are, on drawings: no data set is needed.
#pragma once
#include <memory>
#include <vector>

#include "app/bench/figures.h"
#include "engine/assistant.h"

namespace meridian::app {

// Adds a head CT of 30 slices, films a second on two threads, what each assistant spends beside its networks,
// and the memory of all models together. Assistants whose models are missing are left out.
void add_imaging_speed(Figures& figures, const std::vector<std::unique_ptr<engine::Assistant>>& assistants);

// What the process grows by when every network of the assistants is loaded and run once, in MB (10^6 bytes).
// Throws Error like engine::Session.
double models_megabytes(const std::vector<std::unique_ptr<engine::Assistant>>& assistants);

}  // namespace meridian::app
