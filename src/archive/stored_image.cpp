#include "archive/stored_image.h"

#include <fmt/format.h>

#include "archive/parse.h"
#include "archive/part10.h"
#include "base/error.h"

namespace meridian::archive {
namespace {

// Bits that do not begin at a byte's edge, moved to it.
std::string shift_bits(std::string_view bytes, unsigned shift, std::uint64_t size) {
  std::string out(size, '\0');
  for (std::size_t i = 0; i < size; ++i) {
    const unsigned low = static_cast<unsigned char>(bytes[i]);
    const unsigned high = i + 1 < bytes.size() ? static_cast<unsigned char>(bytes[i + 1]) : 0u;
    out[i] = static_cast<char>((low >> shift | high << (8 - shift)) & 0xFF);
  }
  return out;
}

}  // namespace

StoredImage::StoredImage(PixelLayout layout, const TransferSyntax& syntax, Reader reader)
    : layout_(std::move(layout)), syntax_(&syntax), reader_(std::move(reader)) {
  if (!layout_.tag)
    throw Error(ErrorCode::not_acceptable, "The instance is not an image: it has no pixel data",
                "(7FE0,0010)");
  header_bytes_ = std::make_unique<const std::string>(reader_({layout_.dataset_offset, layout_.header_size}));
  if (header_bytes_->size() < layout_.header_size)
    throw Error(ErrorCode::corrupted, "The instance's file is shorter than it was when it was stored");
  header_ = std::make_unique<const Elements>(*header_bytes_, syntax, scan_dataset(*header_bytes_, syntax));
  format_ = read_pixel_format(*header_, layout_.tag);
}

StoredImage StoredImage::of_file(std::string_view file) {
  Parsed parsed = parse_instance(std::string(file));
  const auto bytes = std::make_shared<const std::string>(inflate_part10(std::move(parsed.file)));
  const FileMeta meta = read_file_meta(*bytes);
  return StoredImage(std::move(parsed.pixels), *meta.syntax, [bytes](const Span& span) {
    return span.offset < bytes->size() ? bytes->substr(span.offset, span.size) : std::string();
  });
}

std::string StoredImage::read(const Span& in_dataset) const {
  std::string bytes = reader_({layout_.dataset_offset + in_dataset.offset, in_dataset.size});
  if (bytes.size() < in_dataset.size)
    throw Error(ErrorCode::corrupted, "The instance's file is shorter than it was when it was stored");
  return bytes;
}

std::string StoredImage::native_frame(std::uint64_t index) const {
  const std::uint64_t first_bit = index * format_.frame_bits(), size = format_.frame_size();
  const unsigned shift = first_bit % 8;
  const std::uint64_t begin = first_bit / 8, end = (first_bit + format_.frame_bits() + 7) / 8;
  if (!format_.is_valid() || end > layout_.value.size)
    throw Error(ErrorCode::corrupted,
                fmt::format("Frame {} is not all there: the pixel data are too short", index + 1));
  std::string bytes = read({layout_.value.offset + begin, end - begin});
  return shift ? shift_bits(bytes, shift, size) : bytes;
}

std::string StoredImage::encapsulated_frame(std::size_t index) const {
  if (index + 1 >= layout_.first_fragment.size())
    throw Error(ErrorCode::corrupted, "It cannot be told where the compressed frames begin");
  std::string bytes;
  for (std::uint32_t i = layout_.first_fragment[index]; i < layout_.first_fragment[index + 1]; ++i)
    bytes += read(layout_.fragments.at(i));
  return bytes;
}

std::string StoredImage::stored_frame(int number) const {
  if (number < 1 || number > stored_frames())
    throw Error(ErrorCode::not_found,
                fmt::format("There is no frame {}; the instance has {}", number, stored_frames()));
  const auto index = static_cast<std::size_t>(number - 1);
  return layout_.encapsulated ? encapsulated_frame(index) : native_frame(index);
}

DecodedFrame StoredImage::decoded_frame(int number) const {
  require_decoder(*syntax_);
  return decode_frame(*syntax_, format_, stored_frame(number));
}

}  // namespace meridian::archive
