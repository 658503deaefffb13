#include "assistants/imaging/network.h"

#include <algorithm>
#include <set>
#include <utility>

#include "base/error.h"

namespace meridian::assistants::imaging {
namespace {

using engine::Tensor;

[[noreturn]] void wrong(const std::string& where, const std::string& what) {
  throw Error(ErrorCode::invalid_configuration, what, where,
              "Correct the card as docs/decisions/0007-one-way-to-read-images.md says");
}

const Json& member(const Json& json, const char* name, const std::string& where) {
  const Json* found = json.is_object() ? json.find(name) : nullptr;
  if (!found) wrong(where + "." + name, "This member is missing");
  return *found;
}

std::string text(const Json& json, const char* name, const std::string& where) {
  const Json& found = member(json, name, where);
  if (!found.is_string() || found.as_string().empty()) wrong(where + "." + name, "This must be a text");
  return found.as_string();
}

double number(const Json& json, const std::string& where, double least, double most) {
  if (!json.is_number() || !(json.as_double() >= least && json.as_double() <= most))
    wrong(where, "This must be a number from " + std::to_string(least) + " to " + std::to_string(most));
  return json.as_double();
}

template <class Value, std::size_t count>
Value one_of(const Json& json, const char* name, const std::string& where,
             const std::array<std::pair<std::string_view, Value>, count>& values) {
  const std::string word = text(json, name, where);
  for (const auto& [known, value] : values)
    if (known == word) return value;
  wrong(where + "." + name, "\"" + word + "\" is not known here");
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

vision::Preparation parse_preparation(const Json& json, const std::string& where) {
  vision::Preparation how;
  how.crop = one_of(json, "crop", where, kCrops);
  how.fit = one_of(json, "fit", where, kFits);
  how.equalise = one_of(json, "equalise", where, kEqualisations);
  how.size = static_cast<int>(number(member(json, "size", where), where + ".size", 8, kLargestSize));
  if (const Json* border = json.find("border")) how.border = number(*border, where + ".border", 0, 0.5);
  return how;
}

std::array<int, 3> parse_volume_size(const Json& prepare, const std::string& where) {
  const Json& size = member(prepare, "size", where);
  if (!size.is_array() || size.size() != 3) wrong(where + ".size", "A volume's size is [d, h, w]");
  const auto side = [&](std::size_t i) {
    return static_cast<int>(number(size.at(i), where + ".size", 1, kLargestSize));
  };
  return {side(2), side(1), side(0)};
}

Class parse_class(const Json& json, const std::string& where) {
  Class one{text(json, "name", where), {}, {}, {}};
  const Json& words = member(json, "text", where);
  one.text = {text(words, "en", where + ".text"), text(words, "zh", where + ".text")};
  if (const Json* code = json.find("code"))
    one.code = engine::Coding{text(*code, "system", where + ".code"), text(*code, "code", where + ".code"),
                              text(*code, "display", where + ".code")};
  if (const Json* threshold = json.find("threshold"))
    one.threshold = number(*threshold, where + ".threshold", 0, 1);
  return one;
}

std::vector<Class> parse_classes(const Json& json, const std::string& where) {
  if (!json.is_array() || json.empty()) wrong(where, "This must be an array of at least one class");
  std::vector<Class> classes;
  std::set<std::string> names;
  for (std::size_t i = 0; i < json.size(); ++i) {
    classes.push_back(parse_class(json.at(i), where + "[" + std::to_string(i) + "]"));
    if (!names.insert(classes.back().name).second) wrong(where, "Two classes have one name");
  }
  return classes;
}

Objects parse_objects(const Json& json, std::size_t classes, const std::string& where) {
  const auto place = [&](const char* name) {
    const double most = static_cast<double>(classes) - 1;
    return static_cast<std::size_t>(number(member(json, name, where), where + "." + name, 0, most));
  };
  return {place("mask"), place("seeds"),
          static_cast<int>(number(member(json, "smallest", where), where + ".smallest", 0, 1e6))};
}

// A network that is described but not trained yet has no digest: its assistant is unavailable.
engine::ModelFile model_of(const engine::Card& card, const std::string& file) {
  const auto found = std::ranges::find(card.models, file, &engine::ModelFile::file);
  return found == card.models.end() ? engine::ModelFile{file, {}} : *found;
}

Description parse_network(const engine::Card& card, const Json& json, const std::string& where) {
  Description network;
  network.model = model_of(card, text(json, "model", where));
  network.kind = one_of(json, "kind", where, kKinds);
  network.colour = one_of(json, "colour", where, kColours);
  const Json& prepare = member(json, "prepare", where);
  if (network.kind == Kind::volume)
    network.volume_size = parse_volume_size(prepare, where + ".prepare");
  else
    network.prepare = parse_preparation(prepare, where + ".prepare");
  if (network.prepare.fit == vision::Fit::tile && network.kind != Kind::segmenter)
    wrong(where + ".prepare.fit", "Only a segmenter sees tiles");
  if (const Json* exclusive = json.find("exclusive"); exclusive && exclusive->is_bool())
    network.exclusive = exclusive->as_bool();
  network.classes = parse_classes(member(json, "classes", where), where + ".classes");
  if (const Json* limit = json.find("strangeness"); limit && !limit->is_null())
    network.strangeness = number(*limit, where + ".strangeness", 0, kLargestStrangeness);
  if (const Json* objects = json.find("objects"); objects && !objects->is_null())
    network.objects = parse_objects(*objects, network.classes.size(), where + ".objects");
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
  const std::string where = card.id + "/card.json: card.imaging";
  const Json* networks = card.whole.find("imaging");
  if (!networks || !networks->is_array() || networks->empty())
    wrong(where, "This must be an array of at least one network");
  std::vector<Description> all;
  for (std::size_t i = 0; i < networks->size(); ++i)
    all.push_back(parse_network(card, networks->at(i), where + "[" + std::to_string(i) + "]"));
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
