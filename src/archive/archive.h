// DICOM instances: taken in, indexed, found, and given back as metadata, frames or pictures.
#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/json.h"
#include "storage/blob_store.h"
#include "storage/database.h"

namespace meridian::archive {

struct InstanceKey {
  std::string study, series, instance;  // UIDs
  friend bool operator==(const InstanceKey&, const InstanceKey&) = default;
};

// What an instance says of itself: enough to file it and to choose an assistant.
struct InstanceFacts {
  InstanceKey key;
  std::string sop_class, transfer_syntax;
  std::string modality, body_part, view_position, study_description, series_description;
  std::string patient_id, issuer_of_patient_id, patient_name, patient_birth_date, patient_sex;  // as in DICOM
  std::string accession_number;
  std::string study_datetime;  // FHIR dateTime, as exact as the file is; empty when it says none
  int series_number = 0, instance_number = 0, frames = 1, rows = 0, columns = 0;
};

// Parsed, checked, its bytes durable in the blob store; not yet in the index.
struct Received {
  InstanceFacts facts;
  std::string digest;
  std::uint64_t size = 0;
};

enum class Filed { stored, duplicate };

struct RenderOptions {
  int frame = 1;                        // counts from 1
  std::optional<double> center, width;  // VOI window; else the file's own, else the range of its values
  int max_width = 0, max_height = 0;    // viewport, 0: as it is
  bool invert = false;
  std::string media_type = "image/jpeg";  // or image/png
  int quality = 90;
};

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
  // UID is missing), too_large. Then writes the blob. No transaction is open meanwhile.
  Received receive(std::string bytes) const;
  // Files what was received. A second instance of the same UID and content is a duplicate; of the same UID
  // and other content throws conflict and is reported, never mixed.
  Filed file(storage::Transaction& transaction, const Received& received) const;
  void remove(storage::Transaction& transaction, const InstanceKey& key) const;

  std::vector<InstanceFacts> instances(const std::string& study, const std::string& series = {}) const;
  std::optional<InstanceFacts> find(const std::string& instance_uid) const;
  // The DICOM file as it came. Throws not_found, corrupted.
  std::string bytes(const std::string& instance_uid) const;
  // DICOM JSON (PS3.18 F), bulk data left out with its URI below the base.
  Json metadata(const std::string& instance_uid, const std::string& bulk_data_base) const;
  // A frame as stored, or decoded to explicit VR little endian.
  Frame frame(const std::string& instance_uid, int number, bool decoded) const;
  std::string render(const std::string& instance_uid, const RenderOptions& options) const;
  std::int64_t size() const;  // instances

 private:
  storage::Database& database_;
  storage::BlobStore& blobs_;
};

}  // namespace meridian::archive
