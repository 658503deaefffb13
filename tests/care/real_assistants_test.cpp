// The program's own assistants on real recordings, from the upload to the draft on the case page.
#include <gtest/gtest.h>

#include <cstdlib>

#include "archive/waveform/csv_writer.h"
#include "assistants/assistants.h"
#include "base/file.h"
#include "base/resource.h"
#include "care/region.h"
#include "signal/synthetic_ecg.h"

namespace meridian::care {
namespace {

class RealAssistants : public RegionTest {
 protected:
  RealAssistants() : RegionTest(assistants::all()) {}

  // The member of an archive of the real data, or nothing where that is absent.
  std::optional<archive::NamedBytes> member(const std::string& archive, const std::string& name) {
    const auto path = data_folder() / archive;
    if (!std::filesystem::exists(path)) return std::nullopt;
    const std::string command =
        "tar -xf '" + path.string() + "' -C '" + folder.path().string() + "' '" + name + "'";
    if (std::system(command.c_str()) != 0) return std::nullopt;
    return archive::NamedBytes{std::filesystem::path(name).filename().string(),
                               read_file(folder.path() / name)};
  }
  // Of this assistant, which makes no other.
  Json only_draft(const std::string& assistant, const std::vector<archive::NamedBytes>& files) {
    const std::string id = open_case();
    care.intake.receive_files(files, from_console(id));
    node.run_all();
    const Json shown = page(id);
    std::vector<Json> drafts;
    for (const Json& draft : shown.get("drafts").items())
      if (draft.text("assistant.id") == assistant) drafts.push_back(draft);
    EXPECT_EQ(drafts.size(), 1u) << shown.dump_pretty();
    return drafts.empty() ? Json() : drafts[0];
  }
};

TEST_F(RealAssistants, DraftAHalfHourEcgWithItsBeats) {
  const auto header = member("ecg/mitdb.tar.xz", "100.hea");
  const auto samples = member("ecg/mitdb.tar.xz", "100.dat");
  if (!header || !samples) GTEST_SKIP() << "ecg/mitdb.tar.xz is not below " << data_folder();
  const Json draft = only_draft("ecg", {*header, *samples});
  EXPECT_TRUE(draft.find("refused")->is_null());
  std::size_t beats = 0;
  for (const Json& finding : draft.find("findings")->items())
    beats = std::max(beats, finding.get("evidence.beats").size());
  EXPECT_NEAR(static_cast<double>(beats), 2273, 5);  // the reference annotations of record 100
}

TEST_F(RealAssistants, CompareAnEcgWithThePatientsLast) {
  const std::string id = open_case();
  const auto send = [&](const char* start, double rate) {
    signal::Recording recording = signal::make_ecg({.seconds = 10, .heart_rate = rate});
    recording.start = parse_instant(start);
    care.intake.receive_files({{"ecg.csv", archive::compose_csv_ecg(recording)}}, from_console(id));
    node.run_all();
  };
  send("2026-11-20T08:00:00Z", 60);
  EXPECT_TRUE(page(id).get("drafts").at(0).get("comparison").is_null()) << "there is no earlier one";
  send("2026-11-24T08:00:00Z", 130);
  send("2026-11-22T08:00:00Z", 80);
  const Json shown = page(id);
  EXPECT_EQ(shown.get("drafts").size(), 3u);
  for (const Json& draft : shown.get("drafts").items()) {
    const Json& compared = draft.get("comparison");
    if (compared.is_null()) continue;
    const Json& rate = compared.get("measurements").at(0);
    EXPECT_NEAR(rate.get("before").get("value").as_double(),
                compared.text("at").starts_with("2026-11-22") ? 80 : 60, 3);
    EXPECT_NEAR(rate.get("now").get("value").as_double(),
                compared.text("at").starts_with("2026-11-22") ? 130 : 80, 5);
    if (compared.text("at").starts_with("2026-11-22")) {
      EXPECT_NE(compared.get("new").dump().find("Tachycardia"), std::string::npos);
    }
  }
}

TEST_F(RealAssistants, RefuseAFilmThatIsNone) {
  if (node.registry.unavailable("chest_xray")) GTEST_SKIP() << "the film's models are not installed";
  const Json draft = only_draft("chest_xray", {{"grey.dcm", engine::film_file("P-1", "1.2.3.9")}});
  EXPECT_FALSE(draft.find("refused")->is_null());
}

}  // namespace
}  // namespace meridian::care
