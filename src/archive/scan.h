// Walks the structure of a data set without interpreting or copying it: where each element lies, and whether
// every length is borne out by bytes. What passes here can be given to a library that trusts lengths and
// recurses.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "archive/transfer_syntax.h"

namespace meridian::archive {

inline constexpr std::uint32_t kFloatPixelData = 0x7FE00008, kDoubleFloatPixelData = 0x7FE00009,
                               kPixelData = 0x7FE00010;

struct ScanLimits {
  std::size_t elements = 2'000'000;  // on all levels together
  int depth = 32;  // of sequences within sequences; the deepest standard object has fewer than 10
};

struct Span {
  std::uint64_t offset = 0, size = 0;  // bytes, from the start of the data set
  friend bool operator==(const Span&, const Span&) = default;
};

struct ElementPlace {
  std::uint32_t tag = 0;  // 0xGGGGEEEE
  std::uint16_t vr = 0;   // its two letters, the first in the high byte; 0 where the encoding has none
  Span value;
};

struct PixelPlace {
  std::uint32_t tag = 0;      // pixel data, or float or double float pixel data
  std::uint64_t element = 0;  // where the element's header begins
  Span value;                 // of native pixel data
  bool encapsulated = false;
  std::vector<Span> fragments;  // contents; the first is the basic offset table
};

struct Scan {
  std::vector<ElementPlace> elements;  // of the top level, in the file's order, pixel data included
  std::optional<PixelPlace> pixels;
  std::vector<std::string> flaws;  // what is wrong but harmless, in words
};

// Throws invalid_syntax naming the element and offset when a length is not borne out, a VR is none, or an
// item is misplaced; too_large over a limit. The syntax must not be a deflated one: inflate first.
Scan scan_dataset(std::string_view dataset, const TransferSyntax& syntax, const ScanLimits& limits = {});

// "(0010,0020)"
std::string tag_text(std::uint32_t tag);

constexpr std::uint16_t vr_code(const char (&letters)[3]) {
  return static_cast<std::uint16_t>(static_cast<unsigned char>(letters[0]) << 8 |
                                    static_cast<unsigned char>(letters[1]));
}

}  // namespace meridian::archive
