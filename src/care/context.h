// What the services of this room work with.
#pragma once
#include "archive/archive.h"
#include "care/events.h"
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
};

}  // namespace meridian::care
