#include "record/store/body.h"

#include <zstd.h>

#include <map>
#include <memory>
#include <mutex>
#include <shared_mutex>

#include "base/error.h"
#include "base/freed.h"
#include "record/store/body_dictionary.h"

namespace meridian::record {
namespace {

constexpr int kLevel = 3;  // zstd's default

using Compression = std::unique_ptr<ZSTD_CCtx, Freed<ZSTD_freeCCtx>>;
using Decompression = std::unique_ptr<ZSTD_DCtx, Freed<ZSTD_freeDCtx>>;
using DigestedDictionary = std::unique_ptr<ZSTD_DDict, Freed<ZSTD_freeDDict>>;

unsigned number_of(std::string_view dictionary) {
  return ZSTD_getDictID_fromDict(dictionary.data(), dictionary.size());
}

// By the number that zstd gives a dictionary, and that every frame compressed with it bears.
class KnownDictionaries {
 public:
  KnownDictionaries() { add(built_in_dictionary()); }

  void add(std::string_view dictionary) {
    DigestedDictionary digested(ZSTD_createDDict(dictionary.data(), dictionary.size()));
    const std::lock_guard lock(mutex_);
    by_number_.try_emplace(number_of(dictionary), std::move(digested));
  }
  // Valid for ever; a null pointer when there is none.
  const ZSTD_DDict* find(unsigned number) const {
    const std::shared_lock lock(mutex_);
    const auto found = by_number_.find(number);
    return found == by_number_.end() ? nullptr : found->second.get();
  }

 private:
  mutable std::shared_mutex mutex_;
  std::map<unsigned, DigestedDictionary> by_number_;
};

KnownDictionaries& known_dictionaries() {
  static KnownDictionaries known;
  return known;
}

Compression make_compression() {
  static const std::unique_ptr<ZSTD_CDict, Freed<ZSTD_freeCDict>> dictionary(
      ZSTD_createCDict(built_in_dictionary().data(), built_in_dictionary().size(), kLevel));
  Compression context(ZSTD_createCCtx());
  ZSTD_CCtx_refCDict(context.get(), dictionary.get());
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_checksumFlag, 1);
  return context;
}

[[noreturn]] void fail(const std::string& reason) {
  throw Error(ErrorCode::corrupted, "The text of a stored resource cannot be read: " + reason, {},
              "Restore the newest backup");
}

}  // namespace

std::string compress_content(std::string_view content) {
  thread_local const Compression context = make_compression();
  std::string compressed(ZSTD_compressBound(content.size()), '\0');
  const std::size_t size =
      ZSTD_compress2(context.get(), compressed.data(), compressed.size(), content.data(), content.size());
  if (ZSTD_isError(size))
    throw Error(ErrorCode::internal,
                std::string("A resource could not be compressed: ") + ZSTD_getErrorName(size));
  compressed.resize(size);
  compressed.shrink_to_fit();
  return compressed;
}

std::string decompress_content(std::string_view compressed) {
  thread_local const Decompression context(ZSTD_createDCtx());
  const unsigned number = ZSTD_getDictID_fromFrame(compressed.data(), compressed.size());
  const ZSTD_DDict* dictionary = known_dictionaries().find(number);
  if (!dictionary) fail("its dictionary " + std::to_string(number) + " is not known");
  const auto size = ZSTD_getFrameContentSize(compressed.data(), compressed.size());
  if (size == ZSTD_CONTENTSIZE_ERROR || size == ZSTD_CONTENTSIZE_UNKNOWN) fail("its size is not known");
  std::string content(size, '\0');
  const std::size_t written = ZSTD_decompress_usingDDict(context.get(), content.data(), content.size(),
                                                         compressed.data(), compressed.size(), dictionary);
  if (ZSTD_isError(written)) fail(ZSTD_getErrorName(written));
  return content;
}

std::string body_of(std::string_view type, std::string_view id, std::int64_t version, Instant updated,
                    std::string_view content) {
  std::string body;
  body.reserve(content.size() + 160);
  body.append(R"({"resourceType":")").append(type).append(R"(","id":")").append(id);
  body.append(R"(","meta":{"versionId":")").append(std::to_string(version));
  body.append(R"(","lastUpdated":")").append(format_instant(updated)).append("\"").append(content);
  return body;
}

void share_dictionaries(storage::Database& database) {
  const std::string_view own = built_in_dictionary();
  const std::int64_t number = number_of(own);
  const bool kept = database.read([&](storage::Connection& connection) {
    bool found = false;
    connection.query("SELECT number, dictionary FROM body_dictionary", {}, [&](const storage::Row& row) {
      found = found || row.integer(0) == number;
      known_dictionaries().add(row.text(1));
    });
    return found;
  });
  if (kept) return;
  database.write([&](storage::Transaction& transaction) {
    transaction.execute("INSERT INTO body_dictionary VALUES (?, ?) ON CONFLICT DO NOTHING",
                        {number, storage::Blob{own}});
  });
}

}  // namespace meridian::record
