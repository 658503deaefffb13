// A node without its doors: every room opened over one folder, wired together.
#pragma once
#include <memory>

#include "app/configuration.h"
#include "app/node_folder.h"
#include "app/node_lock.h"
#include "archive/archive.h"
#include "care/care.h"
#include "engine/registry.h"
#include "engine/runner.h"
#include "network/http_client.h"
#include "network/subscription_delivery.h"
#include "record/record.h"
#include "storage/blob_store.h"
#include "storage/database.h"
#include "storage/queue.h"
#include "trust/identity.h"
#include "trust/ledger.h"

namespace meridian::app {

class Core {
 public:
  // Makes the folder when it is missing, brings the schema up to date. base_url: of FHIR, in the resources it
  // serves. Throws busy, unavailable, corrupted, invalid_configuration.
  Core(const Configuration& configuration, const std::string& base_url);
  ~Core();

  // Starts the workers that run assistants, do bulk work and tell subscribers.
  void start();
  // Ends them, and signs the ledger's last entries.
  void stop();

  const NodeFolder folder;
  const NodeLock lock;
  const std::unique_ptr<storage::Database> database;
  const std::unique_ptr<storage::BlobStore> blobs;
  storage::Queue queue;
  trust::Ledger ledger;
  trust::Identity identity;
  record::Record record;
  archive::Archive archive;
  engine::Registry registry;
  engine::Runner runner;
  care::Care care;
  const network::HttpClient http_client;
  network::SubscriptionDelivery subscribers;
};

}  // namespace meridian::app
