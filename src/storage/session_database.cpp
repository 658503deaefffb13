#include "storage/session_database.h"

#include "storage/notices.h"
#include "storage/session_transaction.h"

namespace meridian::storage {

void send_rows(Transaction& transaction, const Rows& rows) {
  dynamic_cast<SessionTransaction&>(transaction).send_rows(rows);
}

void send_late(Transaction& transaction, std::string_view table, std::string_view sql,
               std::span<const Value> values) {
  dynamic_cast<SessionTransaction&>(transaction).send_late(table, sql, values);
}

void tell(Transaction& transaction, std::string_view channel, std::string_view text) {
  dynamic_cast<SessionTransaction&>(transaction).tell(channel, text);
}

std::shared_ptr<void> listen(Database& database, const std::string& channel,
                             std::function<void(std::string_view)> function) {
  return dynamic_cast<SessionDatabase&>(database).listen(channel, std::move(function));
}

}  // namespace meridian::storage
