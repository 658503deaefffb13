// Real data comes in archives (tar, tar.xz, tar.zst); benches and the demonstration unpack them once.
#pragma once
#include <filesystem>

namespace meridian::app {

// The folder with the archive's files, below $XDG_CACHE_HOME/meridian or ~/.cache/meridian: unpacked at first
// call, again when the archive has changed. Throws not_found when there is no such archive, invalid_syntax
// when it is broken or an entry would leave the folder.
std::filesystem::path unpacked(const std::filesystem::path& archive);

}  // namespace meridian::app
