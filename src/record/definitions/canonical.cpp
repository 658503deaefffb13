#include "record/definitions/canonical.h"

#include <zlib.h>

#include <algorithm>
#include <list>
#include <mutex>
#include <span>

#include "base/error.h"
#include "record/definitions/canonical_table.h"

namespace meridian::record {
namespace {

using tables::PackedDefinition;

constexpr std::size_t kMostKept = 64;

std::span<const PackedDefinition> all() {
  return {tables::kPackedDefinitions, tables::kPackedDefinitionCount};
}

Json unpack(const PackedDefinition& packed) {
  std::string text(packed.size, '\0');
  uLongf size = packed.size;
  const int result = ::uncompress(reinterpret_cast<Bytef*>(text.data()), &size,
                                  meridian_packed_definitions + packed.offset, packed.packed);
  if (result != Z_OK || size != packed.size)
    throw Error(ErrorCode::corrupted, "A definition of FHIR's cannot be unpacked", std::string(packed.url));
  return Json::parse(text);
}

// The last ones asked for, the newest first.
class Kept {
 public:
  std::shared_ptr<const Json> find(const PackedDefinition& packed) {
    const std::lock_guard lock(mutex_);
    const auto found = std::ranges::find(entries_, &packed, &Entry::packed);
    if (found == entries_.end()) return nullptr;
    entries_.splice(entries_.begin(), entries_, found);
    return found->resource;
  }
  void add(const PackedDefinition& packed, std::shared_ptr<const Json> resource) {
    const std::lock_guard lock(mutex_);
    entries_.push_front({&packed, std::move(resource)});
    if (entries_.size() > kMostKept) entries_.pop_back();
  }

 private:
  struct Entry {
    const PackedDefinition* packed;
    std::shared_ptr<const Json> resource;
  };
  std::mutex mutex_;
  std::list<Entry> entries_;
};

}  // namespace

std::string_view url_of_canonical(std::string_view canonical) {
  return canonical.substr(0, canonical.find('|'));
}

std::shared_ptr<const Json> find_definition(std::string_view type, std::string_view url) {
  static Kept kept;
  const std::pair wanted(type, url_of_canonical(url));
  const auto key = [](const PackedDefinition& packed) { return std::pair(packed.type, packed.url); };
  const auto found = std::ranges::lower_bound(all(), wanted, {}, key);
  if (found == all().end() || key(*found) != wanted) return nullptr;
  if (auto resource = kept.find(*found)) return resource;
  auto resource = std::make_shared<const Json>(unpack(*found));
  kept.add(*found, resource);
  return resource;
}

std::vector<std::string_view> definition_urls(std::string_view type) {
  std::vector<std::string_view> urls;
  for (const PackedDefinition& packed : all())
    if (packed.type == type) urls.push_back(packed.url);
  return urls;
}

}  // namespace meridian::record
