#include "assistants/polyp/assistant.h"

#include "assistants/imaging/measurements.h"
#include "assistants/imaging/reader.h"

namespace meridian::assistants::polyp {
namespace {

void complete(const engine::Input& input, engine::Reading& reading) {
  const engine::LabelMap* polyp = imaging::find_map(reading, "polyp");
  if (polyp && !reading.findings.empty() && reading.findings.front().positive)
    imaging::add_size(reading.findings.front(), *polyp, input.image->spacing);
}

}  // namespace

std::unique_ptr<engine::Assistant> make_assistant() {
  return imaging::make_reader("polyp",
                              {.input = {"a frame of a colonoscopy", "结肠镜图像"},
                               .modalities = {"ES", "XC", "OT", "SC"},
                               .body_parts = {"COLON", "RECTUM", "BOWEL", "INTESTINE"},
                               .smallest_side = 128},
                              complete);
}

}  // namespace meridian::assistants::polyp
