#include "doors/dimse/dimse_server.h"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <set>
#include <thread>

#include "base/error.h"
#include "base/log.h"
#include "base/metrics.h"
#include "doors/dimse/association.h"
#include "doors/dimse/session.h"
#include "doors/dimse/socket.h"

namespace meridian::doors::dimse {
namespace {

// PS3.5, 6.2: at most 16 characters of the default repertoire, no backslash, not all spaces.
void check_ae_title(const std::string& title) {
  const bool printable =
      std::ranges::all_of(title, [](char c) { return c >= 0x20 && c < 0x7F && c != '\\'; });
  if (!title.empty() && title.size() <= 16 && printable && title.front() != ' ' && title.back() != ' ')
    return;
  throw Error(ErrorCode::invalid_configuration, "This is not an AE title: \"" + title + "\"", {},
              "An AE title has 1 to 16 ASCII characters, no backslash, and no space at either end");
}

}  // namespace

struct DimseServer::State {
  State(const DimseOptions& options, StoreHandler store, QueryHandler query)
      : options(options),
        store(std::move(store)),
        query(std::move(query)),
        listener(options.address, options.port),
        thread([this] { listen(); }) {}
  ~State() { stop(); }

  void listen() {
    while (auto accepted = listener.accept()) {
      if (!begin_association()) {
        reject_for_now(accepted->socket);
        count("meridian_dicom_associations_total", {{"outcome", "limit"}});
        continue;
      }
      start(std::make_shared<Accepted>(std::move(*accepted)));
    }
  }

  void start(const std::shared_ptr<Accepted>& connection) {
    try {
      std::thread([this, connection] {
        serve(std::move(*connection));
        end_association();
      }).detach();
    } catch (const std::system_error& error) {  // no more threads
      log_error("dicom-association-failed", {{"reason", error.what()}});
      reject_for_now(connection->socket);
      end_association();
    }
  }

  bool begin_association() {
    const std::lock_guard lock(mutex);
    if (stopping || running >= options.largest_number_of_associations) return false;
    ++running;
    return true;
  }

  void end_association() {
    const std::lock_guard lock(mutex);
    --running;
    ended.notify_all();
  }

  void serve(Accepted connection) {
    // A second descriptor of the same connection, by which stop() can end it whoever owns the first.
    const Socket control(dup(connection.socket.descriptor()));
    if (!enter(control.descriptor())) return;
    try {
      converse(std::move(connection));
    } catch (const std::exception& error) {
      log_error("dicom-association-failed", {{"reason", error.what()}});
    }
    leave(control.descriptor());
  }

  void converse(Accepted connection) {
    if (!wait_for_association_request(connection.socket, options.handshake)) {
      count("meridian_dicom_associations_total", {{"outcome", "not-dicom"}});
      return;
    }
    const auto association = Association::accept(std::move(connection.socket), std::move(connection.address),
                                                 options, bool(query));
    count("meridian_dicom_associations_total", {{"outcome", association ? "accepted" : "rejected"}});
    if (association) Session(*association, options, store, query).run();
  }

  bool enter(int descriptor) {
    const std::lock_guard lock(mutex);
    if (stopping) return false;
    connections.insert(descriptor);
    return true;
  }

  void leave(int descriptor) {
    const std::lock_guard lock(mutex);
    connections.erase(descriptor);
  }

  void stop() {
    {
      const std::lock_guard lock(mutex);
      stopping = true;
      for (const int descriptor : connections) shutdown(descriptor, SHUT_RDWR);
    }
    listener.stop();
    if (thread.joinable()) thread.join();
    std::unique_lock lock(mutex);
    ended.wait(lock, [this] { return running == 0; });
  }

  const DimseOptions options;
  const StoreHandler store;
  const QueryHandler query;
  Listener listener;
  std::mutex mutex;
  std::condition_variable ended;
  std::set<int> connections;
  int running = 0;
  bool stopping = false;
  std::thread thread;  // last: it uses the others
};

DimseServer::DimseServer(const DimseOptions& options, StoreHandler store, QueryHandler query) {
  check_ae_title(options.ae_title);
  std::ranges::for_each(options.calling_ae_titles, check_ae_title);
  state_ = std::make_unique<State>(options, std::move(store), std::move(query));
}

DimseServer::~DimseServer() = default;

std::uint16_t DimseServer::port() const {
  return state_->listener.port();
}

void DimseServer::stop() {
  state_->stop();
}

}  // namespace meridian::doors::dimse
