// Files and folders made so that they are there after a power cut.
#pragma once
#include <filesystem>

namespace meridian::storage {

// Durable when it returns, also when others make the same folder at the same time.
void make_folder(const std::filesystem::path& folder);
// The folder and those above it that are missing.
void make_folders(const std::filesystem::path& folder);
void sync_file(const std::filesystem::path& file);
void sync_folder(const std::filesystem::path& folder);

// Renames within one file system and syncs the folder; replaces what is there. Throws invalid_request across
// file systems.
void move_durably(const std::filesystem::path& from, const std::filesystem::path& to);

}  // namespace meridian::storage
