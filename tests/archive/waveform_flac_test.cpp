#include "archive/waveform/flac.h"

#include <FLAC/stream_encoder.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "archive/waveform/reader.h"
#include "base/error.h"

namespace meridian::archive {
namespace {

using testing::ElementsAre;

FLAC__StreamEncoderWriteStatus append(const FLAC__StreamEncoder*, const FLAC__byte bytes[], std::size_t size,
                                      std::uint32_t, std::uint32_t, void* out) {
  static_cast<std::string*>(out)->append(reinterpret_cast<const char*>(bytes), size);
  return FLAC__STREAM_ENCODER_WRITE_STATUS_OK;
}

// Samples of the channels in turns.
std::string make_flac(const std::vector<std::int32_t>& samples, unsigned channels, unsigned bits) {
  std::string out;
  FLAC__StreamEncoder* encoder = FLAC__stream_encoder_new();
  FLAC__stream_encoder_set_channels(encoder, channels);
  FLAC__stream_encoder_set_bits_per_sample(encoder, bits);
  FLAC__stream_encoder_set_sample_rate(encoder, 96000);
  FLAC__stream_encoder_init_stream(encoder, append, nullptr, nullptr, nullptr, &out);
  FLAC__stream_encoder_process_interleaved(encoder, samples.data(),
                                           static_cast<unsigned>(samples.size()) / channels);
  FLAC__stream_encoder_finish(encoder);
  FLAC__stream_encoder_delete(encoder);
  return out;
}

TEST(Flac, KeepsASignalAChannel) {
  const auto channels = decode_flac(make_flac({1, -1, 2, -2, 300, -300}, 2, 16), 2);
  EXPECT_THAT(channels, ElementsAre(ElementsAre(1, 2, 300), ElementsAre(-1, -2, -300)));
}

TEST(Flac, IsReadAsAWfdbSignalFile) {
  const NamedBytes files[] = {
      {"r.hea", "r 2 250 3\nr.dat 524x1 1/mV 24 0 1 303 0 I\nr.dat 524 1/mV 24 0 -1 -303 0 II\n"},
      {"r.dat", make_flac({1, -1, 2, -2, 300, -300}, 2, 24)}};
  const auto recording = read_recording(files);
  EXPECT_THAT(recording.leads[1].samples, ElementsAre(-1, -2, -300));
  EXPECT_TRUE(recording.doubts.empty());
}

TEST(Flac, RefusesDamagedStreams) {
  const std::string good = make_flac(std::vector<std::int32_t>(4000, 7), 1, 16);
  EXPECT_THROW(decode_flac(good, 2), Error) << "another number of channels";
  EXPECT_THROW(decode_flac(good.substr(0, good.size() - 3), 1), Error);
  EXPECT_THROW(decode_flac("", 1), Error);
  EXPECT_THROW(decode_flac(good, 0), Error);
  std::string damaged = good;
  damaged[damaged.size() - 4] ^= 1;
  EXPECT_THROW(decode_flac(damaged, 1), Error);
}

}  // namespace
}  // namespace meridian::archive
