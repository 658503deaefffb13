// The card of an assistant: what it is for, what it needs, how well it does, and where its numbers come from.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"

namespace meridian::engine {

struct LocalizedText {
  std::string en, zh;
};

// When an assistant is asked: an arriving DICOM instance whose attributes match, a FHIR resource that
// matches, or a person.
struct Trigger {
  enum class Kind { instance, resource, on_demand };
  Kind kind = Kind::on_demand;
  std::vector<std::string> modalities;   // instance: any of these; empty: any
  std::vector<std::string> sop_classes;  // instance: any of these; empty: any
  std::vector<std::string> body_parts;   // instance: words of Body Part Examined; one that says none matches
  std::string resource_type;             // resource
};

struct ModelFile {
  std::string file;    // below models/
  std::string sha256;  // hexadecimal
};

struct OperatingPoint {
  double threshold = 0.5;
  LocalizedText why;
};

struct Card {
  std::string id, version;
  LocalizedText title, intended_use, not_for;
  std::vector<Trigger> triggers;
  std::vector<ModelFile> models;
  std::optional<OperatingPoint> operating_point;
  bool on_by_default = true;  // false: not good enough yet; why_off says so
  LocalizedText why_off;
  Json whole;  // the card as written, for the console and for Device

  // Throws invalid_configuration with the member that is missing or wrong. docs/card.schema.json is the
  // contract.
  static Card parse(const Json& json);
  // Reads src/assistants/<id>/card.json as it comes with the program, whatever its models are. Throws
  // invalid_configuration.
  static Card read(const std::string& id);
  // As read(); throws corrupted when a model is not the one that the card describes. One that is missing
  // makes the assistant unavailable, which is not an error here.
  static Card load(const std::string& id);
};

}  // namespace meridian::engine
