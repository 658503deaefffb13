#include "storage/attempt.h"

namespace meridian::storage {

void attempt(Transaction& transaction, const std::function<void()>& function) {
  transaction.execute("SAVEPOINT attempt");  // what was sent before is answered here, and is no part of it
  try {
    function();
  } catch (...) {
    transaction.execute("ROLLBACK TO attempt");
    transaction.execute("RELEASE attempt");
    throw;
  }
  transaction.send("RELEASE attempt", {});
}

}  // namespace meridian::storage
