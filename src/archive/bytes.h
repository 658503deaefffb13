// Numbers in bytes of either order, read without alignment.
#pragma once
#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace meridian::archive {

static_assert(std::endian::native == std::endian::little, "pixels are kept in the machine's order");

// The caller has checked that the bytes are there.
inline std::uint16_t read_u16(std::string_view bytes, std::size_t at, bool big_endian) {
  std::uint16_t value;
  std::memcpy(&value, bytes.data() + at, sizeof value);
  return big_endian ? __builtin_bswap16(value) : value;
}

inline std::uint32_t read_u32(std::string_view bytes, std::size_t at, bool big_endian) {
  std::uint32_t value;
  std::memcpy(&value, bytes.data() + at, sizeof value);
  return big_endian ? __builtin_bswap32(value) : value;
}

inline void append_u16(std::string& out, std::uint16_t value) {
  out.append(reinterpret_cast<const char*>(&value), sizeof value);
}

inline void append_u32(std::string& out, std::uint32_t value) {
  out.append(reinterpret_cast<const char*>(&value), sizeof value);
}

// A tag as one number, group before element: 0x7FE00010.
inline std::uint32_t read_tag(std::string_view bytes, std::size_t at, bool big_endian) {
  return std::uint32_t(read_u16(bytes, at, big_endian)) << 16 | read_u16(bytes, at + 2, big_endian);
}

}  // namespace meridian::archive
