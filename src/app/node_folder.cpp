#include "app/node_folder.h"

#include "base/error.h"

namespace meridian::app {

namespace fs = std::filesystem;

void NodeFolder::prepare() const {
  try {
    for (const fs::path& folder : {root_, blobs(), keys(), spool()}) fs::create_directories(folder);
    for (const fs::path& folder : {root_, keys()})
      fs::permissions(folder, fs::perms::owner_all, fs::perm_options::replace);
    for (const auto& left_over : fs::directory_iterator(spool())) fs::remove_all(left_over);
  } catch (const fs::filesystem_error& error) {
    throw Error(ErrorCode::unavailable, "The data folder cannot be used: " + error.code().message(),
                root_.string(), "Give a folder that this user may write with node.data_folder");
  }
}

}  // namespace meridian::app
