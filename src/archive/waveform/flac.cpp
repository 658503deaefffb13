#include "archive/waveform/flac.h"

#include <FLAC/stream_decoder.h>

#include <algorithm>
#include <cstring>
#include <memory>

#include "archive/waveform/pieces.h"
#include "base/error.h"

namespace meridian::archive {
namespace {

constexpr std::uint64_t kMostSamplesPerByte = 1024;

struct Stream {
  std::string_view rest;
  std::uint64_t limit;
  std::vector<std::vector<std::int32_t>> channels;
  bool damaged = false, too_large = false, other_channels = false;
};

Stream& stream_of(void* client) {
  return *static_cast<Stream*>(client);
}

FLAC__StreamDecoderReadStatus read(const FLAC__StreamDecoder*, FLAC__byte* buffer, std::size_t* bytes,
                                   void* client) {
  Stream& stream = stream_of(client);
  *bytes = std::min(*bytes, stream.rest.size());
  if (*bytes == 0) return FLAC__STREAM_DECODER_READ_STATUS_END_OF_STREAM;
  std::memcpy(buffer, stream.rest.data(), *bytes);
  stream.rest.remove_prefix(*bytes);
  return FLAC__STREAM_DECODER_READ_STATUS_CONTINUE;
}

FLAC__StreamDecoderWriteStatus write(const FLAC__StreamDecoder*, const FLAC__Frame* frame,
                                     const FLAC__int32* const samples[], void* client) {
  Stream& stream = stream_of(client);
  const std::size_t count = frame->header.blocksize;
  stream.other_channels = frame->header.channels != stream.channels.size();
  stream.too_large =
      !stream.other_channels && (stream.channels[0].size() + count) * stream.channels.size() > stream.limit;
  if (stream.other_channels || stream.too_large) return FLAC__STREAM_DECODER_WRITE_STATUS_ABORT;
  for (std::size_t c = 0; c < stream.channels.size(); ++c)
    stream.channels[c].insert(stream.channels[c].end(), samples[c], samples[c] + count);
  return FLAC__STREAM_DECODER_WRITE_STATUS_CONTINUE;
}

void note_damage(const FLAC__StreamDecoder*, FLAC__StreamDecoderErrorStatus, void* client) {
  stream_of(client).damaged = true;
}

}  // namespace

std::vector<std::vector<std::int32_t>> decode_flac(std::string_view bytes, std::size_t channels) {
  Stream stream{bytes, std::min<std::uint64_t>(kMaxSamples, bytes.size() * kMostSamplesPerByte),
                std::vector<std::vector<std::int32_t>>(channels)};
  const std::unique_ptr<FLAC__StreamDecoder, decltype(&FLAC__stream_decoder_delete)> decoder(
      FLAC__stream_decoder_new(), FLAC__stream_decoder_delete);
  if (!decoder) throw std::bad_alloc();
  FLAC__stream_decoder_set_md5_checking(decoder.get(), true);
  FLAC__stream_decoder_init_stream(decoder.get(), read, nullptr, nullptr, nullptr, nullptr, write, nullptr,
                                   note_damage, &stream);
  const bool whole = FLAC__stream_decoder_process_until_end_of_stream(decoder.get());
  if (stream.too_large)
    throw Error(ErrorCode::too_large, "The FLAC stream holds more samples than are read at once", "FLAC",
                "Split the record into parts");
  if (stream.other_channels || channels == 0)
    throw Error(ErrorCode::invalid_structure,
                "The FLAC stream has another number of channels than the header", "FLAC",
                "Check the .hea file");
  const bool verified = FLAC__stream_decoder_finish(decoder.get());
  if (!whole || stream.damaged || !verified || stream.channels[0].empty())
    throw Error(ErrorCode::corrupted, "The FLAC stream is damaged or cut", "FLAC", "Fetch the record again");
  return std::move(stream.channels);
}

}  // namespace meridian::archive
