// The sample encodings of WFDB signal files, as signal(5) of the WFDB Applications Guide defines them.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace meridian::archive {

// How many whole samples so many bytes hold. This and the others throw not_supported for an unknown format.
std::size_t wfdb_samples_in(int format, std::size_t bytes);
// Decodes samples of the file: that at `first`, and on as many as `out` takes. Format 8 gives the differences
// as they are stored. The bytes must hold them: first + out.size() <= wfdb_samples_in(format, bytes.size()).
void decode_wfdb_samples(int format, std::string_view bytes, std::size_t first, std::span<std::int32_t> out);
// The stored value that means "no sample here"; nothing where the format has none.
std::optional<std::int32_t> wfdb_missing_value(int format);

}  // namespace meridian::archive
