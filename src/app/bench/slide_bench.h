// How fast whole slides are made DICOM and read.
#pragma once
#include <filesystem>

#include "app/bench/figures.h"
#include "engine/assistant.h"

namespace meridian::app {

// Of the Aperio slide in img/wsi.tar: squares of 256 x 256 pixels a second, of what is converted and of the
// tissue that the assistant reads. Throws not_found when the data are not there, and unavailable when the
// assistant is.
void bench_slide(const std::filesystem::path& data, const engine::Assistant& pathology, Figures& figures);

}  // namespace meridian::app
