// What a finding on an image rests on, in the picture's own pixels.
#pragma once
#include <string>
#include <vector>

#include "assistants/imaging/network.h"
#include "engine/finding.h"
#include "vision/prepare.h"

namespace meridian::assistants::imaging {

struct Size {
  int width = 0, height = 0;
};

// Where places (k maps, log-odds) speak for the class: a picture of at most 512 pixels a side to be laid over
// the whole.
Json heat_map(const engine::Tensor& places, std::size_t index, const Description& network,
              const vision::Prepared& prepared, const Size& whole);
// Of a map that lies over the box of the whole; 0 does not speak for the finding, 1 does most.
Json heat_map(const vision::GreyImage& heat, const vision::Box& box, const Size& whole);
// Around the largest areas that a label map does not leave at 0, in pixels of the picture. With the
// probability of each pixel, each has their mean.
Json outlines(const engine::LabelMap& map, const engine::LocalizedText& text,
              const vision::GreyImage* probabilities = nullptr);

}  // namespace meridian::assistants::imaging
