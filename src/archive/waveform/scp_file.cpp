#include "archive/waveform/scp_file.h"

#include "archive/bytes.h"
#include "base/error.h"
#include "signal/remark.h"

namespace meridian::archive {
namespace {

constexpr std::size_t kFileHeader = 6, kSectionHeader = 16, kPointer = 10;
constexpr std::string_view kMark = "SCPECG";  // in the reserved bytes of section 0

}  // namespace

bool is_scp(std::string_view bytes) {
  if (bytes.size() < kFileHeader + kSectionHeader) return false;
  const bool marked = bytes.substr(kFileHeader + 10, kMark.size()) == kMark;
  // Files before version 1.3 bear no mark; they are known by their length and their first section.
  return marked ||
         (read_u32(bytes, 2, false) == bytes.size() && read_u16(bytes, kFileHeader + 2, false) == 0 &&
          read_u32(bytes, kFileHeader + 4, false) >= kSectionHeader + kPointer * ScpFile::kSections);
}

std::uint16_t scp_checksum(std::string_view bytes) {
  std::uint16_t sum = 0xFFFF;
  for (const char c : bytes) {
    sum ^= static_cast<std::uint16_t>(static_cast<std::uint8_t>(c) << 8);
    for (int bit = 0; bit < 8; ++bit)
      sum = static_cast<std::uint16_t>(sum & 0x8000 ? sum << 1 ^ 0x1021 : sum << 1);
  }
  return sum;
}

ScpFile::ScpFile(std::string_view bytes, std::vector<std::string>& doubts) {
  const std::uint32_t length = read_u32(bytes, 2, false);
  if (length > bytes.size())
    doubts.push_back(signal::remark(
        "cut-short", {{"held", std::to_string(bytes.size())}, {"announced", std::to_string(length)}}));
  else if (length >= kFileHeader && scp_checksum(bytes.substr(2, length - 2)) != read_u16(bytes, 0, false))
    doubts.push_back(signal::remark("file-checksum"));
  ScpFields pointers(bytes.substr(kFileHeader + kSectionHeader), 0);
  for (std::size_t i = 0; i < kSections; ++i) {
    const std::uint16_t number = pointers.u16();
    const std::uint64_t size = pointers.u32(), index = pointers.u32();
    if (size <= kSectionHeader || number == 0) continue;
    if (number >= kSections || index == 0) pointers.fail("A pointer names section " + std::to_string(number));
    if (index - 1 + size > bytes.size()) {
      pointers.fail("Section " + std::to_string(number) + " lies beyond the end of the file");
    }
    const std::string_view section = bytes.substr(index - 1, size);
    if (read_u16(section, 2, false) != number)
      pointers.fail("There is another section where section " + std::to_string(number) + " should be");
    if (scp_checksum(section.substr(2)) != read_u16(section, 0, false))
      doubts.push_back(signal::remark("section-checksum", {{"section", std::to_string(number)}}));
    sections_[number] = section.substr(kSectionHeader);
  }
}

std::uint8_t ScpFields::u8() {
  return static_cast<std::uint8_t>(bytes(1).front());
}

std::uint16_t ScpFields::u16() {
  return read_u16(bytes(2), 0, false);
}

std::uint32_t ScpFields::u32() {
  return read_u32(bytes(4), 0, false);
}

std::string_view ScpFields::bytes(std::size_t count) {
  if (left() < count) fail("It is cut short");
  const std::string_view found = bytes_.substr(at_, count);
  at_ += count;
  return found;
}

void ScpFields::fail(const std::string& what) const {
  throw Error(ErrorCode::invalid_structure, "SCP-ECG: " + what,
              "section " + std::to_string(number_) + ", byte " + std::to_string(at_), "Export the ECG again");
}

}  // namespace meridian::archive
