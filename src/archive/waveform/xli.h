// XLI, the packing of leads in Philips' ECG files: for each lead a chunk of a header of 8 bytes (the packed
// size, two unused bytes, the last value of the prediction's start) and LZW codes of 10 bits up to code 1023,
// which give all high bytes and then all low bytes of second differences. Known by the project
// sierra-ecg-tools, which took it from files.
#pragma once
#include <cstdint>
#include <string_view>
#include <vector>

namespace meridian::archive {

// The leads in the order of their chunks, of at most so many samples each. Throws corrupted when a chunk is
// cut or holds a code that was not defined, too_large when one unpacks to more, or all together could to more
// than is read at once.
std::vector<std::vector<std::int32_t>> unpack_xli(std::string_view bytes, std::size_t most_samples);

// Those chunks hold III and the augmented leads as differences from what the first two give; brings them
// back. The leads are I, II, III, aVR, aVL, aVF and others, of one length.
void restore_limb_leads(std::vector<std::vector<std::int32_t>>& leads);

}  // namespace meridian::archive
