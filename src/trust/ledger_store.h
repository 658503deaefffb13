// The ledger's table: how an entry is written, hashed and read. Only for the source files of this room.
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "storage/database.h"
#include "trust/ledger.h"

namespace meridian::trust {

// An entry as its row has it. Hashes are 32 bytes.
struct LedgerRow {
  LedgerEntry entry;         // all but detail and hash
  std::int64_t success = 1;  // as stored, so that any change of it shows
  std::int64_t time = 0;     // microseconds since 1970
  std::string detail;        // JSON text, or empty
  std::string previous, hash;
};

// Number and hash of the newest entry.
struct LedgerTail {
  std::int64_t number = 0;
  std::string hash = std::string(32, '\0');  // what the first entry carries as the hash before it
};

// SHA-256(0x00 || JSON array of number, time, user, display, role, organization, action, kind, patient,
// entity, success, detail and the hash before, in hexadecimal).
std::string entry_hash(const LedgerRow& row);

LedgerTail read_tail(storage::Connection& connection);
// Writes the entry after the tail, which it moves.
void write_entry(storage::Transaction& transaction, LedgerTail& tail, const LedgerEntry& entry, Instant time);
// In the order of their numbers; until visit returns false. Some thousands are in memory at a time.
void for_each_entry(storage::Connection& connection, const std::function<bool(const LedgerRow&)>& visit);
// Those after a number.
void for_each_hash(storage::Connection& connection, std::int64_t after,
                   const std::function<void(std::string_view)>& visit);
std::vector<LedgerEntry> find_entries(storage::Connection& connection, const LedgerFilter& filter);

}  // namespace meridian::trust
