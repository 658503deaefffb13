#include "base/resource.h"

#include <array>
#include <cstdlib>
#include <string>

#include "base/error.h"

namespace meridian {
namespace {

namespace fs = std::filesystem;

fs::path from_environment(const char* name) {
  const char* value = std::getenv(name);
  return value ? fs::path(value) : fs::path();
}

}  // namespace

fs::path resource(std::string_view relative_path) {
  std::error_code ignored;
  const fs::path program = fs::read_symlink("/proc/self/exe", ignored).parent_path();
  const std::array<fs::path, 3> homes{from_environment("MERIDIAN_HOME"), program / "../share/meridian",
                                      MERIDIAN_BUILT_FROM};
  std::string looked;
  for (const fs::path& home : homes) {
    if (home.empty()) continue;
    const fs::path candidate = (home / relative_path).lexically_normal();
    if (fs::exists(candidate, ignored)) return candidate;
    looked += (looked.empty() ? "" : ", ") + candidate.string();
  }
  throw Error(ErrorCode::unavailable, "A file that belongs to the program is missing", looked,
              "Set MERIDIAN_HOME to the folder that holds models/ and knowledge/");
}

fs::path data_folder() {
  const fs::path named = from_environment("MERIDIAN_DATA");
  return named.empty() ? fs::path(MERIDIAN_BUILT_FROM).parent_path() / "shared/data" : named;
}

}  // namespace meridian
