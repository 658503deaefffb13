#include "archive/waveform/scp_huffman.h"

#include <algorithm>
#include <utility>

#include "base/error.h"

namespace meridian::archive {
namespace {

constexpr std::uint16_t kDefaultTable = 19999;
constexpr int kLongestPrefix = 32, kLongestValue = 24;
constexpr std::uint16_t kMostCodes = 1024;

bool comes_before(const ScpCode& a, const ScpCode& b) {
  return std::pair(a.prefix_bits, a.prefix) < std::pair(b.prefix_bits, b.prefix);
}

// The standard's table: one bit for 0, one more for each step up to 8, both signs alike; then 8 and 16 bits
// as they are.
ScpTable make_default_table() {
  ScpTable table{{1, 1, true, 0, 0}};
  for (int magnitude = 1; magnitude <= 8; ++magnitude) {
    const int bits = magnitude + 2;
    const std::uint32_t ones = (1u << magnitude) - 1;
    table.push_back({bits, bits, true, magnitude, ones});
    table.push_back({bits, bits, true, -magnitude, ones | 1u << (bits - 1)});
  }
  table.push_back({10, 18, true, 0, 0x1FF});
  table.push_back({10, 26, true, 0, 0x3FF});
  std::sort(table.begin(), table.end(), comes_before);
  return table;
}

[[noreturn]] void fail(const std::string& what, std::size_t sample) {
  throw Error(ErrorCode::invalid_structure, "SCP-ECG: " + what, "sample " + std::to_string(sample + 1),
              "Export the ECG again");
}

class Bits {
 public:
  explicit Bits(std::string_view bytes) : bytes_(bytes) {}
  bool next(std::uint32_t& bit) {
    if (at_ == 8 * bytes_.size()) return false;
    bit = static_cast<std::uint32_t>(bytes_[at_ / 8]) >> (7 - at_ % 8) & 1;
    ++at_;
    return true;
  }
  // A signed number, the highest bit first.
  bool signed_number(int width, std::int32_t& value) {
    std::uint32_t bits = 0, bit = 0;
    for (int i = 0; i < width; ++i) {
      if (!next(bit)) return false;
      bits = bits << 1 | bit;
    }
    const std::uint32_t sign = 1u << (width - 1);
    value = static_cast<std::int32_t>((bits ^ sign) - sign);
    return true;
  }

 private:
  std::string_view bytes_;
  std::size_t at_ = 0;
};

const ScpCode* next_code(Bits& bits, const ScpTable& table) {
  std::uint32_t prefix = 0, bit = 0;
  for (int length = 1; length <= kLongestPrefix && bits.next(bit); ++length) {
    prefix |= bit << (length - 1);
    const auto found =
        std::lower_bound(table.begin(), table.end(), ScpCode{length, 0, true, 0, prefix}, comes_before);
    if (found != table.end() && found->prefix_bits == length && found->prefix == prefix) return &*found;
  }
  return nullptr;
}

}  // namespace

const ScpTable& default_scp_table() {
  static const ScpTable table = make_default_table();
  return table;
}

std::vector<ScpTable> read_scp_tables(ScpFields section) {
  const std::uint16_t count = section.u16();
  if (count == kDefaultTable) return {default_scp_table()};
  std::vector<ScpTable> tables;
  for (std::uint16_t t = 0; t < count; ++t) {
    ScpTable& table = tables.emplace_back();
    const std::uint16_t codes = section.u16();
    if (codes > kMostCodes) section.fail("A table has more than 1024 codes");
    for (std::uint16_t c = 0; c < codes; ++c) {
      ScpCode code;
      code.prefix_bits = section.u8();
      code.total_bits = section.u8();
      code.is_value = section.u8() != 0;
      code.value = section.i16();
      code.prefix = section.u32();
      const int more = code.total_bits - code.prefix_bits;
      if (code.prefix_bits < 1 || code.prefix_bits > kLongestPrefix || more < 0 || more > kLongestValue)
        section.fail("A code has an impossible length");
      if (!code.is_value && (code.value < 1 || code.value > count))
        section.fail("A code leads to a table that is not there");
      table.push_back(code);
    }
    std::sort(table.begin(), table.end(), comes_before);
  }
  if (tables.empty()) section.fail("It holds no table");
  return tables;
}

std::vector<std::int32_t> decode_scp_codes(std::string_view bytes, const std::vector<ScpTable>& tables,
                                           std::size_t count) {
  // A number takes a bit at least.
  if (count > 8 * bytes.size()) fail("A lead holds fewer samples than it announces", 8 * bytes.size());
  Bits bits(bytes);
  std::vector<std::int32_t> numbers;
  numbers.reserve(count);
  const ScpTable* table = &tables.front();
  while (numbers.size() < count) {
    const ScpCode* code = next_code(bits, *table);
    if (!code) fail("A lead ends early or holds an unknown code", numbers.size());
    if (!code->is_value) {
      table = &tables[static_cast<std::size_t>(code->value - 1)];
      continue;
    }
    std::int32_t more = 0;
    const int width = code->total_bits - code->prefix_bits;
    if (width > 0 && !bits.signed_number(width, more)) fail("A lead ends early", numbers.size());
    numbers.push_back(code->value + more);
  }
  return numbers;
}

}  // namespace meridian::archive
