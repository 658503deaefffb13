// The files that make up one recording, by name: a folder on disk, or what was uploaded together.
#pragma once
#include <filesystem>
#include <functional>
#include <span>
#include <string>

namespace meridian::archive {

struct NamedBytes {
  std::string name;  // a file name without folders
  std::string bytes;
};

// Gives the bytes of a file by its name. Throws not_found; throws invalid_value when the name leads out of
// the folder (a path separator, "..", or a link that points elsewhere).
using FileSource = std::function<std::string(const std::string& name)>;

// Throws invalid_value when the name is not that of a file in its own folder.
void require_plain_name(const std::string& name);

FileSource files_of_folder(const std::filesystem::path& folder);
// The span must outlive the source.
FileSource files_of_upload(std::span<const NamedBytes> files);

}  // namespace meridian::archive
