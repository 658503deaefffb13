#include <fmt/format.h>
#include <openjpeg.h>

#include <algorithm>
#include <cstring>
#include <memory>

#include "archive/codecs.h"
#include "base/error.h"

namespace meridian::archive {
namespace {

using Codec = std::unique_ptr<opj_codec_t, decltype(&opj_destroy_codec)>;
using Stream = std::unique_ptr<opj_stream_t, decltype(&opj_stream_destroy)>;
using Image = std::unique_ptr<opj_image_t, decltype(&opj_image_destroy)>;

[[noreturn]] void fail(const std::string& why) {
  throw Error(ErrorCode::corrupted, "The frame cannot be decoded: " + why);
}

struct Source {
  std::string_view bytes;
  std::size_t at = 0;
};

constexpr OPJ_SIZE_T kEnd = static_cast<OPJ_SIZE_T>(-1);

OPJ_SIZE_T read_source(void* buffer, OPJ_SIZE_T size, void* user) {
  auto& source = *static_cast<Source*>(user);
  const std::size_t count = std::min<std::size_t>(size, source.bytes.size() - source.at);
  if (count == 0) return kEnd;
  std::memcpy(buffer, source.bytes.data() + source.at, count);
  source.at += count;
  return count;
}

OPJ_OFF_T skip_source(OPJ_OFF_T count, void* user) {
  auto& source = *static_cast<Source*>(user);
  const auto left = static_cast<OPJ_OFF_T>(source.bytes.size() - source.at);
  const OPJ_OFF_T step = std::clamp<OPJ_OFF_T>(count, 0, left);
  source.at += static_cast<std::size_t>(step);
  return step == count ? step : -1;
}

OPJ_BOOL seek_source(OPJ_OFF_T offset, void* user) {
  auto& source = *static_cast<Source*>(user);
  if (offset < 0 || static_cast<std::size_t>(offset) > source.bytes.size()) return OPJ_FALSE;
  source.at = static_cast<std::size_t>(offset);
  return OPJ_TRUE;
}

Stream open_stream(Source& source) {
  Stream stream(opj_stream_default_create(OPJ_TRUE), opj_stream_destroy);
  if (!stream) throw Error(ErrorCode::internal, "OpenJPEG could not be started");
  opj_stream_set_read_function(stream.get(), read_source);
  opj_stream_set_skip_function(stream.get(), skip_source);
  opj_stream_set_seek_function(stream.get(), seek_source);
  opj_stream_set_user_data(stream.get(), &source, nullptr);
  opj_stream_set_user_data_length(stream.get(), source.bytes.size());
  return stream;
}

// Some senders put a JP2 file where a code stream belongs (PS3.5, A.4.4 forbids it).
OPJ_CODEC_FORMAT kind_of(std::string_view stored) {
  return stored.starts_with(std::string_view("\0\0\0\x0CjP", 6)) ? OPJ_CODEC_JP2 : OPJ_CODEC_J2K;
}

// The code stream must be of the size and shape that the data set says, before anything is allocated for it.
void check_image(const opj_image_t& image, const PixelFormat& format) {
  if (image.numcomps != static_cast<OPJ_UINT32>(format.samples))
    fail(fmt::format("it has {} components where {} are expected", image.numcomps, format.samples));
  if (image.x1 - image.x0 != static_cast<OPJ_UINT32>(format.columns) ||
      image.y1 - image.y0 != static_cast<OPJ_UINT32>(format.rows))
    fail(fmt::format("it is {} x {} where {} x {} is expected", image.x1 - image.x0, image.y1 - image.y0,
                     format.columns, format.rows));
  for (OPJ_UINT32 i = 0; i < image.numcomps; ++i)
    if (image.comps[i].dx != 1 || image.comps[i].dy != 1 ||
        image.comps[i].prec > static_cast<OPJ_UINT32>(format.bits_allocated))
      fail("its components are subsampled or have too many bits");
}

Image decode_image(std::string_view stored, const PixelFormat& format) {
  Source source{stored};
  const Stream stream = open_stream(source);
  const Codec codec(opj_create_decompress(kind_of(stored)), opj_destroy_codec);
  opj_dparameters_t parameters;
  opj_set_default_decoder_parameters(&parameters);
  if (!codec || !opj_setup_decoder(codec.get(), &parameters))
    throw Error(ErrorCode::internal, "OpenJPEG could not be started");
  opj_decoder_set_strict_mode(codec.get(), OPJ_TRUE);
  opj_image_t* raw = nullptr;
  const bool has_header = opj_read_header(stream.get(), codec.get(), &raw);
  Image image(raw, opj_image_destroy);
  if (!has_header || !image) fail("its JPEG 2000 header is broken");
  check_image(*image, format);
  if (!opj_decode(codec.get(), stream.get(), image.get())) fail("its JPEG 2000 code stream is broken");
  opj_end_decompress(codec.get(), stream.get());
  check_image(*image, format);
  return image;
}

template <class Sample>
std::string interleave(const opj_image_t& image, std::size_t pixels) {
  std::string samples(pixels * image.numcomps * sizeof(Sample), '\0');
  for (OPJ_UINT32 component = 0; component < image.numcomps; ++component) {
    const OPJ_INT32* from = image.comps[component].data;
    if (!from) fail("a component is missing");
    for (std::size_t i = 0; i < pixels; ++i) {
      const auto sample = static_cast<Sample>(from[i]);
      std::memcpy(samples.data() + (i * image.numcomps + component) * sizeof(Sample), &sample,
                  sizeof(Sample));
    }
  }
  return samples;
}

// OpenJPEG undoes both colour transformations.
bool becomes_rgb(std::string_view photometric) {
  return photometric == "YBR_RCT" || photometric == "YBR_ICT";
}

}  // namespace

DecodedFrame decode_jpeg2000(const PixelFormat& format, std::string_view stored) {
  const Image image = decode_image(stored, format);
  DecodedFrame frame{format, {}};
  frame.format.by_plane = false;
  if (becomes_rgb(format.photometric)) frame.format.photometric = "RGB";
  const std::size_t pixels = std::size_t(format.rows) * format.columns;
  if (format.bits_allocated == 8)
    frame.samples = interleave<std::uint8_t>(*image, pixels);
  else if (format.bits_allocated == 16)
    frame.samples = interleave<std::uint16_t>(*image, pixels);
  else
    frame.samples = interleave<std::uint32_t>(*image, pixels);
  return frame;
}

}  // namespace meridian::archive
