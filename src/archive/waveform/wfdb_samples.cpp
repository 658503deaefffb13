#include "archive/waveform/wfdb_samples.h"

#include <limits>

#include "base/error.h"

namespace meridian::archive {
namespace {

// A format packs groups of samples into groups of bytes; a last group may be cut.
struct Packing {
  int format;
  std::size_t samples, bytes;
  std::optional<std::int32_t> missing;
};

constexpr Packing kPackings[] = {
    {8, 1, 1, std::nullopt}, {16, 1, 2, -32768},
    {24, 1, 3, -8388608},    {32, 1, 4, std::numeric_limits<std::int32_t>::min()},
    {61, 1, 2, -32768},      {80, 1, 1, -128},
    {160, 1, 2, -32768},     {212, 2, 3, -2048},
    {310, 3, 4, -512},       {311, 3, 4, -512},
};

// FLAC streams, whose samples lie in no fixed place.
constexpr Packing kFlacs[] = {{508, 1, 1, -128}, {516, 1, 2, -32768}, {524, 1, 3, -8388608}};

const Packing* packing_of(int format) {
  for (const Packing& packing : kPackings)
    if (packing.format == format) return &packing;
  return nullptr;
}

// Bytes needed for the first samples of a group.
std::size_t bytes_of_part(int format, std::size_t samples) {
  if (samples == 0) return 0;
  if (format == 212) return samples + 1;
  if (format == 310) return samples == 1 ? 2 : 4;
  if (format == 311) return samples + 1;
  return packing_of(format)->bytes;
}

std::int32_t sign_extend(std::uint32_t value, int bits) {
  const std::uint32_t sign = 1u << (bits - 1);
  value &= (sign << 1) - 1;
  return static_cast<std::int32_t>((value ^ sign) - sign);
}

class Bytes {
 public:
  explicit Bytes(std::string_view bytes) : bytes_(bytes) {}
  // Zero beyond the end, where only unused bits of a cut group lie.
  std::uint32_t at(std::size_t i) const {
    return i < bytes_.size() ? static_cast<std::uint8_t>(bytes_[i]) : 0;
  }
  std::uint32_t little16(std::size_t i) const { return at(i) | at(i + 1) << 8; }
  std::uint32_t big16(std::size_t i) const { return at(i) << 8 | at(i + 1); }
  std::uint32_t little32(std::size_t i) const { return little16(i) | little16(i + 2) << 16; }

 private:
  std::string_view bytes_;
};

std::int32_t decode_212(const Bytes& bytes, std::size_t at, std::size_t part) {
  const std::uint32_t nibbles = bytes.at(at + 1);
  if (part == 0) return sign_extend(bytes.at(at) | (nibbles & 0x0f) << 8, 12);
  return sign_extend(bytes.at(at + 2) | (nibbles & 0xf0) << 4, 12);
}

std::int32_t decode_310(const Bytes& bytes, std::size_t at, std::size_t part) {
  if (part < 2) return sign_extend(bytes.little16(at + 2 * part) >> 1, 10);
  return sign_extend(bytes.little16(at) >> 11 | (bytes.little16(at + 2) >> 11) << 5, 10);
}

// Whole groups of the two commonest formats, which need no look at the format a sample; returns how many
// samples.
std::size_t decode_groups(int format, std::string_view text, std::size_t first, std::span<std::int32_t> out) {
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
  std::size_t i = 0;
  if (format == 16)
    for (; i < out.size(); ++i)
      out[i] = static_cast<std::int16_t>(bytes[2 * (first + i)] | bytes[2 * (first + i) + 1] << 8);
  if (format == 212 && first % 2 == 0)
    for (; i + 2 <= out.size(); i += 2) {
      const std::uint8_t* group = bytes + (first + i) / 2 * 3;
      out[i] = sign_extend(group[0] | (group[1] & 0x0fu) << 8, 12);
      out[i + 1] = sign_extend(group[2] | (group[1] & 0xf0u) << 4, 12);
    }
  return i;
}

std::int32_t decode_one(int format, const Bytes& bytes, std::size_t at, std::size_t part) {
  switch (format) {
    case 8:
      return sign_extend(bytes.at(at), 8);
    case 16:
      return sign_extend(bytes.little16(at), 16);
    case 24:
      return sign_extend(bytes.little16(at) | bytes.at(at + 2) << 16, 24);
    case 32:
      return static_cast<std::int32_t>(bytes.little32(at));
    case 61:
      return sign_extend(bytes.big16(at), 16);
    case 80:
      return static_cast<std::int32_t>(bytes.at(at)) - 128;
    case 160:
      return static_cast<std::int32_t>(bytes.little16(at)) - 32768;
    case 212:
      return decode_212(bytes, at, part);
    case 310:
      return decode_310(bytes, at, part);
    default:
      return sign_extend(bytes.little32(at) >> (10 * part), 10);
  }
}

const Packing& require_packing(int format) {
  const Packing* packing = packing_of(format);
  if (!packing)
    throw Error(ErrorCode::not_supported, "WFDB storage format " + std::to_string(format) + " is not read",
                "", "Convert the record with xform to format 16 or 212");
  return *packing;
}

}  // namespace

std::size_t wfdb_samples_in(int format, std::size_t bytes) {
  const Packing& packing = require_packing(format);
  std::size_t samples = bytes / packing.bytes * packing.samples;
  const std::size_t left = bytes % packing.bytes;
  for (std::size_t part = 1; part < packing.samples; ++part)
    if (bytes_of_part(format, part) <= left && left > 0)
      samples = bytes / packing.bytes * packing.samples + part;
  return samples;
}

void decode_wfdb_samples(int format, std::string_view text, std::size_t first, std::span<std::int32_t> out) {
  const Packing& packing = require_packing(format);
  const Bytes bytes(text);
  for (std::size_t i = decode_groups(format, text, first, out); i < out.size(); ++i) {
    const std::size_t at = (first + i) / packing.samples * packing.bytes;
    out[i] = decode_one(format, bytes, at, (first + i) % packing.samples);
  }
}

std::optional<std::int32_t> wfdb_missing_value(int format) {
  for (const Packing& flac : kFlacs)
    if (flac.format == format) return flac.missing;
  return require_packing(format).missing;
}

}  // namespace meridian::archive
