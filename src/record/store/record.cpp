#include "record/record.h"

#include <mutex>

#include "base/error.h"
#include "base/id.h"
#include "record/bulk/bulk_data.h"
#include "record/bundle/bundle_reading.h"
#include "record/bundle/bundle_response.h"
#include "record/bundle/transaction.h"
#include "record/operations/operation.h"
#include "record/operations/validate.h"
#include "record/query/compartment.h"
#include "record/query/history.h"
#include "record/query/query_string.h"
#include "record/query/search.h"
#include "record/store/body.h"
#include "record/store/capability_statement.h"
#include "record/store/reindex.h"
#include "record/store/resource_writer.h"
#include "record/store/schema.h"
#include "record/store/terminology_capabilities.h"
#include "record/store/visibility.h"
#include "record/subscriptions/subscriptions.h"
#include "record/terminology/packages.h"
#include "record/validation/validator.h"

namespace meridian::record {
namespace {

// The names of a search's parameters: enough to say what was looked for, without anybody's name or number.
Json names_of(const Parameters& parameters) {
  Json names = Json::array();
  for (const auto& [name, value] : parameters) names.push_back(name);
  return Json::object({{"parameters", std::move(names)}});
}

template <class Function>
Json answer_or_error(Function function) {
  try {
    return function();
  } catch (const Error& error) {
    return error_response(error);
  }
}

}  // namespace

struct Record::State {
  WriteContext context;
  std::once_flag capability_made;
  Json capability = {};
  PackagedCanonicals canonicals{context.options.packages};
  std::unique_ptr<BulkData> bulk = {};
  std::unique_ptr<Subscriptions> subscriptions = {};

  // The program's own reads are no one's act.
  void audit_read(const trust::Principal& principal, const char* kind, std::string entity,
                  std::string patient, Json detail = {}) {
    if (principal.role == trust::Role::system) return;
    trust::LedgerEntry entry;
    entry.action = std::string_view(kind) == "fhir.search" ? "E" : "R";
    entry.kind = kind;
    entry.patient = std::move(patient);
    entry.entity = std::move(entity);
    entry.detail = std::move(detail);
    context.ledger.append_soon(principal, std::move(entry));
  }

  // Calls it, and puts a refusal into the ledger.
  template <class Function>
  auto guarded(const trust::Principal& principal, const char* kind, const std::string& entity,
               Function&& function) {
    try {
      return function();
    } catch (const Error& error) {
      if (error.code() == ErrorCode::forbidden) audit_refusal(principal, kind, entity);
      throw;
    }
  }

  void audit_refusal(const trust::Principal& principal, const char* kind, const std::string& entity) {
    trust::LedgerEntry entry;
    entry.action = "E";
    entry.kind = kind;
    entry.entity = entity;
    entry.success = false;
    context.ledger.append_soon(principal, std::move(entry));
  }

  // Beside the writer.
  Prepared prepared(const Json& resource) {
    if (context.options.check_profiles)
      context.database.read(
          [&](storage::Connection& connection) { context.require_profiles(connection, resource); });
    return prepare(resource, context.options);
  }

  template <class Function>
  auto write(const trust::Principal& principal, Function&& function) {
    return write_resources(context, principal, function);
  }

  Version read(const trust::Principal& principal, const std::string& type, const std::string& id,
               std::optional<std::int64_t> number) {
    require_type(type);
    guarded(principal, "fhir.read", type + "/" + id.substr(0, 64),
            [&] { require_role(principal, trust::Act::read, type); });
    std::string patient;
    Version version = context.database.read([&](storage::Connection& connection) {
      StoredResource found = number ? require_known(connection, principal, type, id)
                                    : require_readable(connection, principal, type, id);
      if (principal.role != trust::Role::system)
        if (const auto patients = patients_of_stored(connection, found.key); !patients.empty())
          patient = patients.front();
      return number ? require_version(connection, principal, found, *number) : std::move(found.version);
    });
    audit_read(principal, "fhir.read", version.reference() + "/_history/" + std::to_string(version.number),
               std::move(patient));
    return version;
  }

  static Version require_version(storage::Connection& connection, const trust::Principal& principal,
                                 const StoredResource& found, std::int64_t number) {
    std::optional<Version> version = find_version(connection, found, number);
    const std::string name = found.version.reference() + "/_history/" + std::to_string(number);
    const bool older = number != found.version.number;
    if (!version || (older && !may_see_older_version(connection, principal, found.key, number)))
      throw Error(ErrorCode::not_found, "There is no " + name);
    if (version->deleted) throw Error(ErrorCode::gone, name + " is its deletion");
    return std::move(*version);
  }

  // An interaction that is one entry of no bundle.
  EntryResult write_entry(const trust::Principal& principal, const char* kind, const BundleEntry& entry) {
    require_type(entry.type);
    const std::string entity = entry.id.empty() ? entry.type : entry.type + "/" + entry.id.substr(0, 64);
    return guarded(principal, kind, entity,
                   [&] { return write_transaction(context, principal, {entry}).front(); });
  }

  // Of the ledger.
  static const char* kind_of(BundleEntry::Method method) {
    switch (method) {
      case BundleEntry::Method::create:
        return "fhir.create";
      case BundleEntry::Method::update:
        return "fhir.update";
      case BundleEntry::Method::patch:
        return "fhir.patch";
      case BundleEntry::Method::remove:
        return "fhir.delete";
      case BundleEntry::Method::read:
        break;
    }
    return "fhir.read";
  }

  // Whose record an operation on the resource is about; of several patients the first, as for reads.
  static std::string patient_of(storage::Connection& connection, const std::string& type,
                                const std::string& id) {
    if (id.empty()) return {};
    if (type == "Patient") return type + "/" + id;
    const std::optional<Ownership> ownership = ownership_of(connection, type, id);
    return ownership && !ownership->patients.empty() ? ownership->patients.front() : std::string();
  }

  static BundleEntry entry_at(BundleEntry::Method method, const std::string& type, const std::string& id,
                              const Precondition& condition) {
    BundleEntry entry;
    entry.method = method;
    entry.type = type;
    entry.id = id;
    entry.condition = condition;
    return entry;
  }

  static BundleEntry entry_where(BundleEntry::Method method, const std::string& type, std::string query,
                                 const Precondition& condition) {
    BundleEntry entry = entry_at(method, type, {}, condition);
    entry.query = std::move(query);
    entry.conditional = true;
    return entry;
  }

  Json answer(Record& record, const trust::Principal& principal, const BundleEntry& entry,
              const EntryResult& result, Returned returned) {
    if (entry.method == BundleEntry::Method::read) return answer_reading(record, principal, entry);
    return result ? written_response(*result, returned)
                  : Json::object({{"response", Json::object({{"status", "204 No Content"}})}});
  }
};

std::span<const storage::Migration> Record::migrations() {
  return record_migrations();
}

Record::Record(storage::Database& database, trust::Ledger& ledger, storage::Queue& queue,
               const RecordOptions& options)
    : state_(new State{.context = {database, ledger, queue, options, {}}}) {
  state_->bulk = std::make_unique<BulkData>(state_->context, *this);
  state_->subscriptions = std::make_unique<Subscriptions>(state_->context, *this);
  state_->context.watcher = state_->subscriptions.get();
  state_->context.packaged = &state_->canonicals;
  share_dictionaries(database);
  reindex_when_needed(database, options);
}

Record::~Record() = default;

void Record::on_write(Listener listener) {
  state_->context.listeners.push_back(std::move(listener));
}

void Record::write(const trust::Principal& principal, const std::function<void(Writer&)>& function) {
  state_->write(principal, [&](Writer& writer) { function(writer); });
}

Version Record::create(const trust::Principal& principal, const Json& resource,
                       const std::string& if_none_exist) {
  const std::string type = type_of(resource);
  if (!if_none_exist.empty()) {
    BundleEntry entry = State::entry_where(BundleEntry::Method::create, type, if_none_exist, {});
    entry.resource = resource;
    return *state_->write_entry(principal, "fhir.create", entry);
  }
  return state_->guarded(principal, "fhir.create", type, [&] {
    require_role(principal, trust::Act::write, type);
    Json copy = resource;
    copy["id"] = new_id();
    const Prepared prepared = state_->prepared(copy);
    return state_->write(principal, [&](ResourceWriter& writer) { return writer.create(prepared); });
  });
}

Version Record::update(const trust::Principal& principal, const Json& resource,
                       const Precondition& precondition) {
  const std::string type = type_of(resource);
  return state_->guarded(principal, "fhir.update", type + "/" + resource.text("id").substr(0, 64), [&] {
    require_role(principal, trust::Act::write, type);
    const Prepared prepared = state_->prepared(resource);
    return state_->write(principal,
                         [&](ResourceWriter& writer) { return writer.update(prepared, precondition); });
  });
}

Version Record::remove(const trust::Principal& principal, const std::string& type, const std::string& id,
                       const Precondition& precondition) {
  return *state_->write_entry(principal, "fhir.delete",
                              State::entry_at(BundleEntry::Method::remove, type, id, precondition));
}

Version Record::patch(const trust::Principal& principal, const std::string& type, const std::string& id,
                      const Json& patch, const Precondition& precondition) {
  BundleEntry entry = State::entry_at(BundleEntry::Method::patch, type, id, precondition);
  entry.resource = patch;
  return *state_->write_entry(principal, "fhir.patch", entry);
}

Version Record::update_where(const trust::Principal& principal, const Json& resource,
                             const Parameters& condition, const Precondition& precondition) {
  BundleEntry entry = State::entry_where(BundleEntry::Method::update, type_of(resource),
                                         format_query(condition), precondition);
  entry.resource = resource;
  return *state_->write_entry(principal, "fhir.update", entry);
}

std::optional<Version> Record::remove_where(const trust::Principal& principal, const std::string& type,
                                            const Parameters& condition, const Precondition& precondition) {
  return state_->write_entry(
      principal, "fhir.delete",
      State::entry_where(BundleEntry::Method::remove, type, format_query(condition), precondition));
}

Version Record::patch_where(const trust::Principal& principal, const std::string& type,
                            const Parameters& condition, const Json& patch,
                            const Precondition& precondition) {
  BundleEntry entry =
      State::entry_where(BundleEntry::Method::patch, type, format_query(condition), precondition);
  entry.resource = patch;
  return *state_->write_entry(principal, "fhir.patch", entry);
}

Version Record::read(const trust::Principal& principal, const std::string& type, const std::string& id) {
  return state_->read(principal, type, id, {});
}

Version Record::read_version(const trust::Principal& principal, const std::string& type,
                             const std::string& id, std::int64_t number) {
  return state_->read(principal, type, id, number);
}

std::string Record::search(const trust::Principal& principal, const std::string& type,
                           const Parameters& parameters) {
  Json names;
  std::string bundle = state_->guarded(principal, "fhir.search", type, [&] {
    if (const SearchAddress address = parse_address(type); !address.type.empty())
      require_role(principal, trust::Act::read, address.type);
    return state_->context.database.read([&](storage::Connection& connection) {
      const SearchRequest request =
          parse_search(connection, type, parameters, state_->context.options, principal);
      names = names_of(request.understood);
      return search_bundle(connection, principal, request, state_->context.options);
    });
  });
  state_->audit_read(principal, "fhir.search", type, {}, std::move(names));
  return bundle;
}

std::string Record::operate(const trust::Principal& principal, std::string_view name,
                            const OperationCall& call) {
  const Operation& operation = find_operation(name, call);
  if (operation.type.empty() && !call.type.empty()) require_type(call.type);
  const std::string entity =
      call.type + (call.id.empty() ? "" : "/" + call.id) + "/$" + std::string(operation.name);
  std::string patient;
  std::string answer = state_->guarded(principal, "fhir.search", entity, [&] {
    // What is sent to be validated is not read from the record.
    if (!call.type.empty() && operation.run != validate_resource)
      require_role(principal, trust::Act::read, call.type);
    return state_->context.database.read([&](storage::Connection& connection) {
      const StoredCanonicals canonicals(connection, state_->canonicals);
      std::string text = operation.run({connection, principal, state_->context.options, canonicals}, call);
      patient = State::patient_of(connection, call.type, call.id);
      return text;
    });
  });
  state_->audit_read(principal, "fhir.search", entity, std::move(patient), names_of(call.query));
  return answer;
}

std::string Record::history(const trust::Principal& principal, const std::string& type, const std::string& id,
                            const Parameters& parameters) {
  if (!type.empty()) require_type(type);
  const std::string entity = id.empty() ? type : type + "/" + id;
  std::string bundle = state_->guarded(principal, "fhir.history", entity, [&] {
    if (!type.empty()) require_role(principal, trust::Act::read, type);
    return state_->context.database.read([&](storage::Connection& connection) {
      if (!id.empty()) require_known(connection, principal, type, id);
      return history_bundle(connection, principal, type, id, parameters, state_->context.options);
    });
  });
  state_->audit_read(principal, "fhir.history", entity, {});
  return bundle;
}

Json Record::execute(const trust::Principal& principal, const Json& bundle, Returned returned) {
  const std::string type = bundle.text("type");
  if (bundle.text("resourceType") != "Bundle" || (type != "transaction" && type != "batch"))
    throw Error(ErrorCode::invalid_value, "Only a Bundle of type transaction or batch can be executed",
                "Bundle.type");
  const Json::Array& sent = entries_of(bundle);
  Json::Array answers;
  if (type == "transaction") {
    std::vector<BundleEntry> entries;
    for (const Json& json : sent) entries.push_back(parse_entry(json, entries.size()));
    const std::vector<EntryResult> results = state_->guarded(principal, "fhir.transaction", "Bundle", [&] {
      return write_transaction(state_->context, principal, entries);
    });
    // What was written is written: what cannot be read is told where it was asked for.
    for (std::size_t i = 0; i < entries.size(); ++i)
      answers.push_back(answer_or_error(
          [&] { return state_->answer(*this, principal, entries[i], results[i], returned); }));
    return response_bundle("transaction-response", std::move(answers));
  }
  for (const Json& json : sent)
    answers.push_back(answer_or_error([&] {
      const BundleEntry entry = parse_entry(json, answers.size());
      if (entry.method == BundleEntry::Method::read) return answer_reading(*this, principal, entry);
      const EntryResult result = state_->write_entry(principal, State::kind_of(entry.method), entry);
      return state_->answer(*this, principal, entry, result, returned);
    }));
  return response_bundle("batch-response", std::move(answers));
}

std::vector<Json> Record::find(const trust::Principal& principal, const std::string& type,
                               const Parameters& parameters) {
  require_type(type);
  require_role(principal, trust::Act::read, type);
  return state_->context.database.read([&](storage::Connection& connection) {
    const SearchRequest request =
        parse_search(connection, type, parameters, state_->context.options, principal);
    return all_matches(connection, principal, request);
  });
}

const RecordOptions& Record::options() const {
  return state_->context.options;
}

BulkData& Record::bulk() {
  return *state_->bulk;
}

Subscriptions& Record::subscriptions() {
  return *state_->subscriptions;
}

Json Record::validate(const Json& resource) const {
  return operation_outcome(meridian::record::validate(resource));
}

const Json& Record::capability_statement() const {
  std::call_once(state_->capability_made,
                 [&] { state_->capability = make_capability_statement(state_->context.options); });
  return state_->capability;
}

Json Record::terminology_capabilities() const {
  return state_->context.database.read([&](storage::Connection& connection) {
    return make_terminology_capabilities(connection, state_->context.options);
  });
}

}  // namespace meridian::record
