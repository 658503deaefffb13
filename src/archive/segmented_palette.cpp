#include "archive/segmented_palette.h"

#include <array>
#include <cmath>

#include "base/error.h"

namespace meridian::archive {
namespace {

enum Opcode : std::uint16_t { discrete = 0, linear = 1, indirect = 2 };

[[noreturn]] void wrong(const char* what) {
  throw Error(ErrorCode::corrupted, std::string("A segmented palette is broken: ") + what,
              "(0028,1221) to (0028,1223)");
}

class Expansion {
 public:
  Expansion(std::span<const std::uint16_t> segments, std::size_t entries)
      : segments_(segments), most_(entries) {}

  std::vector<std::uint16_t> run() {
    std::size_t at = 0;
    while (at < segments_.size()) at = expand(at, true);
    if (entries_.size() != most_) wrong("its segments do not make as many entries as it says");
    return std::move(entries_);
  }

 private:
  std::uint16_t word(std::size_t at) const {
    if (at >= segments_.size()) wrong("it ends within a segment");
    return segments_[at];
  }
  void add(std::uint16_t entry) {
    if (entries_.size() == most_) wrong("its segments make more entries than it says");
    entries_.push_back(entry);
  }

  // Gives where the next segment begins.
  std::size_t expand(std::size_t at, bool may_refer) {
    const std::uint16_t length = word(at + 1);
    if (length == 0) wrong("a segment is empty");
    switch (word(at)) {
      case discrete:
        for (std::size_t i = 0; i < length; ++i) add(word(at + 2 + i));
        return at + 2 + length;
      case linear:
        add_line(length, word(at + 2));
        return at + 3;
      case indirect:
        if (!may_refer) break;
        // Its offset counts bytes from the first segment.
        repeat(length, (std::size_t(word(at + 3)) << 16 | word(at + 2)) / 2);
        return at + 4;
      default:
        break;
    }
    wrong("a segment is of no known kind");
  }

  void add_line(std::uint16_t length, std::uint16_t end) {
    if (entries_.empty()) wrong("it begins with a line from nowhere");
    const double begin = entries_.back(), step = (end - begin) / length;
    for (int i = 1; i <= length; ++i) add(static_cast<std::uint16_t>(std::lround(begin + step * i)));
  }

  void repeat(std::uint16_t segments, std::size_t from) {
    for (std::uint16_t i = 0; i < segments; ++i) from = expand(from, false);
  }

  std::span<const std::uint16_t> segments_;
  const std::size_t most_;
  std::vector<std::uint16_t> entries_;
};

struct Palette {
  DcmTagKey descriptor, segmented, plain;
};

}  // namespace

std::vector<std::uint16_t> expand_segments(std::span<const std::uint16_t> segments, std::size_t entries) {
  return Expansion(segments, entries).run();
}

void expand_segmented_palettes(DcmItem& dataset) {
  const std::array<Palette, 3> palettes{
      {{DCM_RedPaletteColorLookupTableDescriptor, DCM_SegmentedRedPaletteColorLookupTableData,
        DCM_RedPaletteColorLookupTableData},
       {DCM_GreenPaletteColorLookupTableDescriptor, DCM_SegmentedGreenPaletteColorLookupTableData,
        DCM_GreenPaletteColorLookupTableData},
       {DCM_BluePaletteColorLookupTableDescriptor, DCM_SegmentedBluePaletteColorLookupTableData,
        DCM_BluePaletteColorLookupTableData}}};
  for (const auto& [descriptor, segmented, plain] : palettes) {
    const Uint16* words = nullptr;
    unsigned long count = 0;
    Uint16 entries = 0, bits = 0;
    if (dataset.findAndGetUint16Array(segmented, words, &count).bad() || !words) continue;
    if (dataset.findAndGetUint16(descriptor, entries).bad() ||
        dataset.findAndGetUint16(descriptor, bits, 2).bad())
      wrong("it has no descriptor");
    if (bits != 16) wrong("its entries have not 16 bits");
    const std::vector<std::uint16_t> table =
        expand_segments({words, count}, entries == 0 ? 65536 : std::size_t(entries));
    delete dataset.remove(segmented);
    if (dataset.putAndInsertUint16Array(plain, table.data(), table.size()).bad())
      wrong("it cannot be written");
  }
}

}  // namespace meridian::archive
