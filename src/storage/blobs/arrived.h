// The journal of blobs that versions before segments kept (docs/decisions/0004): what one that was not closed
// in order has left in it.
#pragma once
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

namespace meridian::storage {

// Calls restore for each whole blob of the folder's journal, if it has one, and then removes the journal.
void restore_arrived(const std::filesystem::path& folder,
                     const std::function<void(const std::string& digest, std::string_view bytes)>& restore);

}  // namespace meridian::storage
