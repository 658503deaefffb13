// One connection to a database with the transaction that is open on it: what group commit and the pool of
// readers need of an engine. Used by one thread at a time.
#pragma once
#include "base/error.h"
#include "storage/database.h"

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
  // Throws what became of all that was sent.
  virtual void settle() = 0;
};

}  // namespace meridian::storage
