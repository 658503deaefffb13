#include "storage/postgres/notification.h"

#include <fcntl.h>
#include <libpq-fe.h>
#include <poll.h>
#include <unistd.h>

#include <array>

#include "base/error.h"
#include "base/freed.h"
#include "base/log.h"
#include "storage/postgres/connection.h"
#include "storage/postgres/error.h"

namespace meridian::storage::postgres {
namespace {

using Notification = std::unique_ptr<PGnotify, Freed<PQfreemem>>;

constexpr int kAgain = 1000;  // milliseconds, until a lost connection is made again
constexpr std::size_t kLongestName = 63;

// Payload: origin, channel and text, each after a blank.
void pass_on(const std::string& payload, Listeners& listeners) {
  const auto first = payload.find(' '), second = payload.find(' ', first + 1);
  if (second == std::string::npos || payload.substr(0, first) == listeners.id()) return;
  listeners.tell(payload.substr(first + 1, second - first - 1), payload.substr(second + 1));
}

void pass_on_all(PGconn* connection, Listeners& listeners) {
  while (const Notification one{PQnotifies(connection)}) pass_on(one->extra, listeners);
}

}  // namespace

std::string channel_of(const std::string& schema) {
  return ("meridian_" + schema).substr(0, kLongestName);
}

std::string notification_of(std::string_view origin, std::string_view channel, std::string_view text) {
  return std::string(origin) + " " + std::string(channel) + " " + std::string(text);
}

NotificationListener::NotificationListener(const DatabaseOptions& options,
                                           std::shared_ptr<Listeners> listeners)
    : options_(options), listeners_(std::move(listeners)) {
  Handle connection = connect();
  if (::pipe2(ends_, O_CLOEXEC) != 0) throw Error(ErrorCode::unavailable, "No pipe can be made");
  thread_ = std::thread([this, raw = connection.release()] { work(Handle(raw)); });
}

NotificationListener::~NotificationListener() {
  ::close(ends_[1]);
  thread_.join();
  ::close(ends_[0]);
}

bool NotificationListener::sleeps(int milliseconds) const {
  pollfd end{ends_[0], POLLIN, 0};
  return ::poll(&end, 1, milliseconds) == 0;
}

NotificationListener::Handle NotificationListener::connect() const {
  Handle connection = connect_to(options_);
  const std::string listen = "LISTEN \"" + channel_of(options_.schema) + "\"";
  const std::unique_ptr<PGresult, Freed<PQclear>> done(PQexec(connection.get(), listen.c_str()));
  if (PQresultStatus(done.get()) != PGRES_COMMAND_OK) throw error_of(*done, "listen to other nodes");
  return connection;
}

void NotificationListener::work(Handle connection) const {
  while (true) {
    try {
      if (!connection) {
        connection = connect();
        listeners_->tell_all();
      }
      return hear(connection.get());
    } catch (const Error& error) {
      log_warning("notifications-lost", {{"reason", error.describe()}});
      connection.reset();
    }
    if (!sleeps(kAgain)) return;
  }
}

void NotificationListener::hear(PGconn* connection) const {
  for (;;) {
    pass_on_all(connection, *listeners_);
    std::array<pollfd, 2> sources{{{PQsocket(connection), POLLIN, 0}, {ends_[0], POLLIN, 0}}};
    ::poll(sources.data(), sources.size(), -1);
    if (sources[1].revents != 0) return;
    if (!PQconsumeInput(connection)) throw connection_error(connection);
  }
}

}  // namespace meridian::storage::postgres
