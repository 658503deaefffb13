// DICOM instances: taken in, indexed, found, and given back as metadata, frames or pictures.
#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "archive/instance.h"
#include "archive/parse.h"
#include "archive/pixel_layout.h"
#include "archive/pixels.h"
#include "archive/query.h"
#include "archive/stored_image.h"
#include "base/json.h"
#include "storage/blob_store.h"
#include "storage/database.h"

namespace meridian::archive {

// Parsed, checked, its bytes durable in the blob store; not yet in the index.
struct Received {
  InstanceFacts facts;
  PixelLayout pixels;
  std::vector<std::string> flaws;  // what is damaged or unusual in it, in words; kept with it
  std::string digest;
  std::uint64_t size = 0;
  // The instance of its UID and other bytes that was there when they were compared.
  struct Kept {
    std::string digest;
    bool is_same = false;  // in another file, or encoded in another way (same_instance.h)
  };
  std::optional<Kept> kept = {};
};

enum class Filed { stored, duplicate };

struct Frame {
  std::string bytes;
  std::string media_type;  // application/octet-stream, image/jpeg, image/jls, image/jp2
  std::string transfer_syntax;
};

class Archive {
 public:
  static std::span<const storage::Migration> migrations();
  Archive(storage::Database& database, storage::BlobStore& blobs);

  // Parses and checks: throws invalid_syntax (not DICOM, cut short, lengths that lie), invalid_structure (a
  // UID is missing), too_large. Then writes the blob, and compares. No transaction is open meanwhile.
  Received receive(std::string bytes) const;
  // The same of what is parsed already.
  Received receive(Parsed parsed) const;
  // The same of several, whose blobs are written together.
  std::vector<Received> receive_all(std::vector<Parsed> parsed) const;
  // Compares what was received with the instance of its UID, if one is kept by now. Within no transaction:
  // it may have to decode both.
  void compare(Received& received) const;
  // Files what was received. A second instance of the same UID and content is a duplicate; of the same UID
  // and other content throws conflict and is reported, never mixed; throws busy where one has come since they
  // were compared. The bytes of a duplicate that came in another file go after the commit.
  Filed file(storage::Transaction& transaction, const Received& received) const;
  // Files what was received in place of an earlier instance of its UID, if there is one: for objects that
  // this program makes anew, not for what others send. Throws conflict as file() does for the other UIDs.
  void replace(storage::Transaction& transaction, const Received& received) const;
  // What was received and could not be filed: its bytes go, unless an instance has them. Within no
  // transaction.
  void discard(const Received& received) const;
  // Removes the blobs that no instance has: a crash between receive() and file() leaves them. Gives how many
  // there were. Nothing may be received meanwhile.
  std::size_t sweep() const;
  // Its bytes go after the commit, unless another instance has the same. Throws not_found.
  void remove(storage::Transaction& transaction, const InstanceKey& key) const;

  std::vector<InstanceFacts> instances(const std::string& study, const std::string& series = {}) const;
  // The series of a study as the connection sees them, at most so many instances of each.
  std::vector<SeriesFacts> series(storage::Connection& connection, const std::string& study,
                                  std::size_t most_instances) const;
  std::vector<Json> query(const Query& query) const;
  std::optional<InstanceFacts> find(const std::string& instance_uid) const;
  // The DICOM file as it came. Throws not_found, corrupted.
  std::string bytes(const std::string& instance_uid) const;
  // DICOM JSON (PS3.18 F), bulk data left out with its URI below the base.
  Json metadata(const std::string& instance_uid, const std::string& bulk_data_base) const;
  // The value that a URI of metadata() names: path is what follows the base, without its first slash. Throws
  // not_found.
  std::string bulk_data(const std::string& instance_uid, const std::string& path) const;
  // A frame as stored, or decoded to explicit VR little endian.
  Frame frame(const std::string& instance_uid, int number, bool decoded) const;
  // Throws what render_frame() throws, and what is wrong with the presentation state that is applied: it is
  // not there, none, or does not refer to that frame.
  std::string render(const std::string& instance_uid, const RenderOptions& options) const;
  // What a presentation state refers to; the images may be elsewhere.
  std::vector<ShownImage> shown_by(const std::string& presentation_state) const;
  // The instance's image, of which frames are read one at a time for as long as the archive lives.
  StoredImage image(const std::string& instance_uid) const;
  std::int64_t size() const;  // instances

 private:
  void remove_unused_blob(const std::string& digest) const;

  storage::Database& database_;
  storage::BlobStore& blobs_;
};

}  // namespace meridian::archive
