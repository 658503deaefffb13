// The Huffman codes in which SCP-ECG keeps samples (EN 1064, 5.5 and annex C).
#pragma once
#include <cstdint>
#include <string_view>
#include <vector>

#include "archive/waveform/scp_file.h"

namespace meridian::archive {

struct ScpCode {
  int prefix_bits = 0, total_bits = 0;
  bool is_value = true;      // false: the base value is the number of the table that holds from here on
  std::int32_t value = 0;    // to which the bits behind the prefix, a signed number, are added
  std::uint32_t prefix = 0;  // its first bit is the lowest
};
using ScpTable = std::vector<ScpCode>;  // by length of the prefix, then by prefix

// The standard's own table.
const ScpTable& default_scp_table();
// Those of section 2, which may name the standard's own. Throws invalid_structure.
std::vector<ScpTable> read_scp_tables(ScpFields section);
// So many numbers. Throws invalid_structure when the bytes hold fewer or a code of no table.
std::vector<std::int32_t> decode_scp_codes(std::string_view bytes, const std::vector<ScpTable>& tables,
                                           std::size_t count);

}  // namespace meridian::archive
