#include "storage/blobs/arrived.h"

#include <array>
#include <cstdint>
#include <cstring>
#include <fstream>

#include "base/encoding.h"
#include "storage/folder.h"

namespace meridian::storage {
namespace {

constexpr const char* kFile = "arriving.journal";
constexpr std::uint64_t kBlock = 4096;  // entries begin at a block's edge
constexpr std::array<char, 8> kMagic{'M', 'R', 'D', 'N', 'B', 'L', 'O', 'B'};

// Before each blob.
struct Header {
  std::array<char, 8> magic{};
  std::uint64_t filling = 0;  // the same in all entries of one half that belong together
  std::uint64_t size = 0;
  std::array<char, 32> digest{};
};

std::uint64_t entry_bytes(std::uint64_t blob) {
  return (sizeof(Header) + blob + kBlock - 1) / kBlock * kBlock;
}

std::string read_at(std::ifstream& file, std::uint64_t offset, std::uint64_t size) {
  std::string bytes(static_cast<std::size_t>(size), '\0');
  file.clear();
  file.seekg(static_cast<std::streamoff>(offset));
  file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  return bytes;
}

void restore_half(std::ifstream& file, std::uint64_t begin, std::uint64_t half,
                  const std::function<void(const std::string&, std::string_view)>& restore) {
  std::uint64_t filling = 0;
  for (std::uint64_t at = begin; at + sizeof(Header) <= begin + half;) {
    Header header;
    const std::string head = read_at(file, at, sizeof header);
    std::memcpy(&header, head.data(), sizeof header);
    const bool follows = header.magic == kMagic && (at == begin || header.filling == filling) &&
                         header.size <= half && at - begin + entry_bytes(header.size) <= half;
    if (!follows) return;
    filling = header.filling;
    const std::string bytes = read_at(file, at + sizeof header, header.size);
    // One that is not whole was the last of its batch, and nobody was told that it is kept.
    if (sha256(bytes) != std::string_view(header.digest.data(), header.digest.size())) return;
    restore(to_hex({header.digest.data(), header.digest.size()}), bytes);
    at += entry_bytes(header.size);
  }
}

}  // namespace

void restore_arrived(const std::filesystem::path& folder,
                     const std::function<void(const std::string&, std::string_view)>& restore) {
  const std::filesystem::path path = folder / kFile;
  if (!std::filesystem::exists(path)) return;
  const std::uint64_t half = std::filesystem::file_size(path) / 2 / kBlock * kBlock;
  std::ifstream file(path, std::ios::binary);
  for (const std::uint64_t begin : {std::uint64_t(0), half}) restore_half(file, begin, half, restore);
  file.close();
  std::filesystem::remove(path);
  sync_folder(folder);
}

}  // namespace meridian::storage
