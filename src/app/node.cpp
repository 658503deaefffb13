#include "app/node.h"

#include <condition_variable>
#include <csignal>
#include <mutex>

#include "app/dicom_callers.h"
#include "app/dicom_options.h"
#include "archive/metadata_list.h"
#include "base/error.h"
#include "base/log.h"
#include "care/drop_folder.h"
#include "doors/dimse/dimse_server.h"
#include "doors/http/routes.h"
#include "doors/http/server.h"

namespace meridian::app {
namespace {

std::string scheme(const Configuration& configuration) {
  return configuration.http_tls ? "https://" : "http://";
}

std::string public_url(const Configuration& configuration) {
  if (!configuration.http_public_url.empty()) return configuration.http_public_url;
  return scheme(configuration) + configuration.http_address + ":" + std::to_string(configuration.http_port);
}

doors::http::ServerOptions server_options(const Configuration& configuration, const NodeFolder& folder) {
  doors::http::ServerOptions options;
  options.address = configuration.http_address;
  options.port = configuration.http_port;
  options.spool_folder = folder.spool();
  options.threads = configuration.http_threads;
  options.workers = configuration.http_workers;
  if (!configuration.http_tls) return options;
  options.certificate = configuration.http_certificate;
  options.key = configuration.http_key;
  if (!options.certificate.empty()) return options;
  const trust::CertificateFiles made = own_certificate(folder);
  options.certificate = made.certificate;
  options.key = made.key;
  return options;
}

sigset_t stop_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  return signals;
}

// What comes from devices and folders, which do not sign in.
care::Origin origin_of(const std::string& door, const std::string& display, const std::string& organization) {
  trust::Principal device;
  device.user = door;
  device.display = display;
  device.role = trust::Role::device;
  device.organization = organization;
  return {device, door, organization, ""};
}

trust::LedgerEntry read_entry(const char* kind, const std::string& patient, const std::string& entity) {
  trust::LedgerEntry entry;
  entry.action = "R";
  entry.kind = kind;
  entry.patient = patient;
  entry.entity = entity;
  return entry;
}

// A start that ends early is gone on with by the next.
void read_orders(Core& core, const std::stop_token& stop) {
  constexpr std::int64_t kAtOnce = 50;  // series
  try {
    std::optional<std::string> last = std::string();
    while (last && !stop.stop_requested())
      last = archive::read_orders(*core.database, core.archive, *last, kAtOnce);
  } catch (const Error& error) {
    log_error("orders-not-read", {{"reason", error.describe()}});
  }
}

// Once a day, the first time at the start.
void remove_expired(Core& core, const std::vector<care::RetentionRule>& rules, const std::stop_token& stop) {
  constexpr auto kDay = std::chrono::hours(24);
  std::mutex mutex;
  std::condition_variable_any stopped;
  while (!stop.stop_requested()) {
    try {
      const std::size_t removed = core.care.remove_expired(rules, [&] { return stop.stop_requested(); });
      if (removed > 0) log_info("studies-removed", {{"count", std::int64_t(removed)}});
    } catch (const Error& error) {
      log_error("retention-not-applied", {{"reason", error.describe()}});
    }
    std::unique_lock lock(mutex);
    stopped.wait_for(lock, stop, kDay, [] { return false; });
  }
}

}  // namespace

struct Node::Doors {
  Doors(const Configuration& configuration, Core& core)
      : dispatcher(router, core.identity, doors::http::CrossOrigin(configuration.http_web_origins)) {
    doors::http::add_routes(router,
                            {*core.database, core.queue, core.ledger, core.identity, core.record,
                             core.archive, core.registry, core.care},
                            std::uint64_t(configuration.http_largest_body_megabytes) << 20);
    server.emplace(server_options(configuration, core.folder), dispatcher);
    if (configuration.dicom_enabled) open_dicom(configuration, core);
    if (!configuration.drop_folder.empty()) watch(configuration, core);
  }

  void open_dicom(const Configuration& configuration, Core& core) {
    const auto origin = [callers = dicom_callers_of(configuration.dicom_callers),
                         rest = configuration.dicom_organization](const doors::dimse::PeerFacts& peer) {
      const auto known = callers.find(peer.calling_ae_title);
      return origin_of("dimse", peer.calling_ae_title + " at " + peer.address,
                       known == callers.end() ? rest : known->second.organization);
    };
    const auto store = [&core, origin](std::string bytes, const doors::dimse::PeerFacts& peer) {
      const care::Taken taken = core.care.intake.receive(std::move(bytes), origin(peer));
      return taken.damage.empty() ? std::uint16_t{0} : doors::dimse::kStoredWithFlaws;
    };
    doors::dimse::DimseHandlers handlers{.store = store, .query = {}};
    const doors::dimse::DimseOptions options = dimse_options(configuration, core.folder);
    // Only callers that the configuration binds to an organization may ask what is here.
    if (!configuration.dicom_callers.empty()) {
      add_retrieval(handlers, core, origin);
      add_orders(handlers, core, origin);
      keep_commitments(handlers, core, origin, options.destinations);
    }
    dicom.emplace(options, std::move(handlers));
  }

  template <class Origin>
  static void add_retrieval(doors::dimse::DimseHandlers& handlers, Core& core, const Origin& origin) {
    handlers.query = [&core, origin](const archive::Query& asked, const doors::dimse::PeerFacts& peer) {
      const trust::Principal device = origin(peer).principal;
      core.ledger.append_soon(device, read_entry("dicom.search", {}, "studies"));
      return core.care.find_images(device, asked).matches;
    };
    handlers.read = [&core, origin](const std::string& instance, const doors::dimse::PeerFacts& peer) {
      const trust::Principal device = origin(peer).principal;
      const std::string patient = core.database->read([&](storage::Connection& connection) {
        return care::visible_patient(connection, device, instance);
      });
      core.ledger.append_soon(device, read_entry("dicom.retrieve", patient, instance));
      return core.archive.bytes(instance);
    };
  }

  template <class Origin>
  void keep_commitments(doors::dimse::DimseHandlers& handlers, Core& core, const Origin& origin,
                        const std::vector<doors::dimse::DimsePeer>& destinations) {
    commitments.emplace(*core.database, core.queue, destinations,
                        [&core, origin](const std::string& sop_class, const std::string& instance,
                                        const doors::dimse::PeerFacts& peer) {
                          return core.care.intake.commit(origin(peer).principal, sop_class, instance);
                        });
    commitments->start();
    handlers.commitments = &*commitments;
  }

  template <class Origin>
  static void add_orders(doors::dimse::DimseHandlers& handlers, Core& core, const Origin& origin) {
    handlers.worklist = [&core, origin](const std::vector<archive::QueryKey>& keys,
                                        const doors::dimse::PeerFacts& peer) {
      const trust::Principal device = origin(peer).principal;
      core.ledger.append_soon(device, read_entry("dicom.worklist", {}, "orders"));
      return core.care.modality_worklist.find(device, peer.calling_ae_title, keys);
    };
    handlers.begin_step = [&core, origin](const std::string& uid, const Json& attributes,
                                          const doors::dimse::PeerFacts& peer) {
      core.care.procedure_steps.begin(origin(peer).principal, uid, attributes);
    };
    handlers.update_step = [&core, origin](const std::string& uid, const Json& attributes,
                                           const doors::dimse::PeerFacts& peer) {
      core.care.procedure_steps.update(origin(peer).principal, uid, attributes);
    };
  }

  void watch(const Configuration& configuration, Core& core) {
    drop.emplace(configuration.drop_folder,
                 [&core, origin = origin_of("drop-folder", configuration.drop_folder,
                                            configuration.drop_organization)](
                     const std::vector<archive::NamedBytes>& files) {
                   core.care.intake.receive_files(files, origin);
                 });
    drop->start();
  }

  doors::http::Router router;
  doors::http::Dispatcher dispatcher;
  std::optional<doors::http::Server> server;
  std::optional<doors::dimse::Commitments> commitments;
  std::optional<doors::dimse::DimseServer> dicom;
  std::optional<care::DropFolder> drop;
};

Node::Node(const Configuration& configuration) : configuration_(configuration) {
  const sigset_t signals = stop_signals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);  // in every thread that is made from here on
  core_ = std::make_unique<Core>(configuration, public_url(configuration) + "/fhir");
}

Node::~Node() {
  stop();
}

Core& Node::core() {
  return *core_;
}

void Node::start() {
  if (const std::size_t swept = core_->archive.sweep())
    log_info("blobs-swept", {{"count", std::int64_t(swept)}});
  doors_ = std::make_unique<Doors>(configuration_, *core_);
  core_->start();
  orders_ = std::jthread([this](const std::stop_token& stop) { read_orders(*core_, stop); });
  const auto rules = care::retention_rules_of(configuration_.archive_retention);
  if (configuration_.archive_retention_apply && !rules.empty())
    retention_ =
        std::jthread([this, rules](const std::stop_token& stop) { remove_expired(*core_, rules, stop); });
}

void Node::stop() {
  if (!doors_) return;
  orders_ = {};  // stops it
  retention_ = {};
  if (doors_->drop) doors_->drop->stop();
  if (doors_->dicom) doors_->dicom->stop();
  if (doors_->commitments) doors_->commitments->stop();
  doors_->server->stop();
  core_->stop();
  doors_.reset();
}

void Node::run_until_signal() {
  const sigset_t signals = stop_signals();
  int received = 0;
  sigwait(&signals, &received);
  log_info("stopping", {{"signal", received}});
  stop();
}

std::string Node::address() const {
  return scheme(configuration_) + configuration_.http_address + ":" + std::to_string(http_port()) + "/";
}

int Node::http_port() const {
  return doors_->server->port();
}

int Node::dicom_port() const {
  return doors_->dicom ? doors_->dicom->port() : 0;
}

}  // namespace meridian::app
