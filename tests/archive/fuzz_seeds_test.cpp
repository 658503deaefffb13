// Seeds for the fuzz targets of recordings: fuzz/seeds/ holds what this writes.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "archive/recording_makers.h"
#include "archive/slide_makers.h"
#include "base/file.h"
#include "base/temporary_folder.h"

namespace meridian::archive {
namespace {

TEST(FuzzSeeds, AreWrittenWhereAsked) {
  const char* folder = std::getenv("MERIDIAN_FUZZ_SEEDS");
  if (!folder) GTEST_SKIP() << "MERIDIAN_FUZZ_SEEDS names no folder";
  const auto write = [&](const std::string& target, const std::string& name, const std::string& bytes) {
    const auto place = std::filesystem::path(folder) / (target + "_fuzz");
    std::filesystem::create_directories(place);
    write_file(place / name, bytes);
  };
  write("edf", "two_rates",
        make_edf({"X", "", 1, 1, -2, {{"ECG I", "uV", {0, 1000, 2000, 3000}}, {"ECG II", "uV", {0, 2000}}}}));
  write("edf", "discontinuous",
        make_edf({"MCH-1 F 02-MAY-1951 X",
                  "EDF+D",
                  1,
                  2,
                  -2,
                  {{"ECG I", "uV", {1, 2, 3, 4}}, {"", "", {}, "+0\x14\x14|+3\x14\x14note\x14"}}}));
  write("edf", "bdf", make_edf({"X", "", 1, 1, -2, {{"I", "mV", {1, 2}}}, true}));
  MadeScp made;
  made.leads = {{0, 3, 10, 300, -2000, 150}, {5, 4, 3, 2, 1, 0}};
  made.lead_numbers = {1, 61};
  made.length = 6;
  made.subject = scp_field(2, std::string("S-1\0", 4)) + scp_field(8, "\x02");
  write("scp", "second_differences", make_scp(made));
  made.packed = false;
  write("scp", "plain", make_scp(made));
  made.packed = true;
  made.bimodal = made.beat_subtracted = true;
  made.interval = 8000;
  made.length = 12;
  made.beat = {100, 200, 300};
  made.beat_fiducial = 2;
  made.complexes = {{0, 5, 6, 7, 5, 8}};
  write("scp", "bimodal", make_scp(made));
  const std::string set = aecg_set("20261124081530", "0.002", {{"MDC_ECG_LEAD_I", "1 2 3"}});
  write("aecg", "two_sets",
        make_aecg(set + aecg_set("20261124081531", "0.002", {{"MDC_ECG_LEAD_II", "1 -2"}})));
  write("muse", "three_leads", make_muse({{"V1", {50, 0}}, {"I", {100, 0}}, {"II", {300, 0}}}));
  write("philips", "two_leads", make_philips({{2, 4, 64}, {6, 8, 70}}, 3, "I II"));
  write("philips", "more_leads_than_names", make_philips(std::vector<Values>(8, {20, 20}), 2, "I II III"));
  write("xli", "chunk", make_xli_chunk({10, 20, 70, 64}, 0));
  const std::string table = "I,II\n0.1,\n-2e-1,nan\n";
  write("csv", "comments", "# sampling_frequency: 250\n# unit: mV\n" + table);
  write("csv", "json",
        "{\"sampling_frequency\": 250, \"unit\": \"uV\", \"leads\": [\"I\", \"II\"], \"skip_lines\": 1}--\n" +
            table);
  const TemporaryFolder work;
  for (const bool is_rgb : {true, false}) {
    write_drawn_tiff(work / "slide",
                     {.width = 128, .height = 64, .tile = 64, .is_rgb = is_rgb, .with_label = false});
    write("slide", is_rgb ? "rgb.tiff" : "ycbcr.tiff", read_file(work / "slide"));
  }
}

}  // namespace
}  // namespace meridian::archive
