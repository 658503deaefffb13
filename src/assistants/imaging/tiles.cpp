#include "assistants/imaging/tiles.h"

#include "signal/statistics.h"

namespace meridian::assistants::imaging {
TiledMasks look_in_tiles(const Network& network, const vision::Tiles& tiles, int width, int height) {
  const std::size_t classes = network.description().classes.size();
  const std::size_t square = static_cast<std::size_t>(tiles.size) * tiles.size;
  const vision::GreyImage empty{
      width, height, std::vector<float>(static_cast<std::size_t>(width) * height), {}};
  TiledMasks seen{std::vector<vision::GreyImage>(classes, empty)};
  std::vector<double> strangeness;
  for (std::size_t i = 0; i < tiles.places.size(); ++i) {
    const Network::Outputs outputs = network.run(tiles.planes[i]);
    for (std::size_t k = 0; k < classes; ++k)
      vision::place_tile(seen.masks[k], tiles, i, outputs.masks->values.data() + k * square);
    if (outputs.strangeness) strangeness.push_back(outputs.strangeness->values.at(0));
  }
  seen.strangeness = signal::median(std::move(strangeness));
  return seen;
}

}  // namespace meridian::assistants::imaging
