// Whole slides converted by a process of its own: OpenSlide and libtiff parse bytes there that nobody has
// checked, with limits on memory, time and files, and without this program's secrets (docs/decisions/0011).
#pragma once
#include <filesystem>
#include <string>

#include "base/json.h"
#include "care/slide_conversion.h"

namespace meridian::app {

// Starts the program itself as `meridian slide-process` for each slide, and tells its progress.
care::SlideConverter slide_converter();

// That process: takes the facts as JSON from standard input, writes the instances into the folder, and prints
// a JSON object a line, {done, of} and, at the end of one that failed, {error, message}. The exit status.
int slide_process(const std::filesystem::path& slide, const std::filesystem::path& folder);

Json to_json(const archive::SlideFacts& facts);
archive::SlideFacts slide_facts_of(const Json& json);

}  // namespace meridian::app
