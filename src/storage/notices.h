// What writes tell those who wait for it, on all nodes that share a database.
#pragma once
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "storage/database.h"

namespace meridian::storage {

// Once the changes of the transaction are on disk, calls who listens on the channel in all processes that
// share the database; in this one before write() returns. channel: without blanks; it and the text: 7,000
// bytes at most, without NUL.
void tell(Transaction& transaction, std::string_view channel, std::string_view text);

// Calls the function with each text that is told on the channel, on the thread that wrote it or one of the
// database's own, until the result is let go. An empty text: something may have been missed.
std::shared_ptr<void> listen(Database& database, const std::string& channel,
                             std::function<void(std::string_view)> function);

}  // namespace meridian::storage
