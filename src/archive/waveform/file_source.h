// The files that make up one recording, by name: a folder on disk, or what was uploaded together.
#pragma once
#include <filesystem>
#include <functional>
#include <optional>
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

// Whether the names differ in the case of their letters at most: recorders write 100.HEA for 100.hea.
bool is_same_file_name(const std::string& a, const std::string& b);
// The file of that name, else one that is_same_file_name, else none.
std::optional<std::filesystem::path> find_in_folder(const std::filesystem::path& folder,
                                                    const std::string& name);

// Both give a file whose name differs in case only where there is none of the very name.
FileSource files_of_folder(const std::filesystem::path& folder);
// The span must outlive the source.
FileSource files_of_upload(std::span<const NamedBytes> files);

}  // namespace meridian::archive
