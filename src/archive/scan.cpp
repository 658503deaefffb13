#include "archive/scan.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "archive/bytes.h"
#include "base/error.h"

namespace meridian::archive {
namespace {

constexpr std::uint32_t kItem = 0xFFFEE000, kItemEnd = 0xFFFEE00D, kSequenceEnd = 0xFFFEE0DD;
constexpr std::uint32_t kUndefined = 0xFFFFFFFF;

// PS3.5, 7.1.2: these have two reserved bytes and a length of 32 bits.
constexpr std::array kLongVrs{vr_code("OB"), vr_code("OD"), vr_code("OF"), vr_code("OL"), vr_code("OV"),
                              vr_code("OW"), vr_code("SQ"), vr_code("SV"), vr_code("UC"), vr_code("UN"),
                              vr_code("UR"), vr_code("UT"), vr_code("UV")};
constexpr std::array kShortVrs{
    vr_code("AE"), vr_code("AS"), vr_code("AT"), vr_code("CS"), vr_code("DA"), vr_code("DS"), vr_code("DT"),
    vr_code("FL"), vr_code("FD"), vr_code("IS"), vr_code("LO"), vr_code("LT"), vr_code("PN"), vr_code("SH"),
    vr_code("SL"), vr_code("SS"), vr_code("ST"), vr_code("TM"), vr_code("UI"), vr_code("UL"), vr_code("US")};

struct Encoding {
  bool explicit_vr, big_endian;
};

struct ElementHeader {
  std::uint32_t tag = 0;
  std::uint16_t vr = 0;
  std::uint32_t length = 0;
  std::uint64_t value = 0;  // where it begins
};

class Walker {
 public:
  Walker(std::string_view bytes, const ScanLimits& limits) : bytes_(bytes), limits_(limits) {}

  Scan walk(Encoding encoding) {
    std::uint64_t at = 0;
    while (at < bytes_.size() && !is_padding(at)) at = walk_top_level(at, encoding);
    return std::move(scan_);
  }

 private:
  [[noreturn]] static void fail(const std::string& what, std::uint32_t tag, std::uint64_t at) {
    throw Error(ErrorCode::invalid_syntax, what,
                fmt::format("{}, byte {} of the data set", tag_text(tag), at),
                "Send the file again from its source");
  }

  void need(std::uint64_t at, std::uint64_t size, std::uint64_t end, std::uint32_t tag) const {
    if (at > end || size > end - at)
      fail(
          fmt::format("The data set is cut short or a length is wrong: {} bytes are promised and {} are left",
                      size, at > end ? 0 : end - at),
          tag, at);
  }

  // Some senders fill a file up with zeros.
  bool is_padding(std::uint64_t at) {
    const auto rest = bytes_.substr(at);
    if (rest.find_first_not_of('\0') != std::string_view::npos) return false;
    scan_.flaws.push_back(fmt::format("{} zero bytes follow the data set", rest.size()));
    return true;
  }

  ElementHeader read_header(std::uint64_t at, std::uint64_t end, Encoding encoding) {
    need(at, 8, end, 0);
    if (++count_ > limits_.elements)
      throw Error(ErrorCode::too_large,
                  fmt::format("The data set has more than {} elements", limits_.elements));
    ElementHeader header;
    header.tag = read_tag(bytes_, at, encoding.big_endian);
    if (!encoding.explicit_vr || header.tag >> 16 == 0xFFFE) {
      header.length = read_u32(bytes_, at + 4, encoding.big_endian);
      header.value = at + 8;
      return header;
    }
    header.vr = read_u16(bytes_, at + 4, true);
    if (std::ranges::find(kShortVrs, header.vr) != kShortVrs.end()) {
      header.length = read_u16(bytes_, at + 6, encoding.big_endian);
      header.value = at + 8;
      return header;
    }
    if (std::ranges::find(kLongVrs, header.vr) == kLongVrs.end())
      fail("An element's value representation is none of DICOM's", header.tag, at);
    need(at, 12, end, header.tag);
    header.length = read_u32(bytes_, at + 8, encoding.big_endian);
    header.value = at + 12;
    return header;
  }

  std::uint64_t walk_top_level(std::uint64_t at, Encoding encoding) {
    const ElementHeader header = read_header(at, bytes_.size(), encoding);
    if (header.tag >> 16 == 0xFFFE) fail("An item stands outside every sequence", header.tag, at);
    if (header.tag <= last_) note_order(header.tag);
    last_ = std::max(last_, header.tag);
    const bool is_pixels =
        header.tag == kPixelData || header.tag == kFloatPixelData || header.tag == kDoubleFloatPixelData;
    if (is_pixels && !scan_.pixels) scan_.pixels = PixelPlace{.tag = header.tag, .element = at};
    const std::uint64_t next = walk_value(header, bytes_.size(), encoding, 0, is_pixels);
    const Span value{header.value, next - header.value};
    scan_.elements.push_back({header.tag, header.vr, value});
    if (is_pixels && scan_.pixels->tag == header.tag && !scan_.pixels->encapsulated)
      scan_.pixels->value = value;
    return next;
  }

  void note_order(std::uint32_t tag) {
    if (!out_of_order_) scan_.flaws.push_back("Elements are not in ascending order, from " + tag_text(tag));
    out_of_order_ = true;
  }

  // Gives where the next element begins.
  std::uint64_t walk_value(const ElementHeader& header, std::uint64_t end, Encoding encoding, int depth,
                           bool is_pixels) {
    if (header.length == kUndefined) {
      if (header.vr == vr_code("OB") || header.vr == vr_code("OW") ||
          (header.tag == kPixelData && header.vr != vr_code("SQ")))
        return walk_fragments(header, end, encoding, is_pixels);
      // An unknown VR of undefined length is a sequence in implicit VR little endian (PS3.5, 6.2.2 note 2).
      const Encoding inside = header.vr == vr_code("UN") ? Encoding{false, false} : encoding;
      return walk_items(header, end, true, inside, depth + 1);
    }
    need(header.value, header.length, end, header.tag);
    const std::uint64_t next = header.value + header.length;
    if (header.vr == vr_code("SQ"))
      walk_items(header, next, false, encoding, depth + 1);
    else if (!encoding.explicit_vr && begins_with_item(header, encoding))
      walk_items(header, next, false, encoding, depth + 1);
    else if (header.vr == vr_code("UN") && begins_with_item(header, {false, false}))
      try_items(header, next, depth);
    return next;
  }

  // Without a VR only the content tells a sequence from bytes.
  bool begins_with_item(const ElementHeader& header, Encoding encoding) const {
    return header.tag != kPixelData && header.length >= 8 &&
           read_tag(bytes_, header.value, encoding.big_endian) == kItem;
  }

  // The value of an unknown VR may look like a sequence and be none: then it is bytes, and is read as such.
  void try_items(const ElementHeader& header, std::uint64_t end, int depth) {
    try {
      walk_items(header, end, false, {false, false}, depth + 1);
    } catch (const Error& error) {
      if (error.code() != ErrorCode::invalid_syntax) throw;
    }
  }

  std::uint64_t walk_items(const ElementHeader& sequence, std::uint64_t end, bool delimited,
                           Encoding encoding, int depth) {
    if (depth > limits_.depth)
      throw Error(ErrorCode::too_large, fmt::format("Sequences are nested more than {} deep", limits_.depth),
                  tag_text(sequence.tag));
    std::uint64_t at = sequence.value;
    while (delimited || at < end) {
      const ElementHeader item = read_header(at, end, encoding);
      if (delimited && item.tag == kSequenceEnd) return item.value;
      if (item.tag != kItem) fail("A sequence holds something that is not an item", sequence.tag, at);
      at = walk_item(item, end, encoding, depth);
    }
    return at;
  }

  std::uint64_t walk_item(const ElementHeader& item, std::uint64_t end, Encoding encoding, int depth) {
    const bool delimited = item.length == kUndefined;
    if (!delimited) need(item.value, item.length, end, item.tag);
    const std::uint64_t stop = delimited ? end : item.value + item.length;
    std::uint64_t at = item.value;
    while (delimited || at < stop) {
      const ElementHeader header = read_header(at, stop, encoding);
      if (delimited && header.tag == kItemEnd) return header.value;
      if (header.tag >> 16 == 0xFFFE) fail("An item is not ended where it should be", header.tag, at);
      at = walk_value(header, stop, encoding, depth, false);
    }
    return at;
  }

  std::uint64_t walk_fragments(const ElementHeader& header, std::uint64_t end, Encoding encoding,
                               bool is_pixels) {
    const bool keep = is_pixels && scan_.pixels->tag == header.tag;
    if (keep) scan_.pixels->encapsulated = true;
    std::uint64_t at = header.value;
    while (true) {
      const ElementHeader item = read_header(at, end, encoding);
      if (item.tag == kSequenceEnd) return item.value;
      if (item.tag != kItem)
        fail("Compressed pixel data hold something that is not a fragment", header.tag, at);
      need(item.value, item.length, end, header.tag);
      if (keep) scan_.pixels->fragments.push_back({item.value, item.length});
      at = item.value + item.length;
    }
  }

  const std::string_view bytes_;
  const ScanLimits limits_;
  Scan scan_;
  std::size_t count_ = 0;
  std::uint32_t last_ = 0;
  bool out_of_order_ = false;
};

}  // namespace

Scan scan_dataset(std::string_view dataset, const TransferSyntax& syntax, const ScanLimits& limits) {
  if (syntax.deflated)
    throw Error(ErrorCode::internal, "A deflated data set was not inflated before it was walked");
  return Walker(dataset, limits).walk({syntax.explicit_vr, syntax.big_endian});
}

std::string tag_text(std::uint32_t tag) {
  return fmt::format("({:04X},{:04X})", tag >> 16, tag & 0xFFFF);
}

}  // namespace meridian::archive
