#include "app/files_below.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include "base/file.h"
#include "base/temporary_folder.h"

namespace meridian::app {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

// Somebody who may not read everything, also where the tests are run by root.
class AsNobody {
 public:
  AsNobody() {
    if (was_root_) was_root_ = seteuid(65'534) == 0;
  }
  ~AsNobody() {
    if (was_root_) {
      EXPECT_EQ(seteuid(0), 0);
    }
  }
  AsNobody(const AsNobody&) = delete;
  AsNobody& operator=(const AsNobody&) = delete;

 private:
  bool was_root_ = geteuid() == 0;
};

TEST(FilesBelow, NamesWhatItMayNotLookInto) {
  TemporaryFolder folder;
  fs::permissions(folder.path(), fs::perms(0755));
  for (const char* below : {"a", "locked", "z"}) {
    fs::create_directories(folder / below);
    write_file(folder / below / "1.dcm", "x");
  }
  fs::permissions(folder / "locked", fs::perms::none);
  ::testing::internal::CaptureStderr();
  std::vector<fs::path> files;
  {
    const AsNobody nobody;
    files = files_below(folder.path());
  }
  const std::string said = ::testing::internal::GetCapturedStderr();
  fs::permissions(folder / "locked", fs::perms(0755));
  EXPECT_THAT(files, ElementsAre(folder / "a" / "1.dcm", folder / "z" / "1.dcm"));
  EXPECT_THAT(said, HasSubstr((folder / "locked").string() + " is left out"));
}

}  // namespace
}  // namespace meridian::app
