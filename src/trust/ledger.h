// Who did what to whom and when, in a form that nobody can change unnoticed.
//
// Each entry's leaf hash is SHA-256(0x00 || canonical entry), and a Merkle tree over the leaves (RFC 9162,
// 2.1) gives one root; each entry also carries the hash of the one before. Roots are signed (Ed25519) as
// checkpoints, by which a copy kept elsewhere proves that history was not rewritten. The newest checkpoint
// also lies in a file beside the signing key (its name and ".checkpoint"), so that a database cut short
// shows; a backup leaves that file out, since it would be newer than the database of the backup.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/time.h"
#include "storage/database.h"
#include "trust/principal.h"

namespace meridian::trust {

struct LedgerEntry {
  std::int64_t number = 0;                        // given by the ledger, from 1 without gaps
  Instant time{};                                 // given by the ledger
  std::string user, display, role, organization;  // of the principal
  std::string action;                             // AuditEvent.action: C R U D E
  std::string kind;     // "fhir.create", "dicom.store", "case.sign", "session.sign-in", ...
  std::string patient;  // "Patient/…" or empty
  std::string entity;   // "DiagnosticReport/…/_history/2", a SOP Instance UID, an assistant's id
  bool success = true;
  Json detail;       // small, never clinical content
  std::string hash;  // of this entry, hexadecimal
};

struct LedgerFilter {
  std::string patient, user, kind;  // empty: any
  std::int64_t before = 0;          // entries with smaller numbers; 0: from the newest
  int limit = 50;
};

struct LedgerVerdict {
  bool intact = true;
  std::int64_t entries = 0;      // checked
  std::int64_t first_bad = 0;    // its number, 0 when intact
  std::string what;              // one sentence: what is broken there, and what is still proven
  std::string root;              // hexadecimal, of the entries proven
  std::int64_t checkpoints = 0;  // with a good signature
};

struct LedgerOptions {
  std::string signing_key_file;  // Ed25519, made at first start, readable by the owner only
  int checkpoint_every = 1000;   // entries; also at clean shutdown
};

class Ledger {
 public:
  static std::span<const storage::Migration> migrations();
  Ledger(storage::Database& database, const LedgerOptions& options);
  ~Ledger();

  // Within the transaction of the act itself. The entry's number, time and hash are filled in.
  void append(storage::Transaction& transaction, const Principal& principal, LedgerEntry entry);
  void append_all(storage::Transaction& transaction, const Principal& principal,
                  std::vector<LedgerEntry> entries);
  // For reads, which must not wait for a disk: kept in memory, written with others within a second and at
  // shutdown; the same act on the same thing within that second becomes one entry with detail.times. When
  // they cannot be written, later calls throw unavailable.
  void append_soon(const Principal& principal, LedgerEntry entry);
  void flush();

  std::vector<LedgerEntry> entries(const LedgerFilter& filter) const;
  std::int64_t size() const;
  std::string root() const;
  // Reads all of it. progress(done, total) may be empty.
  LedgerVerdict verify(const std::function<void(std::int64_t, std::int64_t)>& progress = {}) const;
  void checkpoint();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace meridian::trust
