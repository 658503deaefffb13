#include "archive/waveform/file_source.h"

#include <strings.h>

#include "base/error.h"
#include "base/file.h"

namespace meridian::archive {

void require_plain_name(const std::string& name) {
  const bool plain = !name.empty() && name != "." && name != ".." &&
                     name.find_first_of(std::string_view("/\\\0", 3)) == std::string::npos;
  if (!plain)
    throw Error(ErrorCode::invalid_value, "A header names a file outside its own folder", name,
                "Put all files of the recording into one folder and name them without a path");
}

bool is_same_file_name(const std::string& a, const std::string& b) {
  return strcasecmp(a.c_str(), b.c_str()) == 0;
}

std::optional<std::filesystem::path> find_in_folder(const std::filesystem::path& folder,
                                                    const std::string& name) {
  namespace fs = std::filesystem;
  const fs::path home = folder.empty() ? "." : folder;
  if (fs::exists(home / name)) return home / name;
  std::error_code unreadable;
  for (const fs::directory_entry& entry : fs::directory_iterator(home, unreadable))
    if (is_same_file_name(entry.path().filename().string(), name)) return entry.path();
  return std::nullopt;
}

FileSource files_of_folder(const std::filesystem::path& folder) {
  const auto home = std::filesystem::weakly_canonical(folder.empty() ? "." : folder);
  return [home](const std::string& name) {
    require_plain_name(name);
    const auto path = std::filesystem::weakly_canonical(find_in_folder(home, name).value_or(home / name));
    if (path.parent_path() != home)
      throw Error(ErrorCode::invalid_value, "A file of the recording is a link that leaves its folder", name,
                  "Copy the file itself into the folder");
    return read_file(path);
  };
}

FileSource files_of_upload(std::span<const NamedBytes> files) {
  return [files](const std::string& name) {
    require_plain_name(name);
    for (const NamedBytes& file : files)
      if (file.name == name) return file.bytes;
    for (const NamedBytes& file : files)
      if (is_same_file_name(file.name, name)) return file.bytes;
    throw Error(ErrorCode::not_found, "The recording's header names a file that was not sent with it", name,
                "Send the .hea file and all files that it names together");
  };
}

}  // namespace meridian::archive
