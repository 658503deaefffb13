#include "app/core.h"

#include "app/live_sources.h"
#include "app/node_database.h"
#include "app/slide_process.h"
#include "assistants/assistants.h"
#include "base/text.h"
#include "engine/inference/runtime.h"
#include "record/bulk/bulk_data.h"
#include "trust/access.h"

namespace meridian::app {
namespace {

NodeFolder prepared(const Configuration& configuration) {
  NodeFolder folder(configuration.data_folder);
  folder.prepare();
  return folder;
}

std::unique_ptr<storage::Database> open_migrated(const Configuration& configuration,
                                                 const NodeFolder& folder) {
  auto database = storage::open_database(database_options(configuration, folder));
  database->migrate(node_migrations());
  return database;
}

trust::IdentityOptions identity_options(const Configuration& configuration) {
  trust::IdentityOptions options;
  options.idle = std::chrono::minutes(configuration.session_idle_minutes);
  options.longest = std::chrono::hours(configuration.session_hours);
  return options;
}

record::RecordOptions record_options(const Configuration& configuration, const std::string& base_url) {
  record::RecordOptions options;
  options.base_url = base_url;
  options.check_profiles = configuration.fhir_check_profiles;
  options.cross_origin = !trimmed(configuration.http_web_origins).empty();
  for (const std::string_view folder : list_items(configuration.fhir_packages))
    options.packages.emplace_back(folder);
  return options;
}

network::HttpClientOptions client_options(const Configuration& configuration) {
  return {.hosts = network::HostList(configuration.network_subscribers),
          .policy = network::AddressPolicy(configuration.network_allowed),
          .plain = configuration.network_plain,
          .authorities = configuration.network_authorities};
}

// The program itself has no account.
record::AccountNow accounts_of(const trust::Identity& identity) {
  return [&identity](const trust::Principal& kept) {
    return kept.role == trust::Role::system ? std::optional(kept) : identity.principal(kept.user);
  };
}

std::vector<std::unique_ptr<engine::Assistant>> load_assistants(const Configuration& configuration) {
  engine::set_onnxruntime_library(configuration.assistants_onnxruntime);
  return assistants::all();
}

}  // namespace

Core::Core(const Configuration& configuration, const std::string& base_url)
    : folder(prepared(configuration)),
      lock(folder.root()),
      database(open_migrated(configuration, folder)),
      blobs(storage::open_blob_folder(folder.blobs(), std::uint64_t(configuration.archive_segment_megabytes)
                                                          << 20)),
      queue(*database),
      ledger(*database, {.signing_key_file = folder.ledger_key().string(),
                         .checkpoint_every = configuration.ledger_checkpoint_every}),
      identity(*database, ledger, identity_options(configuration)),
      record(*database, ledger, queue, record_options(configuration, base_url)),
      archive(*database, *blobs),
      registry(*database, load_assistants(configuration),
               {.window = configuration.assistants_agreement_window,
                .least = configuration.assistants_least_agreement_percent / 100.0}),
      runner(record, queue, registry, archive, {.workers = configuration.assistants_workers}),
      care({*database, queue, ledger, record, archive, registry, live_sources_of(configuration.live_sources),
            slide_converter(), folder.spool(), folder.owed()}),
      http_client(client_options(configuration)),
      subscribers(record, queue, http_client, {.account = accounts_of(identity)}) {
  care.listen_to(runner);
  record.subscriptions().set_endpoint_rule(
      [hosts = network::HostList(configuration.network_subscribers)](const std::string& endpoint) {
        hosts.require(network::parse_url(endpoint));
      });
}

Core::~Core() {
  stop();
}

void Core::start() {
  runner.start();
  record.bulk().start(accounts_of(identity));
  subscribers.start();
  care.study_updates.start();
  care.monitoring.start();
}

void Core::stop() {
  care.monitoring.stop();
  care.study_updates.stop();
  runner.stop();
  record.bulk().stop();
  subscribers.stop();
  ledger.flush();
  ledger.checkpoint();
}

}  // namespace meridian::app
