// FLAC streams, in which WFDB's formats 508, 516 and 524 keep signals: a channel a signal.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace meridian::archive {

// All samples, by channel. Throws invalid_structure (no FLAC stream of so many channels), corrupted (damaged
// or cut: its checksums are verified), too_large (more than 2^28 samples, or more than 1024 a byte, which no
// recording comes near).
std::vector<std::vector<std::int32_t>> decode_flac(std::string_view bytes, std::size_t channels);

}  // namespace meridian::archive
