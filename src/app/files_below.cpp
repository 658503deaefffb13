#include "app/files_below.h"

#include <algorithm>
#include <cstdio>
#include <system_error>

namespace meridian::app {
namespace {

namespace fs = std::filesystem;

void say_left_out(const fs::path& path, const std::error_code& why) {
  std::fprintf(stderr, "meridian: %s is left out: %s\n", path.c_str(), why.message().c_str());
}

void check_readable(const fs::path& folder) {
  std::error_code error;
  const fs::directory_iterator look(folder, error);
  if (error) say_left_out(folder, error);
}

}  // namespace

std::vector<fs::path> files_below(const fs::path& folder) {
  check_readable(folder);
  std::vector<fs::path> files;
  for (const auto& entry :
       fs::recursive_directory_iterator(folder, fs::directory_options::skip_permission_denied)) {
    std::error_code error;
    const fs::file_status status = entry.symlink_status(error);
    if (!error && fs::is_directory(status))
      check_readable(entry.path());
    else if (!error && entry.is_regular_file(error))
      files.push_back(entry.path());
    if (error && error != std::errc::no_such_file_or_directory) say_left_out(entry.path(), error);
  }
  std::ranges::sort(files);
  return files;
}

}  // namespace meridian::app
