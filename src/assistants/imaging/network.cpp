#include "assistants/imaging/network.h"

#include <algorithm>
#include <set>
#include <utility>

#include "base/error.h"
#include "engine/card_member.h"

namespace meridian::assistants::imaging {
namespace {

using engine::CardMember;
using engine::Tensor;

template <class Value, std::size_t count>
Value one_of(const CardMember& member, const std::array<std::pair<std::string_view, Value>, count>& values) {
  const std::string word = member.text();
  for (const auto& [known, value] : values)
    if (known == word) return value;
  member.wrong("\"" + word + "\" is not known here");
}

constexpr std::array<std::pair<std::string_view, Kind>, 3> kKinds{
    {{"classifier", Kind::classifier}, {"segmenter", Kind::segmenter}, {"volume", Kind::volume}}};
constexpr std::array<std::pair<std::string_view, bool>, 2> kColours{{{"grey", false}, {"rgb", true}}};
constexpr std::array<std::pair<std::string_view, vision::Crop>, 3> kCrops{
    {{"none", vision::Crop::none}, {"content", vision::Crop::content}, {"circle", vision::Crop::circle}}};
constexpr std::array<std::pair<std::string_view, vision::Fit>, 3> kFits{
    {{"pad", vision::Fit::pad}, {"stretch", vision::Fit::stretch}, {"tile", vision::Fit::tile}}};
constexpr std::array<std::pair<std::string_view, vision::Equalisation>, 4> kEqualisations{
    {{"none", vision::Equalisation::none},
     {"histogram", vision::Equalisation::histogram},
     {"clahe", vision::Equalisation::clahe},
     {"local", vision::Equalisation::local}}};
constexpr int kLargestSize = 4096;  // pixels a side of a network's input
constexpr double kLargestStrangeness = 1e6;

vision::Preparation parse_preparation(const CardMember& prepare) {
  vision::Preparation how;
  how.crop = one_of(prepare["crop"], kCrops);
  how.fit = one_of(prepare["fit"], kFits);
  how.equalise = one_of(prepare["equalise"], kEqualisations);
  how.size = static_cast<int>(prepare["size"].number(8, kLargestSize));
  if (const CardMember border = prepare["border"]; border.present()) how.border = border.number(0, 0.5);
  return how;
}

std::array<int, 3> parse_volume_size(const CardMember& size) {
  const std::vector<CardMember> sides = size.items(3);
  if (sides.size() != 3) size.wrong("A volume's size is [d, h, w]");
  const auto side = [&](std::size_t i) { return static_cast<int>(sides[i].number(1, kLargestSize)); };
  return {side(2), side(1), side(0)};
}

Class parse_class(const CardMember& member) {
  Class one{member["name"].text(), member["text"].localized(), {}, {}};
  if (const CardMember code = member["code"]; code.present())
    one.code = engine::Coding{code["system"].text(), code["code"].text(), code["display"].text()};
  if (const CardMember threshold = member["threshold"]; threshold.present())
    one.threshold = threshold.number(0, 1);
  return one;
}

std::vector<Class> parse_classes(const CardMember& member) {
  std::vector<Class> classes;
  std::set<std::string> names;
  for (const CardMember& one : member.items(1)) {
    classes.push_back(parse_class(one));
    if (!names.insert(classes.back().name).second) member.wrong("Two classes have one name");
  }
  return classes;
}

Objects parse_objects(const CardMember& objects, std::size_t classes) {
  const auto place = [&](const char* name) {
    return static_cast<std::size_t>(objects[name].number(0, static_cast<double>(classes) - 1));
  };
  return {place("mask"), place("seeds"), static_cast<int>(objects["smallest"].number(0, 1e6))};
}

// A network that is described but not trained yet has no digest: its assistant is unavailable.
engine::ModelFile model_of(const engine::Card& card, const std::string& file) {
  const auto found = std::ranges::find(card.models, file, &engine::ModelFile::file);
  return found == card.models.end() ? engine::ModelFile{file, {}} : *found;
}

Description parse_network(const engine::Card& card, const CardMember& member) {
  Description network;
  network.model = model_of(card, member["model"].text());
  network.kind = one_of(member["kind"], kKinds);
  network.colour = one_of(member["colour"], kColours);
  const CardMember prepare = member["prepare"];
  if (network.kind == Kind::volume)
    network.volume_size = parse_volume_size(prepare["size"]);
  else
    network.prepare = parse_preparation(prepare);
  if (network.prepare.fit == vision::Fit::tile && network.kind != Kind::segmenter)
    prepare["fit"].wrong("Only a segmenter sees tiles");
  if (const CardMember exclusive = member["exclusive"]; exclusive.present())
    network.exclusive = exclusive.truth();
  network.classes = parse_classes(member["classes"]);
  if (const CardMember limit = member["strangeness"]; limit.present())
    network.strangeness = limit.number(0, kLargestStrangeness);
  if (const CardMember objects = member["objects"]; objects.present())
    network.objects = parse_objects(objects, network.classes.size());
  return network;
}

std::vector<std::int64_t> input_shape(const Description& network) {
  if (network.kind == Kind::volume)
    return {1, 1, network.volume_size[2], network.volume_size[1], network.volume_size[0]};
  return {1, network.channels(), network.prepare.size, network.prepare.size};
}

bool fits(const std::vector<std::int64_t>& wanted, const std::vector<std::int64_t>& offered) {
  return std::ranges::equal(wanted, offered,
                            [](std::int64_t a, std::int64_t b) { return a == b || a < 0 || b < 0; });
}

[[noreturn]] void mismatch(const Description& network, const std::string& what) {
  throw Error(ErrorCode::invalid_structure, "The model is not what its card describes: " + what,
              "models/" + network.model.file, "Restore the card and the model of one version");
}

const engine::TensorInfo* find_output(const engine::Session& session, std::string_view name) {
  const auto found = std::ranges::find(session.outputs(), name, &engine::TensorInfo::name);
  return found == session.outputs().end() ? nullptr : &*found;
}

void require_output(const Description& network, const engine::Session& session, const char* name,
                    const std::vector<std::int64_t>& shape) {
  const engine::TensorInfo* output = find_output(session, name);
  if (!output) mismatch(network, std::string("it has no output \"") + name + "\"");
  if (!fits(shape, output->shape)) mismatch(network, std::string("\"") + name + "\" has another shape");
}

void check(const Description& network, const engine::Session& session) {
  if (session.inputs().size() != 1 || !fits(input_shape(network), session.inputs()[0].shape))
    mismatch(network, "its input has another shape");
  const auto classes = static_cast<std::int64_t>(network.classes.size());
  const std::vector<std::int64_t> input = input_shape(network);
  if (network.kind == Kind::classifier) {
    require_output(network, session, "probabilities", {1, classes});
    require_output(network, session, "places", {1, classes, -1, -1});
  } else if (network.kind == Kind::segmenter) {
    require_output(network, session, "masks", {1, classes, input[2], input[3]});
  } else {
    require_output(network, session, "masks", {1, classes, input[2], input[3], input[4]});
  }
  if (network.strangeness) require_output(network, session, "strangeness", {1});
}

// What a model's shape leaves open is known only when it has run.
void check(const Description& network, const Network::Outputs& outputs) {
  const auto classes = static_cast<std::int64_t>(network.classes.size());
  for (const auto* output : {&outputs.probabilities, &outputs.places, &outputs.masks})
    if (*output && ((*output)->shape.size() < 2 || (*output)->shape[1] != classes))
      mismatch(network, "it gives another number of classes");
  const std::vector<std::int64_t> input = input_shape(network);
  if (outputs.masks && !std::equal(outputs.masks->shape.begin() + 2, outputs.masks->shape.end(),
                                   input.begin() + 2, input.end()))
    mismatch(network, "its masks have another size");
}

}  // namespace

std::vector<Description> parse_networks(const engine::Card& card) {
  const CardMember imaging(card.whole.find("imaging"), card.id + "/card.json: card.imaging");
  std::vector<Description> all;
  for (const CardMember& network : imaging.items(1)) all.push_back(parse_network(card, network));
  return all;
}

std::shared_ptr<const engine::Session> Network::loaded() const {
  if (!is_trained())
    throw Error(ErrorCode::unavailable, "The model is described but not trained yet",
                "models/" + description_.model.file, "Train it as training/README.md says");
  const std::lock_guard lock(mutex_);
  if (!session_) {
    auto session = engine::Session::load(description_.model);
    check(description_, *session);
    session_ = std::move(session);
  }
  return session_;
}

Network::Outputs Network::run(std::vector<float> input) const {
  const auto session = loaded();
  std::vector<Tensor> results = session->run({{input_shape(description_), std::move(input)}});
  Outputs outputs;
  const auto take = [&](const char* name, std::optional<Tensor>& into) {
    if (const engine::TensorInfo* info = find_output(*session, name))
      into = std::move(results.at(static_cast<std::size_t>(info - session->outputs().data())));
  };
  take("probabilities", outputs.probabilities);
  take("places", outputs.places);
  take("masks", outputs.masks);
  take("strangeness", outputs.strangeness);
  check(description_, outputs);
  return outputs;
}

}  // namespace meridian::assistants::imaging
