#include "record/test_data.h"

#include <unistd.h>

#include <cstdlib>

#include "base/encoding.h"
#include "base/resource.h"

namespace meridian::record {
namespace fs = std::filesystem;

std::optional<fs::path> unpacked(const std::string& archive) {
  const fs::path source = data_folder() / archive;
  if (!fs::exists(source)) return std::nullopt;
  const std::string version =
      archive + std::to_string(fs::last_write_time(source).time_since_epoch().count());
  const fs::path cache = fs::temp_directory_path() / "meridian-cache";
  const fs::path folder = cache / to_hex(sha256(version)).substr(0, 16);
  if (fs::exists(folder)) return folder;
  const fs::path made = folder.string() + "." + std::to_string(::getpid());
  fs::create_directories(made);
  const std::string command = "tar -xf '" + source.string() + "' -C '" + made.string() + "'";
  if (std::system(command.c_str()) != 0) return std::nullopt;
  std::error_code error;
  fs::rename(made, folder, error);  // another process may have been first
  if (error) fs::remove_all(made);
  return folder;
}

}  // namespace meridian::record
