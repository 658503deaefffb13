#include "care/workitems.h"

#include <algorithm>
#include <array>

#include "archive/attribute_json.h"
#include "archive/parse.h"
#include "base/error.h"
#include "base/id.h"
#include "base/time.h"
#include "care/patient_match.h"
#include "care/workitem_rules.h"
#include "trust/access.h"

namespace meridian::care {
namespace {

using archive::dicom_attribute;
using archive::dicom_number;
using archive::first_value;

constexpr std::array<storage::Migration, 1> kMigrations{{{"care", 5, R"(
  CREATE TABLE care_workitem (
    uid TEXT PRIMARY KEY,
    made TEXT NOT NULL,
    state TEXT NOT NULL,
    transaction_uid TEXT NOT NULL,
    patient TEXT NOT NULL,
    organization TEXT NOT NULL,
    dataset TEXT NOT NULL);
  CREATE INDEX care_workitem_made ON care_workitem (made, uid);
  CREATE TABLE care_workitem_subscriber (
    workitem TEXT NOT NULL,
    ae_title TEXT NOT NULL,
    organization TEXT NOT NULL,
    keys TEXT NOT NULL,
    PRIMARY KEY (workitem, ae_title, organization));
)"}}};

constexpr const char* kPushClass = "1.2.840.10008.5.1.4.34.6.1";
constexpr const char* kEventClass = "1.2.840.10008.5.1.4.34.6.4";
constexpr const char *kProgress = "00741002", *kReadinessState = "00404041";

constexpr const char* kRequestingAe = "00741236";
constexpr std::size_t kLongestAeTitle = 16;
constexpr std::size_t kSubscribedAtOnce = 100;  // in one write

// PS3.4, CC.2.4-1.
enum class Report { state = 1, cancel_requested = 2, progress = 3, assigned = 5 };

struct Row {
  std::string uid, state, transaction, patient, organization;
  Json dataset;
};

// Without the data set.
Row head_of(const storage::Row& row) {
  return {std::string(row.text(0)), std::string(row.text(1)), std::string(row.text(2)),
          std::string(row.text(3)), std::string(row.text(4)), {}};
}
Row row_of(const storage::Row& row) {
  Row whole = head_of(row);
  whole.dataset = Json::parse(row.text(5));
  return whole;
}
const std::string kColumns =
    "SELECT uid, state, transaction_uid, patient, organization, dataset FROM care_workitem";

bool is_global(const std::string& uid) {
  return uid == kGlobalSubscription || uid == kFilteredGlobalSubscription;
}

bool sees(storage::Connection& connection, const trust::Principal& principal, const Row& row) {
  if (principal.role == trust::Role::resident) return false;  // it is work, and not yet a result
  if (row.patient.empty()) return !row.organization.empty() && principal.organization == row.organization;
  return trust::may_see(connection, principal, row.patient);
}

std::optional<Row> find_row(storage::Connection& connection, const std::string& uid) {
  std::optional<Row> found;
  connection.query_first(kColumns + " WHERE uid = ?", {uid},
                         [&](const storage::Row& row) { found = row_of(row); });
  return found;
}

Row require_row(storage::Connection& connection, const trust::Principal& principal, const std::string& uid) {
  auto found = find_row(connection, uid);
  if (!found || !sees(connection, principal, *found))
    throw Error(ErrorCode::not_found, "There is no such work item, or none that you may see", uid);
  return std::move(*found);
}

void save(storage::Transaction& transaction, Row& row) {
  row.dataset[kWorkitemState] = dicom_attribute("CS", row.state);
  row.dataset["00404010"] = dicom_attribute("DT", format_dicom_datetime(now()));  // modified
  std::ranges::sort(row.dataset.members(), {}, &Json::Member::first);
  const std::string text = row.dataset.dump();
  transaction.execute("UPDATE care_workitem SET state = ?, transaction_uid = ?, dataset = ? WHERE uid = ?",
                      {row.state, row.transaction, text, row.uid});
  index_workitem(transaction, row.uid, row.dataset);
}

trust::LedgerEntry entry_of(const char* action, const char* kind, const std::string& entity,
                            const std::string& patient = {}) {
  trust::LedgerEntry entry;
  entry.action = action;
  entry.kind = kind;
  entry.patient = patient;
  entry.entity = entity;
  return entry;
}

void record(const Context& context, storage::Transaction& transaction, const trust::Principal& principal,
            const char* action, const char* kind, const Row& row) {
  context.ledger.append(transaction, principal, entry_of(action, kind, row.uid, row.patient));
}

std::string patient_of(const Context& context, const Json& attributes, const std::string& organization) {
  archive::InstanceFacts facts;
  facts.patient_id = first_value(attributes, "00100020");
  facts.issuer_of_patient_id = first_value(attributes, "00100021");
  facts.patient_birth_date = first_value(attributes, "00100030");
  facts.patient_sex = first_value(attributes, "00100040");
  if (facts.patient_id.empty()) return {};
  return find_patient(context.record, facts, organization).value_or(std::string());
}

// ---- the keys of a subscription ----

Json keys_json(const std::vector<WorkitemKey>& keys) {
  Json list = Json::array();
  for (const WorkitemKey& key : keys) {
    Json path = Json::array();
    for (const std::string& tag : key.path) path.push_back(tag);
    list.push_back(Json::object({{"path", std::move(path)}, {"value", key.value}}));
  }
  return list;
}

std::vector<WorkitemKey> keys_of(const Json& list) {
  std::vector<WorkitemKey> keys;
  for (const Json& item : list.items()) {
    WorkitemKey key{.path = {}, .value = item.text("value")};
    for (const Json& tag : item.get("path").items()) key.path.push_back(tag.as_string());
    keys.push_back(std::move(key));
  }
  return keys;
}

// ---- event reports ----

Json report_of(const Row& row, Report kind) {
  Json report = Json::object({{"00000002", dicom_attribute("UI", kEventClass)},
                              {"00001000", dicom_attribute("UI", row.uid)},
                              {"00001002", dicom_number("US", static_cast<std::int64_t>(kind))}});
  const auto copy = [&](const char* tag) {
    if (const Json* attribute = row.dataset.find(tag)) report[tag] = *attribute;
  };
  if (kind == Report::state) {
    for (const char* tag : {kReadinessState, kWorkitemState}) copy(tag);
    if (row.state == kCanceled)
      for (const Json& progress : archive::sequence_items(row.dataset, kProgress))
        for (const char* tag : {kDiscontinuationReason, kCancellationReason})
          if (const Json* reason = progress.find(tag)) report[tag] = *reason;
    std::ranges::sort(report.members(), {}, &Json::Member::first);
  }
  if (kind == Report::progress) copy(kProgress);
  if (kind == Report::assigned)
    for (const char* tag : {"00404025", "00404028", "00404034"}) copy(tag);
  return report;
}

void tell(storage::Transaction& transaction, const std::shared_ptr<Events>& reports,
          const std::string& ae_title, const std::string& organization, const Json& report) {
  transaction.after_commit(
      [reports, event = Event{ae_title, report.dump(), {organization}}] { reports->publish(event); });
}

struct Subscriber {
  std::string ae_title, organization;
};

bool sees(storage::Connection& connection, const Subscriber& subscriber, const Row& row) {
  trust::Principal colleague;
  colleague.organization = subscriber.organization;
  colleague.role = trust::Role::clinician;
  return sees(connection, colleague, row);
}

// An organization may have lost its access since somebody there subscribed.
void tell_all(storage::Transaction& transaction, const std::shared_ptr<Events>& reports, const Row& row,
              const Json& report) {
  std::vector<Subscriber> subscribers;
  transaction.query("SELECT ae_title, organization FROM care_workitem_subscriber WHERE workitem = ?",
                    {row.uid}, [&](const storage::Row& found) {
                      subscribers.push_back({std::string(found.text(0)), std::string(found.text(1))});
                    });
  for (const Subscriber& one : subscribers)
    if (sees(transaction, one, row)) tell(transaction, reports, one.ae_title, one.organization, report);
}

void add_subscriber(storage::Transaction& transaction, const std::string& workitem,
                    const std::string& ae_title, const std::string& organization,
                    const std::vector<WorkitemKey>& keys) {
  const std::string text = keys_json(keys).dump();
  transaction.execute(
      "DELETE FROM care_workitem_subscriber WHERE workitem = ? AND ae_title = ? AND organization = ?",
      {workitem, ae_title, organization});
  transaction.execute("INSERT INTO care_workitem_subscriber VALUES (?, ?, ?, ?)",
                      {workitem, ae_title, organization, text});
}

bool is_subscribed(storage::Connection& connection, const std::string& workitem, const std::string& ae_title,
                   const std::string& organization) {
  return connection.query_first(
      "SELECT 1 FROM care_workitem_subscriber WHERE workitem = ? AND ae_title = ? AND organization = ?",
      {workitem, ae_title, organization}, [](const auto&) {});
}

// Those with a global subscription that a new work item matches, where their organization sees it.
void subscribe_globals(storage::Transaction& transaction, const Row& row) {
  std::vector<Subscriber> wanting;
  transaction.query(
      "SELECT ae_title, organization, keys FROM care_workitem_subscriber WHERE workitem IN (?, ?)",
      {kGlobalSubscription, kFilteredGlobalSubscription}, [&](const storage::Row& found) {
        if (matches(row.dataset, keys_of(Json::parse(found.text(2)))))
          wanting.push_back({std::string(found.text(0)), std::string(found.text(1))});
      });
  for (const Subscriber& one : wanting)
    if (sees(transaction, one, row)) add_subscriber(transaction, row.uid, one.ae_title, one.organization, {});
}

// What the reason of a request to cancel says, as the progress of what is cancelled by it.
Json progress_of(const Json& reason) {
  Json progress = Json::object({{"00404052", dicom_attribute("DT", format_dicom_datetime(now()))}});
  Json contact = Json::object();
  for (const auto& [tag, attribute] : reason.members())
    (tag == kContactUri || tag == kContactName ? contact : progress)[tag] = attribute;
  if (!contact.empty()) progress["00741008"] = archive::dicom_sequence({contact});
  std::ranges::sort(progress.members(), {}, &Json::Member::first);
  return archive::dicom_sequence({progress});
}

// Who asks over the web has no AE title but its name.
std::string ae_title_of(const trust::Principal& principal) {
  std::string title;
  for (const char c : principal.user)
    if (c > ' ' && c < 0x7F && c != '\\' && title.size() < kLongestAeTitle) title += c;
  return title.empty() ? "UNKNOWN" : title;
}

[[noreturn]] void wrong_state(const Row& row, const std::string& what) {
  throw Error(ErrorCode::conflict, what, row.uid, "It is " + row.state);
}

void require_transaction(const Row& row, const std::string& transaction) {
  if (has_ended(row.state)) wrong_state(row, "The work item has ended and may no longer be changed");
  if (row.state == kInProgress && transaction != row.transaction)
    throw Error(ErrorCode::conflict, "Another performs this work item, by its Transaction UID", row.uid);
}

}  // namespace

std::span<const storage::Migration> workitem_migrations() {
  return kMigrations;
}

Workitems::Workitems(const Context& context) : context_(context), reports_(std::make_shared<Events>()) {
  index_earlier_workitems(context.database);
}

std::string Workitems::create(const trust::Principal& principal, const std::string& uid,
                              Json attributes) const {
  check_new_workitem(attributes);
  if (!uid.empty() && !archive::is_uid(uid))
    throw Error(ErrorCode::invalid_structure, "This is not a UID", uid);
  Row row{.uid = uid.empty() ? new_dicom_uid() : uid,
          .state = kScheduled,
          .transaction = {},
          .patient = patient_of(context_, attributes, principal.organization),
          .organization = principal.organization,
          .dataset = {}};
  row.dataset = std::move(attributes);
  row.dataset["00080016"] = dicom_attribute("UI", kPushClass);
  row.dataset["00080018"] = dicom_attribute("UI", row.uid);
  row.dataset.erase(kTransactionUid);
  if (first_value(row.dataset, "00741202").empty())
    row.dataset["00741202"] = dicom_attribute("LO", "MERIDIAN");  // the worklist's name
  context_.database.write([&](storage::Transaction& transaction) {
    if (!row.patient.empty() && !sees(transaction, principal, row))
      throw Error(ErrorCode::forbidden, "This patient is not in the care of your organization");
    const bool known =
        transaction.query_first("SELECT 1 FROM care_workitem WHERE uid = ?", {row.uid}, [](const auto&) {});
    if (known) throw Error(ErrorCode::conflict, "There is a work item of this UID already", row.uid);
    const std::string made = format_instant(now());
    transaction.execute(
        "INSERT INTO care_workitem (uid, made, state, transaction_uid, patient, organization, dataset)"
        " VALUES (?, ?, '', '', ?, ?, '')",
        {row.uid, made, row.patient, row.organization});
    save(transaction, row);
    record(context_, transaction, principal, "C", "workitem.create", row);
    subscribe_globals(transaction, row);
    tell_all(transaction, reports_, row, report_of(row, Report::state));
  });
  return row.uid;
}

Json Workitems::read(const trust::Principal& principal, const std::string& uid) const {
  Row row = context_.database.read(
      [&](storage::Connection& connection) { return require_row(connection, principal, uid); });
  context_.ledger.append_soon(principal, entry_of("R", "workitem.read", uid, row.patient));
  return std::move(row.dataset);
}

std::vector<Json> Workitems::find(const trust::Principal& principal, const WorkitemQuery& query) const {
  std::vector<Json> found;
  std::int64_t seen = 0;
  const WorkitemConditions conditions = workitem_conditions(query.keys);
  context_.database.read([&](storage::Connection& connection) {
    connection.run(kColumns + conditions.sql + " ORDER BY made DESC, uid DESC", conditions.parameters(),
                   [&](const storage::Row& stored) {
                     if (!sees(connection, principal, head_of(stored))) return true;
                     Row row = row_of(stored);
                     if (!matches(row.dataset, query.keys)) return true;
                     if (seen++ >= query.offset) found.push_back(std::move(row.dataset));
                     return std::ssize(found) < query.limit;
                   });
  });
  context_.ledger.append_soon(principal, entry_of("R", "workitem.search", "workitems"));
  return found;
}

void Workitems::update(const trust::Principal& principal, const std::string& uid,
                       const std::string& transaction, const Json& attributes) const {
  check_workitem_update(attributes);
  context_.database.write([&](storage::Transaction& writing) {
    Row row = require_row(writing, principal, uid);
    require_transaction(row, transaction);
    bool progress = false, readiness = false;
    for (const auto& [tag, attribute] : attributes.members()) {
      if (tag == kTransactionUid) continue;
      progress = progress || tag == kProgress;
      readiness = readiness || tag == kReadinessState;
      row.dataset[tag] = attribute;
    }
    save(writing, row);
    record(context_, writing, principal, "U", "workitem.update", row);
    if (readiness) tell_all(writing, reports_, row, report_of(row, Report::state));
    if (progress) tell_all(writing, reports_, row, report_of(row, Report::progress));
    if (attributes.contains("00404034")) tell_all(writing, reports_, row, report_of(row, Report::assigned));
  });
}

bool Workitems::change_state(const trust::Principal& principal, const std::string& uid,
                             const std::string& state, const std::string& transaction) const {
  if (state != kInProgress && !has_ended(state))
    throw Error(ErrorCode::invalid_structure, "A work item is not brought into this state", kWorkitemState,
                "IN PROGRESS, COMPLETED or CANCELED");
  if (!archive::is_uid(transaction))
    throw Error(ErrorCode::invalid_structure, "A change of state names its Transaction UID", kTransactionUid);
  return context_.database.write([&](storage::Transaction& writing) {
    Row row = require_row(writing, principal, uid);
    if (has_ended(state) && row.state == state) return false;
    require_transaction(row, transaction);
    if (state == kInProgress && row.state != kScheduled)
      wrong_state(row, "The work item is performed already");
    if (has_ended(state) && row.state != kInProgress)
      wrong_state(row, "A work item is brought to an end by who performs it");
    if (state == kCompleted) check_completed_workitem(row.dataset);
    row.state = state;
    row.transaction = transaction;
    save(writing, row);
    record(context_, writing, principal, "U", "workitem.state", row);
    tell_all(writing, reports_, row, report_of(row, Report::state));
    return true;
  });
}

bool Workitems::request_cancel(const trust::Principal& principal, const std::string& uid,
                               const Json& reason) const {
  check_cancel_reason(reason);
  return context_.database.write([&](storage::Transaction& writing) {
    Row row = require_row(writing, principal, uid);
    if (has_ended(row.state)) wrong_state(row, "The work item has ended");
    record(context_, writing, principal, "U", "workitem.cancel", row);
    if (row.state == kInProgress) {
      Json report = report_of(row, Report::cancel_requested);
      for (const auto& [tag, attribute] : reason.members()) report[tag] = attribute;
      report[kRequestingAe] = dicom_attribute("AE", ae_title_of(principal));
      std::ranges::sort(report.members(), {}, &Json::Member::first);
      tell_all(writing, reports_, row, report);
      return false;
    }
    row.state = kCanceled;
    row.dataset[kProgress] = progress_of(reason);
    save(writing, row);
    tell_all(writing, reports_, row, report_of(row, Report::state));
    return true;
  });
}

void Workitems::subscribe(const trust::Principal& principal, const std::string& uid,
                          const std::string& ae_title, const std::vector<WorkitemKey>& keys) const {
  const auto add = [&](storage::Transaction& writing, const Row& row) {
    add_subscriber(writing, row.uid, ae_title, principal.organization, {});
    tell(writing, reports_, ae_title, principal.organization, report_of(row, Report::state));
  };
  if (!is_global(uid))
    return context_.database.write([&](storage::Transaction& writing) {
      const Row row = require_row(writing, principal, uid);
      record(context_, writing, principal, "C", "workitem.subscribe", row);
      add(writing, row);
    });
  // What comes from here on is subscribed to as it comes; what is there is looked for without holding up
  // those who write.
  context_.database.write([&](storage::Transaction& writing) {
    add_subscriber(writing, uid, ae_title, principal.organization, keys);
    context_.ledger.append(writing, principal, entry_of("C", "workitem.subscribe", uid));
  });
  const std::vector<std::string> items = open_items(principal, keys);
  for (std::size_t at = 0; at < items.size(); at += kSubscribedAtOnce)
    context_.database.write([&](storage::Transaction& writing) {
      if (!is_subscribed(writing, uid, ae_title, principal.organization)) return;
      for (std::size_t i = at; i < std::min(at + kSubscribedAtOnce, items.size()); ++i) {
        const auto row = find_row(writing, items[i]);
        if (row && !has_ended(row->state)) add(writing, *row);
      }
    });
}

std::vector<std::string> Workitems::open_items(const trust::Principal& principal,
                                               const std::vector<WorkitemKey>& keys) const {
  std::vector<std::string> found;
  WorkitemConditions conditions = workitem_conditions(keys);
  conditions.add("state IN (?", kScheduled);
  conditions.sql += ", ?)";
  conditions.values.emplace_back(kInProgress);
  context_.database.read([&](storage::Connection& connection) {
    connection.run(kColumns + conditions.sql, conditions.parameters(), [&](const storage::Row& stored) {
      Row row = head_of(stored);
      if (sees(connection, principal, row) && matches(row_of(stored).dataset, keys))
        found.push_back(std::move(row.uid));
      return true;
    });
  });
  return found;
}

void Workitems::unsubscribe(const trust::Principal& principal, const std::string& uid,
                            const std::string& ae_title) const {
  context_.database.write([&](storage::Transaction& writing) {
    if (is_global(uid)) {
      writing.execute("DELETE FROM care_workitem_subscriber WHERE ae_title = ? AND organization = ?",
                      {ae_title, principal.organization});
      context_.ledger.append(writing, principal, entry_of("D", "workitem.unsubscribe", uid));
      return;
    }
    const Row row = require_row(writing, principal, uid);
    writing.execute(
        "DELETE FROM care_workitem_subscriber WHERE workitem = ? AND ae_title = ? AND organization = ?",
        {uid, ae_title, principal.organization});
    record(context_, writing, principal, "D", "workitem.unsubscribe", row);
  });
}

void Workitems::suspend(const trust::Principal& principal, const std::string& ae_title) const {
  context_.database.write([&](storage::Transaction& writing) {
    writing.execute(
        "DELETE FROM care_workitem_subscriber WHERE workitem IN (?, ?) AND ae_title = ? AND organization = ?",
        {kGlobalSubscription, kFilteredGlobalSubscription, ae_title, principal.organization});
    context_.ledger.append(writing, principal, entry_of("U", "workitem.unsubscribe", kGlobalSubscription));
  });
}

std::shared_ptr<Events::Subscription> Workitems::listen(
    const trust::Principal& principal, const std::string& ae_title,
    std::function<void(const std::string& report)> callback) const {
  return reports_->subscribe(principal, [ae_title, callback = std::move(callback)](const Event& event) {
    if (event.name == ae_title) callback(event.data);
  });
}

}  // namespace meridian::care
