#include "app/data/unpack.h"

#include <archive.h>
#include <archive_entry.h>

#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>

#include "base/encoding.h"
#include "base/error.h"
#include "base/id.h"

namespace meridian::app {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kBlock = 1u << 18;

using Reader = std::unique_ptr<::archive, decltype(&archive_read_free)>;

fs::path cache_folder() {
  if (const char* cache = std::getenv("XDG_CACHE_HOME")) return fs::path(cache) / "meridian";
  const char* home = std::getenv("HOME");
  return (home ? fs::path(home) / ".cache" : fs::temp_directory_path()) / "meridian";
}

// The archive's name, and a digest of what changes when it does.
fs::path folder_of(const fs::path& file) {
  const std::string version = std::to_string(fs::file_size(file)) + " " +
                              std::to_string(fs::last_write_time(file).time_since_epoch().count()) + " " +
                              fs::absolute(file).string();
  return cache_folder() / (file.filename().string() + "." + to_hex(sha256(version)).substr(0, 12));
}

[[noreturn]] void broken(const fs::path& file, const std::string& what) {
  throw Error(ErrorCode::invalid_syntax, "The archive cannot be unpacked: " + what, file.string());
}

void copy_entry(::archive* reader, const fs::path& target, const fs::path& file) {
  fs::create_directories(target.parent_path());
  std::ofstream out(target, std::ios::binary);
  std::string block(kBlock, '\0');
  while (true) {
    const la_ssize_t got = archive_read_data(reader, block.data(), block.size());
    if (got < 0) broken(file, archive_error_string(reader));
    if (got == 0) break;
    out.write(block.data(), got);
  }
  if (!out.flush())
    throw Error(ErrorCode::storage_full, "An unpacked file could not be written", target.string());
}

void unpack(const fs::path& file, const fs::path& folder) {
  const Reader reader(archive_read_new(), archive_read_free);
  archive_read_support_filter_all(reader.get());
  archive_read_support_format_tar(reader.get());
  if (archive_read_open_filename(reader.get(), file.c_str(), kBlock) != ARCHIVE_OK)
    broken(file, archive_error_string(reader.get()));
  archive_entry* entry = nullptr;
  int result = ARCHIVE_OK;
  while ((result = archive_read_next_header(reader.get(), &entry)) == ARCHIVE_OK) {
    if (archive_entry_filetype(entry) != AE_IFREG) continue;
    const fs::path name = fs::path(archive_entry_pathname(entry)).lexically_normal();
    if (name.is_absolute() || name.begin()->string() == "..")
      broken(file, "\"" + name.string() + "\" leaves the folder");
    copy_entry(reader.get(), folder / name, file);
  }
  if (result != ARCHIVE_EOF) broken(file, archive_error_string(reader.get()));
}

}  // namespace

fs::path unpacked(const fs::path& archive) {
  if (!fs::is_regular_file(archive))
    throw Error(ErrorCode::not_found, "There is no such data archive", archive.string(),
                "Set MERIDIAN_DATA to the folder of real data");
  const fs::path folder = folder_of(archive);
  if (fs::is_directory(folder)) return folder;
  const fs::path fresh = folder.string() + "." + new_id();
  fs::create_directories(fresh);
  try {
    unpack(archive, fresh);
    std::error_code taken;
    fs::rename(fresh, folder, taken);
    if (taken) fs::remove_all(fresh);  // another process was faster
  } catch (...) {
    std::error_code ignored;
    fs::remove_all(fresh, ignored);
    throw;
  }
  return folder;
}

}  // namespace meridian::app
