// What an assistant found, in the form in which it is printed, kept as evidence and shown:
// docs/reading.schema.json.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "engine/card.h"

namespace meridian::engine {

struct Coding {
  std::string system, code, display;
  std::string token() const { return system + "|" + code; }
};

struct Measurement {
  Coding code;
  std::string name_zh;  // the code's display in Chinese
  double value = 0;
  std::string unit;     // UCUM
  std::string display;  // "72 bpm", as a person reads it
};

// In the order of a worklist: routine waits, emergency interrupts.
enum class Urgency { none, routine, today, emergency };
std::string_view urgency_name(Urgency urgency);  // "today"
Urgency urgency_of(std::string_view name);       // throws invalid_value

struct Finding {
  Coding code;
  LocalizedText text;                 // one sentence, fit for a report
  std::optional<double> probability;  // calibrated, of what the code says
  std::optional<double> threshold;    // the card's operating point
  bool positive = true;               // false: looked for and not found
  Urgency urgency = Urgency::none;    // raises the case in the worklist
  std::vector<Measurement> measurements;
  // Members by kind: "beats" [{sample, time, aami_class}], "leads", "heat_map" {width, height, png (Base64)},
  // and "intervals", "regions", "rules", as engine/evidence.h makes them.
  // Samples count from 0, times in seconds from the start, polygons in pixels of the image.
  Json evidence;
};

struct Refusal {
  std::string reason;  // a short constant: "not-a-chest-film", "too-short", "too-noisy"
  LocalizedText text;  // "Not analysed, because ..."
};

// One of the classes that a reader of images tells apart, whether or not it makes a finding.
struct ClassProbability {
  std::string name;  // of the card's classes
  LocalizedText text;
  double probability = 0;  // calibrated
};

// What lies where on an image or in a volume, at the input's own size.
struct LabelMap {
  std::string name;  // what is labelled: "polyp", "nuclei"
  int width = 0, height = 0, depth = 1;
  std::vector<std::uint16_t> labels;  // as the input's pixels lie; 0: nothing
  std::vector<std::string> meanings;  // of 1, 2, ... where each has one; empty: 1, 2, ... count objects
};

struct Reading {
  std::optional<Refusal> refused;
  std::vector<Finding> findings;
  std::vector<ClassProbability> classes;
  std::optional<double>
      strangeness;  // how unlike what the reader has learnt the input is; 1: as much as is read
  std::vector<LabelMap> maps;
};

Json to_json(const LocalizedText& text);  // {en, zh}
// {input, assistant, version, refused, findings: [{code, text, probability, measurements, evidence, ...}],
// classes, strangeness}; without its label maps, which are files of their own
Json to_json(const Reading& reading, const Card& card, const std::string& input);

}  // namespace meridian::engine
