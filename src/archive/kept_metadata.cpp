#include "archive/kept_metadata.h"

#include <zstd.h>

#include <cstdint>
#include <cstring>
#include <optional>

namespace meridian::archive {
namespace {

constexpr int kLevel = 1;
constexpr std::size_t kLargest = std::size_t(64) << 20;  // bytes of one series' texts
constexpr char kForm = '1';                              // of the texts; another program may write others

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
  if (size == 0 || size > kLargest) return {};  // also what zstd says of bytes that are none of its own
  std::string out(static_cast<std::size_t>(size), '\0');
  const std::size_t done = ZSTD_decompress(out.data(), out.size(), bytes.data(), bytes.size());
  return done == out.size() ? out : std::string();
}

using Digests = std::unordered_map<std::string, std::string>;  // of the files, by the instance's UID

Digests digests_of(storage::Connection& connection, const std::string& series) {
  Digests digests;
  connection.query("SELECT instance_uid, digest FROM archive_instance WHERE series_uid = ?", {series},
                   [&](const storage::Row& row) { digests.emplace(row.text(0), row.text(1)); });
  return digests;
}

}  // namespace

KeptMetadata read_metadata(storage::Connection& connection, const std::string& series) {
  std::string bytes;
  connection.query_first("SELECT body FROM archive_metadata WHERE series_uid = ?", {series},
                         [&](const storage::Row& row) { bytes = decompress(row.text(0)); });
  KeptMetadata kept{digests_of(connection, series), {}};
  std::string_view rest = bytes;
  if (rest.empty() || rest.front() != kForm) return kept;
  rest.remove_prefix(1);
  kept.texts.reserve(kept.digests.size());
  while (!rest.empty()) {
    const auto instance = take_text(rest), digest = take_text(rest), text = take_text(rest);
    if (!instance || !digest || !text) break;
    const auto now = kept.digests.find(std::string(*instance));
    if (now != kept.digests.end() && now->second == *digest) kept.texts.emplace(*instance, *text);
  }
  return kept;
}

void keep_metadata(storage::Transaction& transaction, const std::string& series, const KeptMetadata& all) {
  const Digests digests = digests_of(transaction, series);
  std::string bytes(1, kForm);
  for (const auto& [instance, text] : all.texts) {
    const auto digest = digests.find(instance), before = all.digests.find(instance);
    if (digest == digests.end() || before == all.digests.end() || digest->second != before->second) return;
    for (const std::string* part : {&instance, &digest->second, &text}) append_text(bytes, *part);
    if (bytes.size() > kLargest) return;
  }
  const std::string body = compress(bytes);
  transaction.execute(
      "INSERT INTO archive_metadata VALUES (?, ?) ON CONFLICT (series_uid) DO UPDATE SET body = "
      "excluded.body",
      {series, storage::Blob{body}});
}

void drop_metadata(storage::Transaction& transaction, const std::string& series) {
  transaction.execute("DELETE FROM archive_metadata WHERE series_uid = ?", {series});
}

}  // namespace meridian::archive
