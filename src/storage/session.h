// One connection to a database with the transaction that is open on it: what group commit and the pool of
// readers need of an engine. Used by one thread at a time.
#pragma once
#include "base/error.h"
#include "storage/database.h"
#include "storage/rows.h"

namespace meridian::storage {

class Session : public Connection {
 public:
  virtual void begin() = 0;
  // Throws when what was written is not kept.
  virtual void commit() = 0;
  // Undoes what is open, if anything is.
  virtual void roll_back() noexcept = 0;
  // False once an error has ended the transaction early.
  virtual bool in_transaction() const = 0;
  // What the other writes of a transaction that ended early are told.
  virtual Error ended_early() const = 0;
  // As Transaction::send.
  virtual void send(std::string_view sql, std::span<const Value> values) = 0;
  virtual void send_rows(const Rows& rows) = 0;
  virtual void send_late(std::string_view table, std::string_view sql, std::span<const Value> values) = 0;
  // A part of the transaction, one at a time, that can be undone without the rest.
  virtual void begin_part() { send("SAVEPOINT one", {}); }
  virtual void keep_part() { execute("RELEASE one"); }
  virtual void undo_part() {
    execute("ROLLBACK TO one");
    execute("RELEASE one");
  }
  // As tell (notices.h), for other databases than the origin that share what this one keeps.
  virtual void tell_others(std::string_view origin, std::string_view channel, std::string_view text) = 0;
  // Throws what became of all that was sent.
  virtual void settle() = 0;
};

}  // namespace meridian::storage
