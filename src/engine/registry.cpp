#include "engine/registry.h"

#include <array>

#include "base/error.h"
#include "base/metrics.h"
#include "base/resource.h"
#include "base/time.h"
#include "engine/drift.h"
#include "engine/resources.h"
#include "engine/run_progress.h"
#include "trust/access.h"

namespace meridian::engine {
namespace {

// What the first version of the engine's tables was.
constexpr std::string_view kTables = R"(
  CREATE TABLE assistant_state (
    id TEXT PRIMARY KEY,
    is_on INTEGER NOT NULL,
    reason TEXT NOT NULL,
    changed_by TEXT NOT NULL,
    changed_at TEXT NOT NULL);
  CREATE TABLE assistant_count (
    id TEXT NOT NULL,
    outcome TEXT NOT NULL,
    number INTEGER NOT NULL,
    PRIMARY KEY (id, outcome));
)";

constexpr std::array<std::string_view, 4> kOutcomes{"drafted", "accepted", "rejected", "refused"};

}  // namespace

std::span<const storage::Migration> Registry::migrations() {
  static const std::array<storage::Migration, 7> migrations{
      {{"engine", 1, kTables},
       {"engine", 2, kAgreementTables},
       {"engine", 3, kDriftTables},
       {"engine", 4, "ALTER TABLE assistant_state ADD COLUMN reason_zh TEXT NOT NULL DEFAULT ''"},
       {"engine", 5, kAgreementByVersion},
       {"engine", 6, kDriftInOrder},
       {"engine", 7, kProgressTable}}};
  return migrations;
}

Registry::Registry(storage::Database& database, std::vector<std::unique_ptr<Assistant>> assistants,
                   const AgreementPolicy& policy)
    : database_(database), policy_(policy) {
  for (auto& assistant : assistants) {
    const std::string id = assistant->card().id;
    if (!assistants_.emplace(id, std::move(assistant)).second)
      throw Error(ErrorCode::invalid_configuration, "Two assistants have the id \"" + id + "\"", "card.id",
                  "Rename one of them");
  }
}

std::vector<const Assistant*> Registry::all() const {
  std::vector<const Assistant*> all;
  for (const auto& [id, assistant] : assistants_) all.push_back(assistant.get());
  return all;
}

const Assistant* Registry::find(const std::string& id) const {
  const auto found = assistants_.find(id);
  return found == assistants_.end() ? nullptr : found->second.get();
}

const Assistant& Registry::get(const std::string& id) const {
  if (const Assistant* found = find(id)) return *found;
  throw Error(ErrorCode::not_found, "There is no assistant \"" + id + "\"", id, "GET /assistants lists them");
}

AssistantState Registry::state(const std::string& id) const {
  return database_.read([&](storage::Connection& connection) { return state(connection, id); });
}

AssistantState Registry::state(storage::Connection& connection, const std::string& id) const {
  const Card& card = get(id).card();
  std::optional<AssistantState> switched;
  connection.query_first(
      "SELECT is_on, reason, changed_by, changed_at, reason_zh FROM assistant_state WHERE id = ?", {id},
      [&](const storage::Row& row) {
        const std::string reason(row.text(1)), chinese(row.text(4));
        switched = {row.integer(0) != 0,
                    {reason, chinese.empty() ? reason : chinese},
                    std::string(row.text(2)),
                    parse_instant(row.text(3))};
      });
  if (switched) return *switched;
  return {card.on_by_default, card.on_by_default ? LocalizedText{} : card.why_off, {}, {}};
}

std::optional<LocalizedText> Registry::unavailable(const std::string& id) const {
  for (const ModelFile& model : get(id).card().models) {
    try {
      resource("models/" + model.file);
    } catch (const Error&) {
      return LocalizedText{"Its model " + model.file + " is not installed.",
                           "未安装模型" + model.file + "。"};
    }
  }
  return get(id).unavailable();
}

void Registry::set_state(record::Record& record, const trust::Principal& principal, const std::string& id,
                         bool on, const std::string& reason) {
  get(id);
  if (!trust::role_may(principal.role, trust::Act::administer, "Device"))
    throw Error(ErrorCode::forbidden, "Only administrators and specialists switch assistants on and off", id);
  if (!on && reason.empty())
    throw Error(ErrorCode::invalid_value, "An assistant is switched off for a reason", "reason",
                "Say why, for those who will miss its drafts");
  record.write(principal, [&](record::Writer& writer) {
    write_state(writer, id, {on, {reason, reason}, principal.display, now()});
  });
}

void Registry::write_state(record::Writer& writer, const std::string& id, const AssistantState& state) {
  writer.transaction().execute(
      "INSERT INTO assistant_state (id, is_on, reason, changed_by, changed_at, reason_zh) "
      "VALUES (?, ?, ?, ?, ?, ?) "
      "ON CONFLICT (id) DO UPDATE SET is_on = excluded.is_on, reason = excluded.reason, "
      "changed_by = excluded.changed_by, changed_at = excluded.changed_at, reason_zh = excluded.reason_zh",
      {id, std::int64_t{state.on}, state.reason.en, state.changed_by, format_instant(*state.changed_at),
       state.reason.zh});
  trust::LedgerEntry entry;
  entry.action = "U";
  entry.kind = state.on ? "assistant.on" : "assistant.off";
  entry.entity = id;
  writer.audit(std::move(entry));
}

void Registry::judge(record::Writer& writer, const Judged& judged, const std::string& site, Outcome outcome) {
  count(writer.transaction(), judged.assistant, outcome);
  const Instant at = now();
  note_judgement(writer.transaction(), judged, site, outcome == Outcome::accepted, policy_.window, at);
  const auto known = assistants_.find(judged.assistant);
  if (known != assistants_.end() && known->second->card().version == judged.version)
    switch_off_when_disagreed(writer, judged.assistant, at);
}

void Registry::switch_off_when_disagreed(record::Writer& writer, const std::string& id, Instant at) {
  const AssistantState current = state(writer.transaction(), id);
  if (!current.on) return;
  const Instant since = current.changed_at.value_or(Instant{});
  const auto accepted =
      accepted_of_last(writer.transaction(), {id, get(id).card().version}, policy_.window, since);
  if (!accepted || *accepted >= policy_.least * policy_.window) return;
  const std::string some = std::to_string(*accepted), all = std::to_string(policy_.window);
  write_state(writer, id,
              {false,
               {"Switched off by itself: of its last " + all + " drafts that were judged, " + some +
                    " were accepted.",
                "已自动停用：最近" + all + "份经审阅的草稿中仅" + some + "份被采纳。"},
               "Meridian",
               at});
}

void Registry::note(storage::Transaction& transaction, const std::string& id, const Reading& reading) const {
  note_scores(transaction, id, get(id).card().version, reading, now());
}

void Registry::count(storage::Transaction& transaction, const std::string& id, Outcome outcome) const {
  const std::string_view name = kOutcomes[static_cast<std::size_t>(outcome)];
  transaction.execute(
      "INSERT INTO assistant_count (id, outcome, number) VALUES (?, ?, 1) "
      "ON CONFLICT (id, outcome) DO UPDATE SET number = assistant_count.number + 1",
      {id, name});
  transaction.after_commit([id, name] {
    meridian::count("meridian_assistant_outcomes_total", {{"assistant", id}, {"outcome", std::string(name)}});
  });
}

Json Registry::counts(const std::string& id) const {
  Json counts = Json::object();
  for (const std::string_view name : kOutcomes) counts[name] = 0;
  database_.read([&](storage::Connection& connection) {
    connection.query("SELECT outcome, number FROM assistant_count WHERE id = ?", {id},
                     [&](const storage::Row& row) { counts[row.text(0)] = row.integer(1); });
  });
  return counts;
}

Json Registry::watched(const std::function<Json(storage::Connection&)>& look) const {
  Json seen;
  database_.read([&](storage::Connection& connection) { seen = look(connection); });
  return seen;
}

Json Registry::to_json(const std::string& id) const {
  const Card& card = get(id).card();
  const AssistantState current = state(id);
  const std::optional<LocalizedText> missing = unavailable(id);
  return Json::object({{"id", card.id},
                       {"version", card.version},
                       {"title", engine::to_json(card.title)},
                       {"on", current.on},
                       {"reason", text_or_null(current.reason.en)},
                       {"reasonZh", text_or_null(current.reason.zh)},
                       {"changedBy", text_or_null(current.changed_by)},
                       {"changedAt", current.changed_at ? Json(format_instant(*current.changed_at)) : Json()},
                       {"available", !missing},
                       {"unavailableReason", missing ? Json(missing->en) : Json()},
                       {"unavailableReasonZh", missing ? Json(missing->zh) : Json()},
                       {"card", card.whole},
                       {"counts", counts(id)},
                       {"agreement", watched([&](storage::Connection& connection) {
                          return agreement_by_site(connection, {id, card.version});
                        })},
                       {"drift", watched([&](storage::Connection& connection) {
                          return drift_of(connection, id, card.version);
                        })}});
}

Json Registry::to_json() const {
  Json list = Json::array();
  for (const auto& [id, assistant] : assistants_) list.push_back(to_json(id));
  return list;
}

}  // namespace meridian::engine
