// A network of an assistant's card (member imaging; docs/decisions/0007), and the model that belongs to it.
#pragma once
#include <array>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "engine/card.h"
#include "engine/finding.h"
#include "engine/inference/session.h"
#include "vision/prepare.h"

namespace meridian::assistants::imaging {

enum class Kind { classifier, segmenter, volume };

struct Class {
  std::string name;
  engine::LocalizedText text;
  std::optional<engine::Coding> code;  // none: never a finding
  std::optional<double> threshold;     // from which it is reported; of masks: that of a pixel

  double mask_threshold() const { return threshold.value_or(0.5); }
};

// Objects that touch each other (nuclei), told apart by seeds: the places of two classes' masks.
struct Objects {
  std::size_t mask = 0, seeds = 0;
  int smallest = 1;  // pixels
};

struct Description {
  engine::ModelFile model;
  Kind kind = Kind::classifier;
  bool colour = false;
  vision::Preparation prepare;       // of pictures
  std::array<int, 3> volume_size{};  // of volumes: width, height and depth
  bool exclusive = true;             // the classes' probabilities sum to 1
  std::vector<Class> classes;
  std::optional<double> strangeness;  // the most at which an image is read
  std::optional<Objects> objects;

  int channels() const { return colour ? 3 : 1; }
};

// In the card's order. Throws invalid_configuration, naming the member that is missing or wrong.
std::vector<Description> parse_networks(const engine::Card& card);

class Network {
 public:
  explicit Network(Description description) : description_(std::move(description)) {}

  const Description& description() const { return description_; }
  // Whether the card names its model, with a digest.
  bool is_trained() const { return !description_.model.sha256.empty(); }
  // The model's outputs for inputs of the network's own shape, each the numbers of one picture or volume.
  // Loads the model at the first call, and again after a failure. Throws what Session::load throws, and
  // invalid_structure when the model is not what the card describes.
  struct Outputs {
    std::optional<engine::Tensor> probabilities, places, masks, strangeness;
  };
  Outputs run(std::vector<float> input) const;

 private:
  std::shared_ptr<const engine::Session> loaded() const;

  Description description_;
  mutable std::mutex mutex_;
  mutable std::shared_ptr<const engine::Session> session_;
};

}  // namespace meridian::assistants::imaging
