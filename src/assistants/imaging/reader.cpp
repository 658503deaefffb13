#include "assistants/imaging/reader.h"

#include "assistants/imaging/classification.h"
#include "assistants/imaging/objects.h"
#include "assistants/imaging/segmentation.h"
#include "assistants/imaging/series.h"
#include "assistants/imaging/slide_reading.h"
#include "assistants/imaging/tiles.h"
#include "assistants/imaging/volume_labels.h"

namespace meridian::assistants::imaging {
namespace {

Wanted wanted_by(const Description& network) {
  if (network.kind == Kind::volume) return Wanted::volume;
  return network.colour ? Wanted::colour : Wanted::grey;
}

vision::Prepared prepare(const engine::Input& input, const Description& network) {
  return network.colour ? vision::prepare(*input.colour, network.prepare)
                        : vision::prepare(*input.image, network.prepare);
}

// Notes how strange the first network finds the input, and whether it is not too strange for this one.
bool is_familiar(const Description& network, double strangeness, engine::Reading& reading) {
  if (!network.strangeness) return true;
  const double relative = strangeness / *network.strangeness;
  if (!reading.strangeness) reading.strangeness = relative;
  return relative <= 1;  // not when it is NaN
}

void add_what_is_outlined(engine::Reading& reading, const Description& network,
                          const std::vector<vision::GreyImage>& masks) {
  if (network.objects)
    add_objects(reading, network, masks);
  else
    add_masks(reading, network, masks);
}

}  // namespace

Reader::Reader(engine::Card card, Purpose purpose, Completion complete)
    : card_(std::move(card)), purpose_(std::move(purpose)), complete_(std::move(complete)) {
  for (Description& description : parse_networks(card_))
    networks_.push_back(std::make_unique<Network>(std::move(description)));
}

engine::Reading Reader::run(const engine::Input& input) const {
  if (input.slide) return read_whole_slide(input);
  const bool is_series = purpose_.window && input.volume;
  engine::Reading reading = is_series ? read_slices(input) : read_in_window(input);
  if (!reading.refused && complete_) complete_(input, reading);
  return reading;
}

std::optional<engine::LocalizedText> Reader::unavailable() const {
  for (const auto& network : networks_) {
    const std::string& file = network->description().model.file;
    if (!network->is_trained())
      return engine::LocalizedText{"Its model " + file + " is not trained yet.",
                                   "模型" + file + "尚未训练。"};
  }
  return {};
}

engine::Reading Reader::read_whole_slide(const engine::Input& input) const {
  const Network& network = *networks_[0];
  if (auto refused = refusal_before_looking(input, purpose_, wanted_by(network.description())))
    return {.refused = std::move(refused)};
  return read_slide(network, input);
}

engine::Reading Reader::read_slices(const engine::Input& input) const {
  SeriesReading series(networks_[0]->description().classes);
  for (int z = 0; z < input.volume->depth; ++z) {
    engine::Input slice{.subject = input.subject, .image_facts = input.image_facts};
    slice.hounsfield = slice.image = slice_of(*input.volume, z);
    series.add(read_in_window(slice));
  }
  return series.finish();
}

engine::Reading Reader::read_in_window(const engine::Input& input) const {
  if (!purpose_.window || !input.hounsfield) return read(input);
  engine::Input windowed = input;
  windowed.image = vision::apply_window(*input.hounsfield, purpose_.window->center, purpose_.window->width);
  return read(windowed);
}

engine::Reading Reader::read(const engine::Input& input) const {
  if (auto refused = refusal_before_looking(input, purpose_, wanted_by(networks_[0]->description())))
    return {.refused = std::move(refused)};
  engine::Reading reading;
  for (const auto& network : networks_)
    if (!look(*network, input, reading))
      return {.refused = strange(purpose_), .strangeness = reading.strangeness};
  return reading;
}

bool Reader::look(const Network& network, const engine::Input& input, engine::Reading& reading) const {
  const Description& description = network.description();
  if (description.kind == Kind::volume) {
    const vision::Volume prepared = vision::prepare_volume(*input.volume, description.volume_size);
    add_volume_labels(reading, description, network.run(prepared.voxels), *input.volume);
    return true;
  }
  return description.prepare.fit == vision::Fit::tile ? look_at_tiles(network, input, reading)
                                                      : look_at_whole(network, input, reading);
}

bool Reader::look_at_whole(const Network& network, const engine::Input& input,
                           engine::Reading& reading) const {
  const Description& description = network.description();
  vision::Prepared prepared = prepare(input, description);
  const Network::Outputs outputs = network.run(std::move(prepared.planes));
  if (outputs.strangeness && !is_familiar(description, outputs.strangeness->values.at(0), reading))
    return false;
  const Size whole{input.image->width, input.image->height};
  if (description.kind == Kind::classifier)
    add_classes(reading, description, outputs, prepared, whole);
  else
    add_what_is_outlined(reading, description, masks_on_picture(outputs, prepared, whole));
  return true;
}

bool Reader::look_at_tiles(const Network& network, const engine::Input& input,
                           engine::Reading& reading) const {
  const Description& description = network.description();
  const vision::Tiles tiles = description.colour ? vision::cut_tiles(*input.colour, description.prepare)
                                                 : vision::cut_tiles(*input.image, description.prepare);
  const TiledMasks seen = look_in_tiles(network, tiles, input.image->width, input.image->height);
  if (!is_familiar(description, seen.strangeness, reading)) return false;
  add_what_is_outlined(reading, description, seen.masks);
  return true;
}

std::unique_ptr<engine::Assistant> make_reader(const std::string& id, Purpose purpose, Completion complete) {
  return std::make_unique<Reader>(engine::Card::load(id), std::move(purpose), std::move(complete));
}

}  // namespace meridian::assistants::imaging
