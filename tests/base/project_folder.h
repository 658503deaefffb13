// Where the project's sources lie: for tests of what is kept there beside the code.
#pragma once
#include <filesystem>

namespace meridian {

std::filesystem::path project_folder();

}  // namespace meridian
