// Readings for people, on the terminal as a page of HTML with pictures, of an ECG as PDF, and for programs as
// JSON.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "base/json.h"
#include "engine/assistant.h"

namespace meridian::app {

// One input as one assistant read it. No card: no assistant reads such an input.
struct ReadInput {
  std::string name;
  const engine::Card* card = nullptr;
  engine::Reading reading;
  std::shared_ptr<const engine::Input> input;  // what was read, for all of its readings; null: nothing was
  Json masks;  // the files of its label maps, as docs/reading.schema.json says; null: none were asked for
};

// Evidence of the kind ("beats") in the first finding that has it, or null.
const Json& evidence(const engine::Reading& reading, std::string_view kind);
// What docs/reading.schema.json describes.
Json reading_json(const ReadInput& input);
// A few lines: what was read, by whom, each finding with its probability and measurements.
std::string terminal_report(const ReadInput& input, bool chinese);
// A whole page that needs nothing else: ECG strips on millimetre paper as SVG, films as PNG with their heat
// map.
std::string html_report(const std::vector<ReadInput>& inputs, bool chinese);
// The one ECG among the inputs, on paper to be printed, unsigned. Throws usage when there is none or more
// than one, and what care::ecg_pdf throws.
std::string pdf_report(const std::vector<ReadInput>& inputs, bool chinese);

}  // namespace meridian::app
