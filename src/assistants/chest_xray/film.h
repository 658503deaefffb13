// What is done to a film before a network sees it: training/chest_xray/film.py does the same.
#pragma once
#include "vision/image.h"
#include "vision/operations.h"

namespace meridian::assistants::chest_xray {

constexpr int kGateSize = 224;    // pixels a side of what the gate sees
constexpr int kReaderSize = 256;  // pixels a side of what the reader sees

// Where the whole film lies in the gate's square, its sides padded with black.
vision::Box letterbox(int width, int height, int size);
vision::GreyImage gate_input(const vision::GreyImage& film);
// The part in the box, of one look whatever its exposure.
vision::GreyImage reader_input(const vision::GreyImage& film, const vision::Box& box);

}  // namespace meridian::assistants::chest_xray
