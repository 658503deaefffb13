#include "app/bench/slide_bench.h"

#include <chrono>

#include "app/data/unpack.h"
#include "archive/slide/convert_slide.h"
#include "base/error.h"

namespace meridian::app {
namespace {

constexpr double kSquare = 256.0 * 256;  // pixels

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

// Counts the cells that were looked at.
class CountedRun : public engine::LongRun {
 public:
  std::string kept() override { return {}; }
  void keep(const std::string&, std::int64_t done, std::int64_t) override { cells = done; }
  void alive() override {}
  std::int64_t cells = 0;
};

double convert(const archive::SlideFile& slide) {
  archive::SlideFacts facts;
  facts.study_uid = "2.25.1";
  facts.series_uid = "2.25.2";
  const auto start = std::chrono::steady_clock::now();
  archive::convert_slide(
      slide, facts, {}, [](const std::string&) {}, [](std::int64_t, std::int64_t) {});
  return seconds_since(start);
}

}  // namespace

void bench_slide(const std::filesystem::path& data, const engine::Assistant& pathology, Figures& figures) {
  const auto file = unpacked(data / "img" / "wsi.tar") / "wsi" / "CMU-1-Small-Region.svs";
  const auto slide = std::make_shared<const archive::SlideFile>(file);
  const vision::SlideLevel& level = slide->levels().front();
  const double squares = static_cast<double>(level.width) * static_cast<double>(level.height) / kSquare;
  figures.add("slide, squares of 256 x 256 converted", squares / convert(*slide), "1/s");

  CountedRun run;
  engine::Input input;
  input.slide = slide;
  input.long_run = &run;
  input.image_facts.modality = "SM";
  const auto start = std::chrono::steady_clock::now();
  const engine::Reading reading = pathology.run(input);
  const double seconds = seconds_since(start);
  if (reading.refused) throw Error(ErrorCode::unavailable, reading.refused->text.en);
  const double cell = pathology.card().whole.get("imaging").at(0).get("prepare.size").as_double() * 3 / 4;
  figures.add("slide, squares of 256 x 256 of tissue read",
              static_cast<double>(run.cells) * cell * cell / kSquare / seconds, "1/s");
  for (const engine::Measurement& measured : reading.findings.front().measurements)
    figures.add("slide, " + measured.code.display, measured.value, measured.unit, 1);
}

}  // namespace meridian::app
