#include "archive/kept_metadata.h"

#include <zstd.h>

#include <cstdint>
#include <cstring>
#include <utility>

namespace meridian::archive {
namespace {

constexpr int kLevel = 1;
constexpr std::size_t kPiece = std::size_t(8) << 20;      // bytes of texts compressed together
constexpr std::size_t kLargest = std::size_t(256) << 20;  // bytes of one text
constexpr char kForm = '1';                               // of the texts; another program may write others

void append_text(std::string& out, std::string_view text) {
  const auto size = static_cast<std::uint32_t>(text.size());
  out.append(reinterpret_cast<const char*>(&size), sizeof size).append(text);
}

std::optional<std::string_view> take_text(std::string_view& bytes) {
  std::uint32_t size = 0;
  if (bytes.size() < sizeof size) return {};
  std::memcpy(&size, bytes.data(), sizeof size);
  bytes.remove_prefix(sizeof size);
  if (bytes.size() < size) return {};
  const std::string_view text = bytes.substr(0, size);
  bytes.remove_prefix(size);
  return text;
}

std::string compress(std::string_view bytes) {
  std::string out(ZSTD_compressBound(bytes.size()), '\0');
  const std::size_t size = ZSTD_compress(out.data(), out.size(), bytes.data(), bytes.size(), kLevel);
  out.resize(ZSTD_isError(size) ? 0 : size);
  return out;
}

std::string decompress(std::string_view bytes) {
  const unsigned long long size = ZSTD_getFrameContentSize(bytes.data(), bytes.size());
  if (size == 0 || size > kPiece + kLargest)
    return {};  // also what zstd says of bytes that are none of its own
  std::string out(static_cast<std::size_t>(size), '\0');
  const std::size_t done = ZSTD_decompress(out.data(), out.size(), bytes.data(), bytes.size());
  return done == out.size() ? out : std::string();
}

}  // namespace

KeptMetadata::KeptMetadata(storage::Connection& connection, std::string series) : series_(std::move(series)) {
  connection.query("SELECT body FROM archive_metadata WHERE series_uid = ? ORDER BY piece", {series_},
                   [&](const storage::Row& row) { take_piece(row.text(0)); });
}

void KeptMetadata::take_piece(std::string_view compressed) {
  std::string_view rest = hold(decompress(compressed));
  if (rest.empty() || rest.front() != kForm) return;
  rest.remove_prefix(1);
  while (!rest.empty()) {
    const auto instance = take_text(rest), digest = take_text(rest), text = take_text(rest);
    if (!instance || !digest || !text) break;
    add({*instance, *digest, *text});
  }
}

std::string_view KeptMetadata::hold(std::string bytes) {
  return memory_.emplace_back(std::move(bytes));
}

void KeptMetadata::add(const Text& text) {
  if (places_.emplace(text.instance, texts_.size()).second) texts_.push_back(text);
}

std::string_view KeptMetadata::add(const std::string& instance, const std::string& digest, std::string text) {
  const Text added{hold(instance), hold(digest), hold(std::move(text))};
  add(added);
  return added.text;
}

std::size_t KeptMetadata::bytes() const {
  std::size_t bytes = 0;
  for (const std::string& memory : memory_) bytes += memory.size();
  return bytes;
}

std::optional<std::string_view> KeptMetadata::find(std::string_view instance) const {
  const auto found = places_.find(instance);
  return found == places_.end() ? std::nullopt : std::optional(texts_[found->second].text);
}

void KeptMetadata::keep(storage::Transaction& transaction) const {
  const auto digests = digests_of(transaction, series_);
  drop_metadata(transaction, series_);
  std::int64_t piece = 0;
  std::string bytes(1, kForm);
  const auto write = [&] {
    const std::string body = compress(bytes);
    transaction.execute("INSERT INTO archive_metadata VALUES (?, ?, ?)",
                        {series_, piece++, storage::Blob{body}});
    bytes.resize(1);
  };
  for (const Text& text : texts_) {
    const auto now = digests.find(std::string(text.instance));
    if (now == digests.end() || now->second != text.digest || text.text.size() > kLargest) continue;
    for (const std::string_view part : {text.instance, text.digest, text.text}) append_text(bytes, part);
    if (bytes.size() > kPiece) write();
  }
  if (bytes.size() > 1) write();
}

std::unordered_map<std::string, std::string> digests_of(storage::Connection& connection,
                                                        const std::string& series) {
  std::unordered_map<std::string, std::string> digests;
  connection.query("SELECT instance_uid, digest FROM archive_instance WHERE series_uid = ?", {series},
                   [&](const storage::Row& row) { digests.emplace(row.text(0), row.text(1)); });
  return digests;
}

void drop_metadata(storage::Transaction& transaction, const std::string& series) {
  transaction.execute("DELETE FROM archive_metadata WHERE series_uid = ?", {series});
}

}  // namespace meridian::archive
