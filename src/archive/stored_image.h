// An instance's image as it lies in a file or a blob: its header in memory, its frames read one at a time.
#pragma once
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "archive/decode.h"
#include "archive/elements.h"
#include "archive/pixel_layout.h"

namespace meridian::archive {

class StoredImage {
 public:
  // Reads bytes of the file (the inflated one where the transfer syntax is a deflated one).
  using Reader = std::function<std::string(const Span& in_file)>;

  // Throws not_acceptable when the instance has no pixels.
  StoredImage(PixelLayout layout, const TransferSyntax& syntax, Reader reader);
  // From a whole file, parsed and checked here. Throws as parse_instance does.
  static StoredImage of_file(std::string_view file);

  const PixelFormat& format() const { return format_; }
  const TransferSyntax& syntax() const { return *syntax_; }
  const PixelLayout& layout() const { return layout_; }
  // The data set without its pixel data.
  const Elements& header() const { return *header_; }
  std::string_view header_bytes() const { return *header_bytes_; }

  // How many frames are stored apart: one of a video, whose frames are one stream.
  int stored_frames() const { return syntax_->is_video() ? 1 : format_.frames; }
  // number counts from 1. Throws not_found when there is no such frame, corrupted when it cannot be told
  // where it lies; decoded_frame also what decode_frame throws, of a video before anything is read.
  std::string stored_frame(int number) const;
  DecodedFrame decoded_frame(int number) const;

 private:
  std::string native_frame(std::uint64_t index) const;
  std::string encapsulated_frame(std::size_t index) const;
  std::string read(const Span& in_dataset) const;

  PixelLayout layout_;
  const TransferSyntax* syntax_;
  Reader reader_;
  std::unique_ptr<const std::string> header_bytes_;  // header_ points into it
  std::unique_ptr<const Elements> header_;
  PixelFormat format_;
};

}  // namespace meridian::archive
