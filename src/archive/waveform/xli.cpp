#include "archive/waveform/xli.h"

#include <string>

#include "archive/bytes.h"
#include "archive/waveform/pieces.h"
#include "base/error.h"

namespace meridian::archive {
namespace {

constexpr std::size_t kHeader = 8, kMostLeads = 64;
constexpr int kCodeBits = 10;
constexpr std::uint32_t kFirstNewCode = 256, kEnd = (1u << kCodeBits) - 1, kLastNewCode = kEnd - 1;
constexpr std::int32_t kOffset = 64;  // by which the stored differences are raised

[[noreturn]] void fail(std::size_t chunk) {
  throw Error(ErrorCode::corrupted, "A packed lead is damaged or cut", "chunk " + std::to_string(chunk + 1),
              "Export the ECG again");
}

// Codes of 10 bits, the highest bit first.
class Codes {
 public:
  explicit Codes(std::string_view bytes) : bytes_(bytes) {}
  bool next(std::uint32_t& code) {
    while (held_ < kCodeBits) {
      if (at_ == bytes_.size()) return false;
      bits_ = bits_ << 8 | static_cast<std::uint8_t>(bytes_[at_++]);
      held_ += 8;
    }
    held_ -= kCodeBits;
    code = bits_ >> held_ & ((1u << kCodeBits) - 1);
    return true;
  }

 private:
  std::string_view bytes_;
  std::size_t at_ = 0;
  std::uint32_t bits_ = 0;
  int held_ = 0;
};

std::string unpack_lzw(std::string_view packed, std::size_t most, std::size_t chunk) {
  std::vector<std::string> words(kLastNewCode + 1);
  for (std::uint32_t byte = 0; byte < kFirstNewCode; ++byte)
    words[byte] = std::string(1, static_cast<char>(byte));
  Codes codes(packed);
  std::string out, before;
  std::uint32_t code = 0, next_new = kFirstNewCode;
  while (codes.next(code) && code != kEnd) {
    std::string word;
    if (code < next_new)
      word = words[code];
    else if (code == next_new && !before.empty() && next_new <= kLastNewCode)
      word = before + before.front();
    else
      fail(chunk);
    out += word;
    if (out.size() > most)
      throw Error(ErrorCode::too_large, "A packed lead is longer than announced",
                  "chunk " + std::to_string(chunk + 1), "Export the ECG again");
    if (!before.empty() && next_new <= kLastNewCode) words[next_new++] = before + word.front();
    before = std::move(word);
  }
  return out;
}

std::vector<std::int32_t> undo_differences(std::string_view bytes, std::int32_t last) {
  const std::size_t count = bytes.size() / 2;
  std::vector<std::int32_t> samples(count);
  for (std::size_t i = 0; i < count; ++i)
    samples[i] = static_cast<std::int16_t>(static_cast<std::uint8_t>(bytes[i]) << 8 |
                                           static_cast<std::uint8_t>(bytes[count + i]));
  for (std::size_t i = 2; i < count; ++i) {
    const std::int32_t value = static_cast<std::int16_t>(2 * samples[i - 1] - samples[i - 2] - last);
    last = samples[i] - kOffset;
    samples[i] = value;
  }
  return samples;
}

}  // namespace

std::vector<std::vector<std::int32_t>> unpack_xli(std::string_view bytes, std::size_t most_samples) {
  std::vector<std::vector<std::int32_t>> leads;
  for (std::size_t at = 0; at < bytes.size();) {
    if (bytes.size() - at < kHeader || leads.size() == kMostLeads) fail(leads.size());
    require_readable_size(most_samples, leads.size() + 1, "chunk " + std::to_string(leads.size() + 1));
    const std::size_t size = read_u32(bytes, at, false);
    const auto start = static_cast<std::int16_t>(read_u16(bytes, at + 6, false));
    if (size > bytes.size() - at - kHeader) fail(leads.size());
    const std::string unpacked =
        unpack_lzw(bytes.substr(at + kHeader, size), 2 * most_samples + 2, leads.size());
    leads.push_back(undo_differences(unpacked, start));
    at += kHeader + size;
  }
  return leads;
}

void restore_limb_leads(std::vector<std::vector<std::int32_t>>& leads) {
  for (std::size_t i = 0; i < leads[0].size(); ++i) {
    const std::int32_t one = leads[0][i], two = leads[1][i], three = two - one - leads[2][i];
    leads[2][i] = three;
    leads[3][i] = -leads[3][i] - (one + two) / 2;
    leads[4][i] = (one - three) / 2 - leads[4][i];
    leads[5][i] = (two + three) / 2 - leads[5][i];
  }
}

}  // namespace meridian::archive
