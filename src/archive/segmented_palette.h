// Palettes whose entries are given as segments (PS3.3, C.7.9.2), which the display pipeline does not read. Of
// this room only: it includes DCMTK.
#pragma once
#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>

#include <cstdint>
#include <span>
#include <vector>

namespace meridian::archive {

// The entries that discrete, linear and indirect segments make. Throws corrupted when they end in between,
// begin with a linear one, or do not make as many.
std::vector<std::uint16_t> expand_segments(std::span<const std::uint16_t> segments, std::size_t entries);

// Puts plain palettes in place of segmented ones. Throws corrupted.
void expand_segmented_palettes(DcmItem& dataset);

}  // namespace meridian::archive
