// The sections of an SCP-ECG file (EN 1064, ISO 11073-91064), found by its pointers and checked.
#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace meridian::archive {

class ScpFile {
 public:
  static constexpr std::size_t kSections = 12;

  // The bytes must outlive this. A checksum that does not agree is a doubt. Throws invalid_structure when a
  // pointer leads out of the file or to another section.
  ScpFile(std::string_view bytes, std::vector<std::string>& doubts);

  // What follows the header of the section; empty when there is none.
  std::string_view section(std::size_t number) const { return sections_[number]; }

 private:
  std::array<std::string_view, kSections> sections_;
};

bool is_scp(std::string_view bytes);
// CRC-CCITT, as SCP-ECG uses it: polynomial 0x1021, begun with 0xFFFF.
std::uint16_t scp_checksum(std::string_view bytes);

// Numbers of a section, one behind the other, the lowest byte first.
class ScpFields {
 public:
  ScpFields(std::string_view section, std::size_t number) : bytes_(section), number_(number) {}
  // Throw invalid_structure when the section ends before.
  std::uint8_t u8();
  std::uint16_t u16();
  std::int16_t i16() { return static_cast<std::int16_t>(u16()); }
  std::uint32_t u32();
  std::string_view bytes(std::size_t count);
  std::size_t left() const { return bytes_.size() - at_; }
  [[noreturn]] void fail(const std::string& what) const;

 private:
  std::string_view bytes_;
  std::size_t number_, at_ = 0;
};

}  // namespace meridian::archive
