// An archive in a folder of its own, and small DICOM files to put into it.
#pragma once
#include <gtest/gtest.h>

#include <filesystem>
#include <memory>

#include "archive/archive.h"
#include "archive/compose.h"
#include "base/error_of.h"
#include "base/id.h"
#include "base/temporary_folder.h"
#include "storage/test_database.h"

namespace meridian::archive {

// A grey ramp from black at the left to white at the right.
inline vision::GreyImage ramp(int width, int height) {
  vision::GreyImage image{.width = width, .height = height, .spacing = 0.2};
  for (int i = 0; i < width * height; ++i)
    image.pixels.push_back(float(i % width) / float(std::max(1, width - 1)));
  return image;
}

inline FilmFacts film_facts() {
  FilmFacts facts;
  facts.patient_id = "P-1";
  facts.patient_name = "Wang^Xiuying=王^秀英";
  facts.birth_date = "19610203";
  facts.sex = "F";
  facts.study_uid = new_dicom_uid();
  facts.series_uid = new_dicom_uid();
  facts.instance_uid = new_dicom_uid();
  facts.accession_number = "A-17";
  facts.taken = parse_instant("2026-11-24T08:30:00Z");
  return facts;
}

class ArchiveTest : public ::testing::Test {
 protected:
  ArchiveTest() {
    database_ = storage::open_database(
        storage::test_database({.path = folder_ / "meridian.db", .synchronous = false}));
    database_->migrate(Archive::migrations());
    blobs_ = storage::open_blob_folder(folder_ / "blobs", std::uint64_t(4) << 20);
    archive_ = std::make_unique<Archive>(*database_, *blobs_);
  }

  Filed store(std::string bytes) {
    const Received received = archive_->receive(std::move(bytes));
    return database_->write(
        [&](storage::Transaction& transaction) { return archive_->file(transaction, received); });
  }
  std::size_t blob_count() const {
    std::size_t count = 0;
    blobs_->for_each([&](const std::string&) { ++count; });
    return count;
  }

  TemporaryFolder folder_;
  std::unique_ptr<storage::Database> database_;
  std::unique_ptr<storage::BlobStore> blobs_;
  std::unique_ptr<Archive> archive_;
};

}  // namespace meridian::archive
