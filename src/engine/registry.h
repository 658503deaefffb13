// The assistants of this node: which there are, which may work, and how their drafts fared.
#pragma once
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/agreement.h"
#include "engine/assistant.h"
#include "record/record.h"
#include "storage/database.h"
#include "trust/principal.h"

namespace meridian::engine {

struct AssistantState {
  bool on = true;
  LocalizedText reason;    // why it is off; the card's why_off until a person says otherwise
  std::string changed_by;  // display of the person; empty: as the card says
  std::optional<Instant> changed_at;
};

// What became of a run or a draft; each is counted once.
enum class Outcome { drafted, accepted, rejected, refused };

class Registry {
 public:
  static std::span<const storage::Migration> migrations();
  // Throws invalid_configuration when two have one id.
  Registry(storage::Database& database, std::vector<std::unique_ptr<Assistant>> assistants,
           const AgreementPolicy& policy = {});

  storage::Database& database() const { return database_; }
  std::vector<const Assistant*> all() const;
  // Null when there is none of the id (any more).
  const Assistant* find(const std::string& id) const;
  // Throws not_found.
  const Assistant& get(const std::string& id) const;
  // As the database has it: another node may have switched it.
  AssistantState state(const std::string& id) const;
  // The same, as this connection sees it: a write what it has written itself.
  AssistantState state(storage::Connection& connection, const std::string& id) const;
  // Why it cannot work at present (a model is missing); empty when it can.
  std::optional<LocalizedText> unavailable(const std::string& id) const;

  // Durable, and in the ledger. Throws forbidden unless the principal is an administrator or a specialist,
  // and invalid_value when it is switched off without a reason.
  void set_state(record::Record& record, const trust::Principal& principal, const std::string& id, bool on,
                 const std::string& reason);
  void count(storage::Transaction& transaction, const std::string& id, Outcome outcome) const;
  // A clinician of the site has accepted or rejected a draft. Switches the assistant off, in the same
  // transaction and in the ledger, when it is still of the version that made the draft and too few of that
  // version's last drafts were accepted since it was last switched.
  void judge(record::Writer& writer, const Judged& judged, const std::string& site, Outcome outcome);
  // What a run has said, for the watch over drift.
  void note(storage::Transaction& transaction, const std::string& id, const Reading& reading) const;

  // As GET /assistants and PUT /assistants/ID/state answer; docs/console-api.md.
  Json to_json(const std::string& id) const;
  Json to_json() const;

 private:
  void write_state(record::Writer& writer, const std::string& id, const AssistantState& state);
  void switch_off_when_disagreed(record::Writer& writer, const std::string& id, Instant at);
  Json counts(const std::string& id) const;
  Json watched(const std::function<Json(storage::Connection&)>& look) const;

  storage::Database& database_;
  const AgreementPolicy policy_;
  std::map<std::string, std::unique_ptr<Assistant>> assistants_;
};

}  // namespace meridian::engine
