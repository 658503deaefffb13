#include "archive/metadata_list.h"

#include "archive/attribute_json.h"
#include "archive/kept_metadata.h"
#include "archive/request_attributes.h"
#include "base/error.h"
#include "base/log.h"

namespace meridian::archive {
namespace {

using BaseOf = std::function<std::string(const InstanceFacts&)>;

// In kept metadata, in place of where an instance is served from. Quotes within a text are escaped, so that
// none of them looks like this.
constexpr const char* kAnyBase = "\x01";
constexpr std::size_t kBaseBytes = 256;  // about what a base has
constexpr std::string_view kUri = "\"BulkDataURI\":\"", kEscapedBase = "\\u0001";

void append_with_base(std::string& out, std::string_view text, const std::string& base) {
  std::size_t from = 0;
  for (auto at = text.find(kEscapedBase); at != std::string_view::npos; at = text.find(kEscapedBase, from)) {
    const std::string_view before = text.substr(0, at);
    from = at + kEscapedBase.size();
    if (!before.ends_with(kUri)) continue;
    out.append(before).append(base);
    text.remove_prefix(from);
    from = 0;
  }
  out.append(text);
}

void append_series(storage::Database& database, const Archive& archive,
                   std::span<const InstanceFacts> instances, const BaseOf& bulk_data_base, std::string& out) {
  const std::string series = instances.front().key.series;
  KeptMetadata kept =
      database.read([&](storage::Connection& connection) { return KeptMetadata(connection, series); });
  out.reserve(out.size() + kept.bytes() + instances.size() * kBaseBytes);
  std::optional<std::unordered_map<std::string, std::string>> digests;  // once something is made anew
  for (const InstanceFacts& facts : instances) {
    auto text = kept.find(facts.key.instance);
    if (!text) {
      if (!digests)
        digests =
            database.read([&](storage::Connection& connection) { return digests_of(connection, series); });
      text = kept.add(facts.key.instance, (*digests)[facts.key.instance],
                      archive.metadata(facts.key.instance, kAnyBase).dump());
    }
    if (out.size() > 1) out += ',';
    append_with_base(out, *text, bulk_data_base(facts));
  }
  if (digests) database.write([&](storage::Transaction& transaction) { kept.keep(transaction); });
}

void take_from_metadata(const Json& metadata, InstanceFacts& facts) {
  facts.requests = read_request_attributes(metadata);
  facts.performed_date = first_value(metadata, "00400244");
  facts.performed_time = first_value(metadata, "00400245");
  facts.timezone = first_value(metadata, "00080201");
}

}  // namespace

std::string metadata_list(storage::Database& database, const Archive& archive,
                          std::span<const InstanceFacts> instances, const BaseOf& bulk_data_base) {
  std::string out = "[";
  while (!instances.empty()) {
    std::size_t size = 1;
    while (size < instances.size() && instances[size].key.series == instances.front().key.series) ++size;
    append_series(database, archive, instances.first(size), bulk_data_base, out);
    instances = instances.subspan(size);
  }
  return out += ']';
}

std::optional<std::string> read_orders(storage::Database& database, const Archive& archive,
                                       const std::string& after, std::int64_t most) {
  const auto unread =
      database.read([&](storage::Connection& connection) { return unread_series(connection, after, most); });
  for (const auto& [series, instance] : unread) {
    InstanceFacts facts;
    facts.key.series = series;
    try {
      if (!instance.empty()) take_from_metadata(archive.metadata(instance, {}), facts);
    } catch (const Error& error) {
      log_warning("orders-of-series-not-read", {{"series", series}, {"reason", error.describe()}});
      if (error.code() != ErrorCode::corrupted) continue;  // its bytes are not here, perhaps later
    }
    database.write([&](storage::Transaction& transaction) { keep_read_requests(transaction, facts); });
  }
  return unread.empty() ? std::nullopt : std::optional(unread.back().first);
}

}  // namespace meridian::archive
