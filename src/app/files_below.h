// The files of a folder that a command is given.
#pragma once
#include <filesystem>
#include <vector>

namespace meridian::app {

// At any depth, in the order of their names. What this user may not look into is left out, and named on
// standard error.
std::vector<std::filesystem::path> files_below(const std::filesystem::path& folder);

}  // namespace meridian::app
