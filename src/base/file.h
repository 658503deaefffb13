// Whole files, read and written safely.
#pragma once
#include <filesystem>
#include <string>
#include <string_view>

namespace meridian {

// Throws not_found, or too_large when the file has more bytes than the limit.
std::string read_file(const std::filesystem::path& path, std::size_t limit = std::size_t(4) << 30);
// Writes to a temporary name beside it, syncs, renames and syncs the folder: after a crash the file is the
// old one or the new one. Throws storage_full or unavailable. mode: who may open it, as in chmod; 0600 for
// secrets.
void write_file(const std::filesystem::path& path, std::string_view bytes, unsigned mode = 0640);

// All of the bytes to an open file; path is how errors name it. Throws storage_full or unavailable.
void write_all(int descriptor, std::string_view bytes, const std::filesystem::path& path);

}  // namespace meridian
