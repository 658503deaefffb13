// The program's own assistants on real recordings, from the upload to the draft on the case page.
#include <gtest/gtest.h>

#include <cstdlib>

#include "assistants/assistants.h"
#include "base/file.h"
#include "base/resource.h"
#include "care/region.h"

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
  Json only_draft(const std::vector<archive::NamedBytes>& files) {
    const std::string id = open_case();
    care.intake.receive_files(files, from_console(id));
    node.run_all();
    const Json shown = page(id);
    EXPECT_EQ(shown.get("drafts").size(), 1u) << shown.dump_pretty();
    return shown.get("drafts").empty() ? Json() : shown.get("drafts").at(0);
  }
};

TEST_F(RealAssistants, DraftAHalfHourEcgWithItsBeats) {
  const auto header = member("ecg/mitdb.tar.xz", "100.hea");
  const auto samples = member("ecg/mitdb.tar.xz", "100.dat");
  if (!header || !samples) GTEST_SKIP() << "ecg/mitdb.tar.xz is not below " << data_folder();
  const Json draft = only_draft({*header, *samples});
  EXPECT_TRUE(draft.find("refused")->is_null());
  std::size_t beats = 0;
  for (const Json& finding : draft.find("findings")->items())
    beats = std::max(beats, finding.get("evidence.beats").size());
  EXPECT_NEAR(static_cast<double>(beats), 2273, 5);  // the reference annotations of record 100
}

TEST_F(RealAssistants, RefuseAFilmThatIsNone) {
  if (node.registry.unavailable("chest_xray")) GTEST_SKIP() << "the film's models are not installed";
  const Json draft = only_draft({{"grey.dcm", engine::film_file("P-1", "1.2.3.9")}});
  EXPECT_FALSE(draft.find("refused")->is_null());
}

}  // namespace
}  // namespace meridian::care
