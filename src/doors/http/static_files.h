// Files that come with the program: the console and the viewer.
#pragma once
#include <filesystem>
#include <string>

#include "doors/http/router.h"

namespace meridian::doors::http {

struct Site {
  std::string name;                 // "The console"
  std::string prefix = {};          // of its addresses: "" or "/viewer"
  std::string folder_name = {};     // "web/dist"
  std::filesystem::path folder;     // empty: it has not been built, which is said to who asks for it
  bool routes_itself = false;       // its index.html answers for pages there is no file for
  std::string content_policy = {};  // in place of what every answer has
};

// Serves what the folder holds at this moment below the prefix. A browser that asks for a page there is no
// file for is sent to "/#/…", or gets index.html where the site routes itself.
void add_static_files(Router& router, const Site& site);

Site console_site();
// OHIF (tools/build_viewer.sh).
Site viewer_site();

}  // namespace meridian::doors::http
