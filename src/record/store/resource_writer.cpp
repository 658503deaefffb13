#include "record/store/resource_writer.h"

#include <algorithm>

#include "base/error.h"
#include "base/id.h"
#include "record/profiles/profile_validator.h"
#include "record/store/visibility.h"

namespace meridian::record {
namespace {

bool says_the_same(const Prepared& prepared, const Version& version) {
  return !version.deleted && prepared.body(version.number, version.last_updated) == version.body;
}

std::string managing_organization_in(const Version& version) {
  if (version.type != "Patient" || version.deleted) return {};
  return Json::parse(version.body).text("managingOrganization.reference");
}

}  // namespace

void WriteContext::require_profiles(storage::Connection& connection, const Json& resource) const {
  if (!options.check_profiles || !packaged) return;
  require_claimed_profiles(resource, StoredCanonicals(connection, *packaged));
}

Version ResourceWriter::create(const Json& resource) {
  Json copy = resource;
  type_of(copy);
  copy["id"] = new_id();
  context_.require_profiles(transaction_, copy);
  return create(prepare(copy, context_.options));
}

Version ResourceWriter::update(const Json& resource, std::optional<std::int64_t> expected) {
  context_.require_profiles(transaction_, resource);
  return update(prepare(resource, context_.options), Precondition(expected));
}

Version ResourceWriter::create(const Prepared& prepared) {
  require_role(principal_, trust::Act::write, prepared.type);
  if (const auto there = find_newest_of(prepared)) {
    if (may_see_resource(transaction_, principal_, there->key)) {
      if (says_the_same(prepared, there->version)) return there->version;
      const std::optional<Version> first = find_version(transaction_, *there, 1);
      if (first && says_the_same(prepared, *first)) return *first;
    }
    throw Error(ErrorCode::conflict,
                prepared.type + "/" + prepared.id + " exists already with another content");
  }
  return insert(prepared);
}

Version ResourceWriter::update(const Prepared& prepared, const Precondition& condition) {
  require_role(principal_, trust::Act::write, prepared.type);
  const std::optional<StoredResource> newest = find_newest_of(prepared);
  if (newest && !may_see_resource(transaction_, principal_, newest->key))
    throw Error(ErrorCode::forbidden, "You may not change " + prepared.type + "/" + prepared.id);
  condition.require(prepared.type + "/" + prepared.id,
                    newest ? std::optional(newest->version.number) : std::nullopt,
                    newest && newest->version.deleted);
  if (!newest) return insert(prepared);
  if (says_the_same(prepared, newest->version)) return newest->version;
  return replace(*newest, prepared);
}

Version ResourceWriter::insert(const Prepared& prepared) {
  Version version{prepared.type, prepared.id, 1, moment_, false, true, prepared.body(1, moment_)};
  settle_access(prepared, {});
  const Ownership ownership = settle_ownership(prepared, true);
  require_patients(ownership.patients, prepared);
  if (newest_key_ == 0) newest_key_ = newest_key(transaction_);
  const std::int64_t key = ++newest_key_;
  insert_resource(transaction_, key, prepared, ownership, version);
  known_absent_.erase({prepared.type, prepared.id});
  batch_.add(key, prepared.rows);
  note_change(key, version);
  note(version, ownership.patients, "C", "fhir.create");
  return version;
}

Version ResourceWriter::replace(const StoredResource& newest, const Prepared& prepared) {
  const std::int64_t number = newest.version.number + 1;
  Version version{prepared.type,
                  prepared.id,
                  number,
                  moment_,
                  false,
                  newest.version.deleted,
                  prepared.body(number, moment_)};
  const Ownership ownership = settle_ownership(prepared, false);
  require_patients(ownership.patients, prepared);
  settle_access(prepared, managing_organization_in(newest.version));
  insert_rows_of(newest.key);
  replace_resource(transaction_, newest, prepared, ownership, version);
  batch_.add(newest.key, prepared.rows);
  note_change(newest.key, version);
  note(version, ownership.patients, "U", "fhir.update");
  return version;
}

Version ResourceWriter::remove(const std::string& type, const std::string& id) {
  require_role(principal_, trust::Act::remove, type);
  const StoredResource newest = require_known(transaction_, principal_, type, id);
  if (newest.version.deleted) return newest.version;
  Version version{type, id, newest.version.number + 1, moment_, true, false, {}};
  insert_rows_of(newest.key);
  changes_.erase(newest.key);
  if (context_.watcher)
    context_.watcher->changed(transaction_, principal_,
                              {{newest.key, type, id, version.number, Change::Kind::removed}});
  delete_resource(transaction_, newest, version);
  note(version, patients_of_stored(transaction_, newest.key), "D", "fhir.delete");
  return version;
}

void ResourceWriter::add_context(const std::string& reference, Ownership& ownership) {
  const auto slash = reference.find('/');
  if (slash == std::string::npos) return;
  const auto context = ownership_of(transaction_, reference.substr(0, slash), reference.substr(slash + 1));
  if (!context) return;
  ownership.audience = std::min(ownership.audience, context->audience);
  for (const std::string& patient : context->patients)
    if (std::ranges::find(ownership.patients, patient) == ownership.patients.end())
      ownership.patients.push_back(patient);
}

Ownership ResourceWriter::settle_ownership(const Prepared& prepared, bool is_new) {
  const Belonging& belonging = prepared.belonging;
  Ownership ownership{belonging.patients, belonging.audience, {}};
  for (const std::string& context : belonging.contexts) add_context(context, ownership);
  if (!ownership.patients.empty() || ownership.audience == Audience::everyone) return ownership;
  if (!is_new)
    if (const auto before = ownership_of(transaction_, prepared.type, prepared.id))
      ownership.owner = before->owner;
  if (ownership.owner.empty())
    ownership.owner = principal_.organization.empty() ? principal_.fhir_user : principal_.organization;
  if (ownership.owner.empty()) ownership.owner = "system";
  return ownership;
}

// Who writes about a patient must have that patient in their care; a new patient comes into it by being
// written.
void ResourceWriter::require_patients(const std::vector<std::string>& patients, const Prepared& prepared) {
  const std::string itself = prepared.type == "Patient" ? "Patient/" + prepared.id : std::string();
  for (const std::string& patient : patients) {
    if (patient == itself || in_care_.contains(patient)) continue;
    trust::require(transaction_, principal_, trust::Act::write, prepared.type, patient);
    in_care_.insert(patient);
  }
}

void ResourceWriter::settle_access(const Prepared& prepared,
                                   const std::optional<std::string>& managed_before) {
  if (prepared.type != "Patient" || managed_before == prepared.managing_organization) return;
  const std::string patient = "Patient/" + prepared.id;
  in_care_.clear();
  if (managed_before && !managed_before->empty())
    trust::withdraw_access(transaction_, patient, *managed_before, "managing");
  if (!prepared.managing_organization.empty())
    trust::grant_access(transaction_, patient, prepared.managing_organization, "managing");
  else if (!managed_before && !principal_.organization.empty())
    trust::grant_access(transaction_, patient, principal_.organization, "registered");
}

void ResourceWriter::insert_rows_of(std::int64_t key) {
  if (batch_.holds(key)) batch_.insert(transaction_);
}

void ResourceWriter::note(const Version& version, const std::vector<std::string>& patients,
                          const char* action, const char* kind) {
  trust::LedgerEntry entry;
  entry.action = action;
  entry.kind = kind;
  entry.patient = patients.empty() ? std::string() : patients.front();
  entry.entity = version.reference() + "/_history/" + std::to_string(version.number);
  audit(std::move(entry));
  for (const Listener& listener : context_.listeners) listener(*this, version);
}

void ResourceWriter::note_change(std::int64_t key, const Version& version) {
  const Change::Kind kind = version.created ? Change::Kind::created : Change::Kind::updated;
  const auto there = changes_.try_emplace(key, Change{key, version.type, version.id, 0, kind}).first;
  there->second.version = version.number;
}

void ResourceWriter::settle() {
  insert_rows();
  append_entries();
  if (!context_.watcher || changes_.empty()) return;
  std::vector<Change> changes;
  for (auto& [key, change] : changes_) changes.push_back(std::move(change));
  context_.watcher->changed(transaction_, principal_, changes);
}

void ResourceWriter::append_entries() {
  if (entries_.empty()) return;
  context_.ledger.append_all(transaction_, principal_, std::exchange(entries_, {}));
}

void ResourceWriter::expect(std::span<const std::pair<std::string_view, std::string_view>> resources) {
  if (resources.size() < 2) return;
  const auto known = known_among(transaction_, resources);
  for (const auto& [type, id] : resources)
    if (std::pair<std::string, std::string> name(type, id); !known.contains(name))
      known_absent_.insert(std::move(name));
}

std::optional<StoredResource> ResourceWriter::find_newest_of(const Prepared& prepared) {
  if (known_absent_.contains({prepared.type, prepared.id})) return {};
  return find_newest(transaction_, prepared.type, prepared.id);
}

Version ResourceWriter::read(const std::string& type, const std::string& id) {
  require_role(principal_, trust::Act::read, type);
  return require_readable(transaction_, principal_, type, id).version;
}

Version ResourceWriter::read(const std::string& reference) {
  const auto slash = reference.find('/');
  if (slash == std::string::npos)
    throw Error(ErrorCode::invalid_value,
                "\"" + reference.substr(0, 80) + "\" is no reference to a resource of this node");
  return read(reference.substr(0, slash), reference.substr(slash + 1));
}

void ResourceWriter::audit(trust::LedgerEntry entry) {
  entries_.push_back(std::move(entry));
}

void ResourceWriter::enqueue(const std::string& topic, const Json& payload, const std::string& key,
                             std::chrono::seconds delay) {
  context_.queue.add_in_series(transaction_, key, topic, payload, key, delay);
}

}  // namespace meridian::record
