// A card with one of the tiny models that make_models.py writes, found by the program as it finds its own.
#pragma once
#include <cstdlib>
#include <filesystem>
#include <string>

#include "base/encoding.h"
#include "base/file.h"
#include "base/project_folder.h"
#include "base/temporary_folder.h"
#include "engine/card.h"

namespace meridian::assistants::imaging {

inline std::filesystem::path tiny_models() {
  return project_folder() / "tests/assistants/imaging";
}

// While it lives, resources are looked for in a folder that holds the tiny models as models/.
class TinyModels {
 public:
  TinyModels() {
    std::filesystem::create_directories(home_ / "models");
    for (const char* name : {"bright.onnx", "inside.onnx", "spots.onnx", "cube.onnx"})
      std::filesystem::copy_file(tiny_models() / name, home_ / "models" / name);
    setenv("MERIDIAN_HOME", home_.path().c_str(), 1);
  }
  ~TinyModels() { unsetenv("MERIDIAN_HOME"); }
  std::filesystem::path model(const std::string& name) const { return home_ / ("models/" + name); }

 private:
  TemporaryFolder home_;
};

inline Json tiny_class(const std::string& name) {
  const std::string code = R"({"system": "http://hl7.org/fhir/sid/icd-10", "code": "R93.)" + name +
                           R"(", "display": ")" + name + R"("})";
  return Json::object({{"name", name},
                       {"text", Json::object({{"en", "It is " + name}, {"zh", "此为" + name}})},
                       {"code", Json::parse(code)}});
}

inline Json bright_network() {
  Json network = Json::parse(R"({"model": "bright.onnx", "kind": "classifier", "colour": "grey",
    "prepare": {"crop": "none", "fit": "pad", "size": 32, "equalise": "none", "border": 0},
    "exclusive": true, "strangeness": 1.6})");
  Json dark = tiny_class("dark");
  network["classes"] = Json::array({tiny_class("bright"), dark});
  return network;
}

inline Json inside_network() {
  Json network = Json::parse(R"({"model": "inside.onnx", "kind": "segmenter", "colour": "grey",
    "prepare": {"crop": "none", "fit": "stretch", "size": 32, "equalise": "none", "border": 0}})");
  network["classes"] = Json::array({tiny_class("lump"), tiny_class("middle")});
  network["classes"].items()[1].erase("code");
  return network;
}

inline Json spots_network() {
  Json network = Json::parse(R"({"model": "spots.onnx", "kind": "segmenter", "colour": "rgb",
    "prepare": {"crop": "none", "fit": "tile", "size": 32, "equalise": "none", "border": 0},
    "objects": {"mask": 0, "seeds": 1, "smallest": 4}})");
  network["classes"] = Json::array({tiny_class("spot"), tiny_class("centre")});
  network["classes"].items()[1].erase("code");
  return network;
}

inline Json cube_network() {
  Json network = Json::parse(R"({"model": "cube.onnx", "kind": "volume", "colour": "grey",
    "prepare": {"size": [8, 8, 8]}})");
  network["classes"] = Json::array({tiny_class("part"), tiny_class("core")});
  return network;
}

inline engine::Card card_of(const Json& network) {
  engine::Card card;
  card.id = "tiny";
  card.version = "1.0.0";
  const std::string file = network.text("model");
  card.models = {{file, to_hex(sha256(read_file(tiny_models() / file)))}};
  card.whole = Json::object({{"imaging", Json::array({network})}});
  return card;
}

}  // namespace meridian::assistants::imaging
