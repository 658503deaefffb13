// What the services of this room work with.
#pragma once
#include <filesystem>

#include "archive/archive.h"
#include "care/events.h"
#include "care/slide_conversion.h"
#include "engine/registry.h"
#include "record/record.h"
#include "storage/database.h"
#include "storage/queue.h"
#include "trust/ledger.h"

namespace meridian::care {

struct Context {
  storage::Database& database;
  storage::Queue& queue;
  trust::Ledger& ledger;
  record::Record& record;
  archive::Archive& archive;
  engine::Registry& registry;
  Events& events;
  SlideConverter convert_slide = {};       // empty: only DICOM slides are taken
  std::filesystem::path work_folder = {};  // for what is unpacked on its way in; on the disk of the blobs
  std::filesystem::path owed_folder = {};  // for what monitors say and no database takes; empty: none
};

}  // namespace meridian::care
