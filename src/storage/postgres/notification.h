// What nodes that share a PostgreSQL tell each other, by its NOTIFY.
#pragma once
#include <libpq-fe.h>

#include <memory>
#include <string>
#include <string_view>
#include <thread>

#include "base/freed.h"
#include "storage/database.h"
#include "storage/listeners.h"

namespace meridian::storage::postgres {

// PostgreSQL's channel of all that share a schema.
std::string channel_of(const std::string& schema);
// Its payload. The origin has told its own listeners already.
std::string notification_of(std::string_view origin, std::string_view channel, std::string_view text);

// Hears what others tell, on a connection and a thread of its own. A connection that is lost is made
// again; what was told meanwhile is missed, so that all are told to look.
class NotificationListener {
 public:
  // Hears from when it is made. Throws unavailable.
  NotificationListener(const DatabaseOptions& options, std::shared_ptr<Listeners> listeners);
  ~NotificationListener();
  NotificationListener(const NotificationListener&) = delete;
  NotificationListener& operator=(const NotificationListener&) = delete;

 private:
  using Handle = std::unique_ptr<PGconn, Freed<PQfinish>>;

  Handle connect() const;
  void work(Handle connection) const;
  // Until the connection is lost (throws) or this is to end.
  void hear(PGconn* connection) const;
  bool sleeps(int milliseconds) const;  // false when this is to end

  const DatabaseOptions options_;
  const std::shared_ptr<Listeners> listeners_;
  int ends_[2] = {-1, -1};  // of a pipe: closed to end
  std::thread thread_;
};

}  // namespace meridian::storage::postgres
