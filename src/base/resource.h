// Files that come with the program: models/, knowledge/, the console (web/dist), the assistants' cards.
#pragma once
#include <filesystem>
#include <string_view>

namespace meridian {

// The file or folder, looked for below $MERIDIAN_HOME, below ../share/meridian beside the program, and below
// the folder it was built from. Throws unavailable, saying where it looked.
std::filesystem::path resource(std::string_view relative_path);
// $MERIDIAN_DATA, else ../shared/data beside the folder it was built from; need not exist.
std::filesystem::path data_folder();

}  // namespace meridian
