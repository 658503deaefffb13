#include "archive/waveform/wfdb_annotation.h"

#include "base/error.h"

namespace meridian::archive {
namespace {

// By code, 0 to 41; a space where the code has no symbol.
constexpr std::string_view kSymbols = " NLRaVFJASEj/Q~ | sT*D\"=pB^t+u?![]en@xf()r";
static_assert(kSymbols.size() == 42);

enum Code : unsigned { kSkip = 59, kNumber = 60, kSubtype = 61, kChannel = 62, kText = 63 };

class Cursor {
 public:
  explicit Cursor(std::string_view bytes) : bytes_(bytes) {}
  bool at_end() const { return at_ + 2 > bytes_.size(); }
  unsigned word() {
    require(2);
    const unsigned low = static_cast<std::uint8_t>(bytes_[at_]),
                   high = static_cast<std::uint8_t>(bytes_[at_ + 1]);
    at_ += 2;
    return low | high << 8;
  }
  // Text of an odd length is followed by one more byte.
  std::string text(std::size_t length) {
    require(length + length % 2);
    std::string result(bytes_.substr(at_, length));
    at_ += length + length % 2;
    while (!result.empty() && result.back() == '\0') result.pop_back();
    return result;
  }

 private:
  void require(std::size_t count) const {
    if (bytes_.size() - at_ < count)
      throw Error(ErrorCode::invalid_syntax, "The WFDB annotation file is cut short",
                  "byte " + std::to_string(at_), "Fetch the file again");
  }
  std::string_view bytes_;
  std::size_t at_ = 0;
};

std::string symbol_of(unsigned code) {
  if (code >= kSymbols.size() || kSymbols[code] == ' ') return {};
  return std::string(1, kSymbols[code]);
}

int signed_small(unsigned value) {  // of 10 bits
  return value < 512 ? static_cast<int>(value) : static_cast<int>(value) - 1024;
}

}  // namespace

std::vector<WfdbAnnotation> read_wfdb_annotations(std::string_view bytes) {
  std::vector<WfdbAnnotation> annotations;
  Cursor cursor(bytes);
  std::int64_t time = 0;
  int channel = 0, number = 0;
  while (!cursor.at_end()) {
    const unsigned word = cursor.word();
    const unsigned code = word >> 10, value = word & 0x3ff;
    if (word == 0) break;
    WfdbAnnotation* last = annotations.empty() ? nullptr : &annotations.back();
    if (code == kSkip) {
      const std::uint32_t high = cursor.word();
      time += static_cast<std::int32_t>(high << 16 | cursor.word());
    } else if (code == kText) {
      std::string text = cursor.text(value);
      if (last) last->text = std::move(text);
    } else if (code == kSubtype) {
      if (last) last->subtype = signed_small(value);
    } else if (code == kChannel) {
      channel = static_cast<int>(value);
      if (last) last->channel = channel;
    } else if (code == kNumber) {
      number = signed_small(value);
      if (last) last->number = number;
    } else {
      time += value;
      if (time < 0)
        throw Error(ErrorCode::invalid_syntax, "A WFDB annotation lies before the recording", "",
                    "Fetch it again");
      annotations.push_back({time, symbol_of(code), 0, channel, number, {}});
    }
  }
  return annotations;
}

}  // namespace meridian::archive
