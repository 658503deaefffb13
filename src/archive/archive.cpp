#include "archive/archive.h"

#include <utility>

#include "archive/index.h"
#include "archive/metadata.h"
#include "archive/part10.h"
#include "archive/presentation/presentation_state.h"
#include "archive/render.h"
#include "archive/results/repair_segmentation.h"
#include "archive/same_instance.h"
#include "base/error.h"

namespace meridian::archive {
namespace {

Error no_such_instance(const std::string& uid) {
  return Error(ErrorCode::not_found, "The archive has no such instance", "Instance " + uid);
}

Indexed require_indexed(storage::Database& database, const std::string& uid) {
  auto indexed =
      database.read([&](storage::Connection& connection) { return find_indexed(connection, uid); });
  if (!indexed) throw no_such_instance(uid);
  return std::move(*indexed);
}

const TransferSyntax& syntax_of(const std::string& uid) {
  const TransferSyntax* syntax = find_transfer_syntax(uid);
  if (!syntax) throw Error(ErrorCode::corrupted, "The index names an unknown transfer syntax: " + uid);
  return *syntax;
}

// A deflated file cannot be read in parts: it is inflated whole.
StoredImage open_image(const storage::BlobStore& blobs, const Indexed& indexed) {
  const TransferSyntax& syntax = syntax_of(indexed.facts.transfer_syntax);
  if (syntax.deflated) return StoredImage::of_file(blobs.get(indexed.digest));
  return StoredImage(indexed.pixels, syntax, [&blobs, digest = indexed.digest](const Span& span) {
    return blobs.get_range(digest, span.offset, span.size);
  });
}

bool is_segmentation(const Indexed& indexed) {
  return indexed.facts.sop_class == "1.2.840.10008.5.1.4.1.1.66.4" &&
         !syntax_of(indexed.facts.transfer_syntax).encapsulated &&
         !syntax_of(indexed.facts.transfer_syntax).deflated;
}

// What earlier versions made is kept as it is, and given out as viewers need it.
std::string repaired_file(std::string file, const Indexed& indexed) {
  const FileMeta meta = read_file_meta(file);
  const auto repaired = with_plane(std::string_view(file).substr(meta.dataset_offset), *meta.syntax);
  if (!repaired) return file;
  return make_part10(*repaired, indexed.facts.sop_class, indexed.facts.key.instance, meta.syntax->uid);
}

}  // namespace

std::span<const storage::Migration> Archive::migrations() {
  return index_migrations();
}

Archive::Archive(storage::Database& database, storage::BlobStore& blobs)
    : database_(database), blobs_(blobs) {}

Received Archive::receive(std::string bytes) const {
  return receive(parse_instance(std::move(bytes)));
}

Received Archive::receive(Parsed parsed) const {
  std::vector<Parsed> one;
  one.push_back(std::move(parsed));
  return std::move(receive_all(std::move(one)).front());
}

std::vector<Received> Archive::receive_all(std::vector<Parsed> parsed) const {
  std::vector<std::string_view> files;
  files.reserve(parsed.size());
  for (const Parsed& one : parsed) files.push_back(one.file);
  std::vector<std::string> digests = blobs_.put_all(files);
  std::vector<Received> received;
  received.reserve(parsed.size());
  for (std::size_t i = 0; i < parsed.size(); ++i) {
    received.push_back({.facts = std::move(parsed[i].facts),
                        .pixels = std::move(parsed[i].pixels),
                        .flaws = std::move(parsed[i].flaws),
                        .digest = std::move(digests[i]),
                        .size = parsed[i].file.size()});
    compare(received.back());
  }
  return received;
}

void Archive::compare(Received& received) const {
  received.kept.reset();
  const std::string kept = database_.read(
      [&](storage::Connection& connection) { return find_digest(connection, received.facts.key.instance); });
  if (kept.empty() || kept == received.digest) return;
  try {
    const bool is_same = is_same_instance(blobs_.get(kept), blobs_.get(received.digest));
    received.kept = {.digest = kept, .is_same = is_same};
  } catch (const Error& error) {
    if (error.code() != ErrorCode::not_found) throw;  // the one that was there has been removed
  }
}

Filed Archive::file(storage::Transaction& transaction, const Received& received) const {
  const std::string kept = find_digest(transaction, received.facts.key.instance);
  if (!blobs_.contains(
          received.digest))  // removed with another instance of the same bytes, since it was received
    throw Error(ErrorCode::busy, "The instance's bytes were just removed", {}, "Send the instance again");
  if (kept.empty()) {
    insert(transaction, {received.facts, received.pixels, received.flaws, received.digest, received.size});
    return Filed::stored;
  }
  if (kept == received.digest) return Filed::duplicate;
  if (!received.kept || received.kept->digest != kept)
    throw Error(ErrorCode::busy, "An instance of the same SOP Instance UID has just come", {},
                "Send the instance again");
  if (received.kept->is_same) {
    transaction.after_commit([this, digest = received.digest] { remove_unused_blob(digest); });
    return Filed::duplicate;
  }
  throw Error(ErrorCode::conflict,
              "Another instance of the same SOP Instance UID and other content is already kept",
              "Instance " + received.facts.key.instance,
              "The one that is kept stays; give the other a UID of its own");
}

void Archive::replace(storage::Transaction& transaction, const Received& received) const {
  const auto known = find_indexed(transaction, received.facts.key.instance);
  if (known && known->digest != received.digest) remove(transaction, known->facts.key);
  file(transaction, received);
}

void Archive::discard(const Received& received) const {
  remove_unused_blob(received.digest);
}

std::size_t Archive::sweep() const {
  std::vector<std::string> unused;
  database_.read([&](storage::Connection& connection) {
    blobs_.for_each([&](const std::string& digest) {
      if (!uses_blob(connection, digest)) unused.push_back(digest);
    });
  });
  for (const std::string& digest : unused) remove_unused_blob(digest);
  return unused.size();
}

void Archive::remove(storage::Transaction& transaction, const InstanceKey& key) const {
  const auto indexed = find_indexed(transaction, key.instance);
  if (!indexed || !(indexed->facts.key == key)) throw no_such_instance(key.instance);
  erase(transaction, key.instance);
  transaction.after_commit([this, digest = indexed->digest] { remove_unused_blob(digest); });
}

// Within a write, so that no instance of these bytes is filed between the look and the removal.
void Archive::remove_unused_blob(const std::string& digest) const {
  database_.write([&](storage::Transaction& transaction) {
    if (!uses_blob(transaction, digest) && blobs_.contains(digest)) blobs_.remove(digest);
  });
}

std::vector<InstanceFacts> Archive::instances(const std::string& study, const std::string& series) const {
  return database_.read(
      [&](storage::Connection& connection) { return list_instances(connection, study, series); });
}

std::vector<SeriesFacts> Archive::series(storage::Connection& connection, const std::string& study,
                                         std::size_t most_instances) const {
  return list_series(connection, study, most_instances);
}

std::vector<Json> Archive::query(const Query& query) const {
  return database_.read([&](storage::Connection& connection) { return run_query(connection, query); });
}

std::optional<InstanceFacts> Archive::find(const std::string& instance_uid) const {
  auto indexed =
      database_.read([&](storage::Connection& connection) { return find_indexed(connection, instance_uid); });
  return indexed ? std::optional(std::move(indexed->facts)) : std::nullopt;
}

std::string Archive::bytes(const std::string& instance_uid) const {
  const Indexed indexed = require_indexed(database_, instance_uid);
  std::string file = blobs_.get(indexed.digest);
  return is_segmentation(indexed) ? repaired_file(std::move(file), indexed) : file;
}

Json Archive::metadata(const std::string& instance_uid, const std::string& bulk_data_base) const {
  const Indexed indexed = require_indexed(database_, instance_uid);
  const TransferSyntax& syntax = syntax_of(indexed.facts.transfer_syntax);
  if (!syntax.deflated) {
    const PixelLayout& pixels = indexed.pixels;
    std::string header = blobs_.get_range(indexed.digest, pixels.dataset_offset, pixels.header_size);
    if (is_segmentation(indexed))
      if (auto repaired = with_plane(header, syntax)) header = std::move(*repaired);
    return dicom_json(header, syntax, pixels.tag, bulk_data_base);
  }
  const std::string file = inflate_part10(blobs_.get(indexed.digest));
  const FileMeta meta = read_file_meta(file);
  return dicom_json(std::string_view(file).substr(meta.dataset_offset), *meta.syntax, 0, bulk_data_base);
}

std::string Archive::bulk_data(const std::string& instance_uid, const std::string& path) const {
  const std::string file = inflate_part10(bytes(instance_uid));
  const FileMeta meta = read_file_meta(file);
  return bulk_value(std::string_view(file).substr(meta.dataset_offset), *meta.syntax, path);
}

Frame Archive::frame(const std::string& instance_uid, int number, bool decoded) const {
  const StoredImage stored = image(instance_uid);
  const bool as_stored = !decoded && !stored.syntax().big_endian;
  if (as_stored)
    return {stored.stored_frame(number), std::string(stored.syntax().media_type),
            std::string(stored.syntax().uid)};
  return {stored.decoded_frame(number).samples, "application/octet-stream",
          std::string(kExplicitLittleEndian)};
}

std::string Archive::render(const std::string& instance_uid, const RenderOptions& options) const {
  if (options.presentation_state.empty()) return render_frame(image(instance_uid), options);
  const Presentation presentation =
      PresentationState(bytes(options.presentation_state)).of(instance_uid, options.frame);
  return render_frame(image(instance_uid), options, &presentation);
}

std::vector<ShownImage> Archive::shown_by(const std::string& presentation_state) const {
  return PresentationState(bytes(presentation_state)).images();
}

StoredImage Archive::image(const std::string& instance_uid) const {
  return open_image(blobs_, require_indexed(database_, instance_uid));
}

std::int64_t Archive::size() const {
  return database_.read([](storage::Connection& connection) { return count_instances(connection); });
}

}  // namespace meridian::archive
