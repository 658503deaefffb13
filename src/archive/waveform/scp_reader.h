// SCP-ECG files (EN 1064, ISO 11073-91064), packed or not.
#pragma once
#include <string_view>

#include "signal/recording.h"

namespace meridian::archive {

// The leads of the rhythm (section 6): Huffman codes of the standard's or the file's own tables, first and
// second differences, bimodal compression, and the reference beat added where it was subtracted. Between the
// zones that bimodal compression protects, and where the reference beat is sampled faster than the residual,
// values are interpolated. Sections that are not read are named in `unread`, checksums that do not agree in
// `doubts`. Throws invalid_structure, too_large.
signal::Recording read_scp(std::string_view bytes);

}  // namespace meridian::archive
