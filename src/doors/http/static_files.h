// The console's files.
#pragma once
#include <filesystem>

#include "doors/http/router.h"

namespace meridian::doors::http {

// Serves what the folder holds at this moment at "/…", and its index.html to browsers that ask for a page
// there is no file for. An empty path: says that the console has not been built.
void add_static_files(Router& router, const std::filesystem::path& folder);

// web/dist as it comes with the program, or empty when it is not there.
std::filesystem::path console_folder();

}  // namespace meridian::doors::http
