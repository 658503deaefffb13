// Synthea's transaction bundles, and as many copies of them as a bench asks for.
#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "record/record.h"

namespace meridian::app {

// Throws unavailable without the bundles.
std::vector<std::filesystem::path> synthea_bundles(const std::filesystem::path& data);
// The text with every UUID in it changed by the number of the copy; copy 0 is the text itself. The same
// number gives the same copy, and references within the bundle stay right.
std::string copy_of_bundle(std::string text, std::uint32_t number);
// Executes the bundles, copy after copy, until so many entries are written (0: each bundle once) by so many
// clients, each of which sends its next when the last is on disk. Returns the entries written.
std::int64_t import_copies(record::Record& record, const std::vector<std::filesystem::path>& files,
                           std::int64_t entries, unsigned clients);

}  // namespace meridian::app
