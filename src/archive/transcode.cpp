#include "archive/transcode.h"

#include <fmt/format.h>

#include "archive/dataset.h"
#include "archive/part10.h"
#include "archive/stored_image.h"
#include "base/error.h"

namespace meridian::archive {
namespace {

constexpr std::uint64_t kLargestValue = 0xFFFFFFFE;  // bytes of an element of 32-bit length

void check(const OFCondition& condition) {
  if (condition.bad())
    throw Error(ErrorCode::internal,
                std::string("A decoded image cannot be put together: ") + condition.text());
}

// What the decoder gave may differ from what was stored (colour spaces, planes).
void describe_decoded(DcmDataset& dataset, const PixelFormat& format) {
  describe_pixels(dataset, format);
  delete dataset.remove(DCM_ExtendedOffsetTable);
  delete dataset.remove(DCM_ExtendedOffsetTableLengths);
}

void put_pixels(DcmDataset& dataset, const PixelFormat& format, const std::string& samples) {
  if (format.bits_allocated > 8)
    check(dataset.putAndInsertUint16Array(DCM_PixelData, reinterpret_cast<const Uint16*>(samples.data()),
                                          samples.size() / 2));
  else
    check(dataset.putAndInsertUint8Array(DCM_PixelData, reinterpret_cast<const Uint8*>(samples.data()),
                                         samples.size()));
}

// As decode_frame does of one frame: many that are small each are no more believed.
void check_size(std::uint64_t size, const PixelLayout& layout) {
  if (size > kLargestValue)
    throw Error(ErrorCode::too_large, "The decompressed pixels need more than 4 GiB", "(7FE0,0010)");
  std::uint64_t stored = 0;
  for (const Span& fragment : layout.fragments) stored += fragment.size;
  if (size > kBelievedSize && size / kLargestExpansion > stored)
    throw Error(ErrorCode::too_large, fmt::format("Frames of {} bytes are stored in {}", size, stored),
                "(7FE0,0010)");
}

std::unique_ptr<DcmDataset> decompressed(const StoredImage& image) {
  auto dataset = load_dataset(image.header_bytes(), image.syntax());
  DecodedFrame first = image.decoded_frame(1);
  const int frames = image.format().frames;
  check_size(first.samples.size() * static_cast<std::uint64_t>(frames), image.layout());
  std::string samples = std::move(first.samples);
  for (int number = 2; number <= frames; ++number) samples += image.decoded_frame(number).samples;
  if (samples.size() % 2) samples += '\0';
  describe_decoded(*dataset, first.format);
  put_pixels(*dataset, first.format, samples);
  return dataset;
}

}  // namespace

std::string to_native(std::string file, std::string_view transfer_syntax) {
  const TransferSyntax* target = find_transfer_syntax(transfer_syntax);
  if (!target || target->encapsulated || target->deflated || target->big_endian)
    throw Error(ErrorCode::invalid_value, "This is not a native transfer syntax",
                std::string(transfer_syntax));
  const FileMeta meta = read_file_meta(file);
  if (meta.syntax == target) return file;
  if (meta.syntax->encapsulated) return write_part10(*decompressed(StoredImage::of_file(file)), *target);
  file = inflate_part10(std::move(file));
  const FileMeta native = read_file_meta(file);
  if (native.syntax == target) return file;
  const auto dataset = load_dataset(std::string_view(file).substr(native.dataset_offset), *native.syntax);
  return write_part10(*dataset, *target);
}

}  // namespace meridian::archive
