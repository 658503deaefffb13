#include "archive/pixel_layout.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "archive/bytes.h"
#include "base/error.h"

namespace meridian::archive {
namespace {

constexpr std::uint32_t kExtendedOffsetTable = 0x7FE00001;

using Starts = std::vector<std::uint32_t>;

// Offsets count from the first fragment's item header. An offset that is no fragment's start makes the table
// wrong.
std::optional<Starts> starts_at(const std::vector<std::uint64_t>& offsets,
                                const std::vector<Span>& fragments) {
  Starts starts;
  std::size_t next = 0;
  const std::uint64_t origin = fragments.empty() ? 0 : fragments.front().offset;
  for (const std::uint64_t offset : offsets) {
    while (next < fragments.size() && fragments[next].offset - origin < offset) ++next;
    if (next == fragments.size() || fragments[next].offset - origin != offset) return {};
    starts.push_back(static_cast<std::uint32_t>(next++));
  }
  if (starts.empty() || starts.front() != 0) return {};
  starts.push_back(static_cast<std::uint32_t>(fragments.size()));
  return starts;
}

std::optional<Starts> by_basic_table(std::string_view table, std::size_t frames,
                                     const std::vector<Span>& fragments) {
  if (table.size() != frames * 4) return {};
  std::vector<std::uint64_t> offsets(frames);
  for (std::size_t i = 0; i < frames; ++i) offsets[i] = read_u32(table, i * 4, false);
  return starts_at(offsets, fragments);
}

std::optional<Starts> by_extended_table(std::string_view dataset, const Scan& scan, std::size_t frames,
                                        const std::vector<Span>& fragments) {
  const auto found = std::ranges::find(scan.elements, kExtendedOffsetTable, &ElementPlace::tag);
  if (found == scan.elements.end() || found->value.size != frames * 8) return {};
  std::vector<std::uint64_t> offsets(frames);
  for (std::size_t i = 0; i < frames; ++i) {
    const std::size_t at = found->value.offset + i * 8;
    offsets[i] = std::uint64_t(read_u32(dataset, at + 4, false)) << 32 | read_u32(dataset, at, false);
  }
  return starts_at(offsets, fragments);
}

// JPEG, JPEG-LS and JPEG 2000 code streams begin with FF D8 or FF 4F FF 51.
bool begins_code_stream(std::string_view dataset, const Span& fragment) {
  if (fragment.size < 4) return false;
  const auto begin = dataset.substr(fragment.offset, 4);
  return begin.starts_with("\xFF\xD8") || begin == "\xFF\x4F\xFF\x51" ||
         begin.starts_with(std::string_view("\0\0\0\x0C", 4));
}

std::optional<Starts> by_content(std::string_view dataset, std::size_t frames,
                                 const std::vector<Span>& fragments) {
  Starts starts;
  if (frames == 1) starts.push_back(0);
  for (std::uint32_t i = 0; i < fragments.size() && frames != 1; ++i)
    if (fragments.size() == frames || begins_code_stream(dataset, fragments[i])) starts.push_back(i);
  if (starts.size() != frames || starts.front() != 0) return {};
  starts.push_back(static_cast<std::uint32_t>(fragments.size()));
  return starts;
}

Starts assign_frames(std::string_view dataset, const Scan& scan, std::size_t frames,
                     const std::vector<Span>& fragments, std::vector<std::string>& flaws) {
  if (fragments.empty() || fragments.size() < frames) {
    flaws.push_back(fmt::format("There are {} compressed fragments for {} frames", fragments.size(), frames));
    return {};
  }
  if (auto starts = by_extended_table(dataset, scan, frames, fragments)) return *starts;
  const Span table = scan.pixels->fragments.front();
  if (auto starts = by_basic_table(dataset.substr(table.offset, table.size), frames, fragments))
    return *starts;
  if (table.size) flaws.push_back("The basic offset table does not point at the frames");
  if (auto starts = by_content(dataset, frames, fragments)) return *starts;
  flaws.push_back("The compressed fragments cannot be told apart into frames");
  return {};
}

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}
  std::uint64_t next() {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text_.data(), text_.data() + text_.size(), value);
    if (error != std::errc())
      throw Error(ErrorCode::corrupted, "The index's layout of an instance is damaged");
    text_.remove_prefix(static_cast<std::size_t>(end - text_.data()));
    if (!text_.empty()) text_.remove_prefix(1);
    return value;
  }
  // How many numbers may still come, so that nothing is allocated on a count alone.
  std::uint64_t count() {
    const std::uint64_t count = next();
    if (count > text_.size() + 1)
      throw Error(ErrorCode::corrupted, "The index's layout of an instance is damaged");
    return count;
  }

 private:
  std::string_view text_;
};

}  // namespace

std::string PixelLayout::to_text() const {
  std::string text =
      fmt::format("{} {} {} {} {} {} {} {}", tag, int(encapsulated), dataset_offset, header_size,
                  value.offset, value.size, fragments.size(), first_fragment.size());
  for (const Span& fragment : fragments) text += fmt::format(" {} {}", fragment.offset, fragment.size);
  for (const std::uint32_t first : first_fragment) text += fmt::format(" {}", first);
  return text;
}

PixelLayout PixelLayout::from_text(std::string_view text) {
  Parser parser(text);
  PixelLayout layout;
  layout.tag = static_cast<std::uint32_t>(parser.next());
  layout.encapsulated = parser.next();
  layout.dataset_offset = parser.next();
  layout.header_size = parser.next();
  layout.value.offset = parser.next();
  layout.value.size = parser.next();
  layout.fragments.resize(parser.count());
  layout.first_fragment.resize(parser.count());
  for (Span& fragment : layout.fragments) {
    fragment.offset = parser.next();
    fragment.size = parser.next();
  }
  for (std::uint32_t& first : layout.first_fragment) first = static_cast<std::uint32_t>(parser.next());
  return layout;
}

PixelLayout lay_out_pixels(std::string_view dataset, std::uint64_t dataset_offset, const Scan& scan,
                           int frames, std::vector<std::string>& flaws) {
  PixelLayout layout{.dataset_offset = dataset_offset, .header_size = dataset.size()};
  if (!scan.pixels) return layout;
  layout.tag = scan.pixels->tag;
  layout.header_size = scan.pixels->element;
  layout.value = scan.pixels->value;
  layout.encapsulated = scan.pixels->encapsulated;
  if (!layout.encapsulated) return layout;
  const auto& all = scan.pixels->fragments;
  if (all.size() > 1) layout.fragments.assign(all.begin() + 1, all.end());
  if (all.empty())
    flaws.push_back("The compressed pixel data are empty");
  else
    layout.first_fragment =
        assign_frames(dataset, scan, static_cast<std::size_t>(frames), layout.fragments, flaws);
  return layout;
}

}  // namespace meridian::archive
