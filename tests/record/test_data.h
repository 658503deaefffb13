// Public test data that is not part of the project, unpacked once.
#pragma once
#include <filesystem>
#include <optional>
#include <string>

namespace meridian::record {

// The folder with the files of an archive below data_folder(), unpacked into the system's temporary folder;
// nothing when the archive is absent or cannot be unpacked.
std::optional<std::filesystem::path> unpacked(const std::string& archive);

}  // namespace meridian::record
