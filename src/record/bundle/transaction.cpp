#include "record/bundle/transaction.h"

#include <algorithm>
#include <numeric>
#include <unordered_map>
#include <unordered_set>

#include "base/encoding.h"
#include "base/error.h"
#include "base/id.h"
#include "record/bundle/bundle_reading.h"
#include "record/bundle/links.h"
#include "record/patch/patch.h"
#include "record/search/keys.h"
#include "record/store/conditional.h"
#include "record/store/visibility.h"

namespace meridian::record {
namespace {

using Method = BundleEntry::Method;

// Prepared beside the writer so often; then within it, where nobody else can interfere.
constexpr int kAttemptsBesideOthers = 4;
constexpr std::string_view kUuidUrn = "urn:uuid:";

// The database is no longer as it was when the transaction was prepared.
struct OutdatedPlan {};

// How ids of new resources are chosen: the UUIDs of their entries, or, where one of these is taken by
// something else, UUIDs that follow from all that the bundle says. Either way the same bundle sent again is
// the same resources.
enum class NewIds { from_full_url, from_content };

bool is_uuid(std::string_view text) {
  if (text.size() != 36) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    const bool digit = (text[i] >= '0' && text[i] <= '9') || (text[i] >= 'a' && text[i] <= 'f');
    if (dash ? text[i] != '-' : !digit) return false;
  }
  return true;
}

struct PlannedEntry {
  const BundleEntry* entry;
  std::string id;                   // that it has, or will have; empty when there is nothing to delete
  std::optional<Version> existing;  // what its condition found
  std::optional<Prepared> prepared;
  std::int64_t patched_version = 0;
};

trust::Act act_of(Method method) {
  return method == Method::remove ? trust::Act::remove : trust::Act::write;
}

// Everything of a transaction that can be done before it begins, on a snapshot and on the caller's thread.
class TransactionPlan {
 public:
  TransactionPlan(const WriteContext& context, const trust::Principal& principal,
                  storage::Connection& connection, const std::vector<BundleEntry>& entries, NewIds new_ids)
      : context_(context), principal_(principal), connection_(connection), new_ids_(new_ids) {
    if (new_ids == NewIds::from_content) content_ = content_of(entries);
    for (const BundleEntry& entry : entries) within(entry, [&] { identify(entry); });
    for (PlannedEntry& planned : plan_) within(*planned.entry, [&] { make_ready(planned); });
  }

  bool writes() const {
    return std::ranges::any_of(
        plan_, [](const PlannedEntry& planned) { return planned.entry->method != Method::read; });
  }

  std::vector<EntryResult> write(ResourceWriter& writer) {
    std::vector<EntryResult> results(plan_.size());
    writer.expect(new_resources());
    for (const std::size_t i : order())
      within(*plan_[i].entry, [&] { results[i] = write(writer, plan_[i]); });
    return results;
  }

 private:
  template <class Function>
  static void within(const BundleEntry& entry, Function function) {
    try {
      function();
    } catch (const Error& error) {
      throw within_entry(error, entry);
    }
  }

  // What tells this bundle from every other; whose it is belongs to it, for nobody learns of another's.
  std::string content_of(const std::vector<BundleEntry>& entries) const {
    Sha256 digest;
    digest.update(principal_.organization.empty() ? principal_.fhir_user : principal_.organization);
    for (const BundleEntry& entry : entries)
      digest.update(stable_id({entry.full_url, entry.type, entry.id, entry.query, entry.resource.dump()}));
    return digest.finish();
  }

  std::optional<Version> match(storage::Connection& connection, const BundleEntry& entry) const {
    auto found = find_only_match(connection, principal_, entry.type, entry.query, context_.options);
    return found ? std::optional(std::move(found->version)) : std::nullopt;
  }

  void identify(const BundleEntry& entry) {
    if (entry.method == Method::read)
      require_readable_entry(principal_, entry);
    else
      require_role(principal_, act_of(entry.method), entry.type);
    PlannedEntry planned{&entry, entry.id, {}, {}};
    if (entry.conditional && entry.method != Method::read) {
      planned.existing = match(connection_, entry);
      if (planned.existing) planned.id = planned.existing->id;
      if (entry.method == Method::update) require_fitting_id(planned);
    }
    if (planned.id.empty() && (entry.method == Method::create || entry.method == Method::update))
      planned.id = id_for(entry);
    if (entry.method != Method::read && !planned.id.empty() &&
        !written_.insert(entry.type + "/" + planned.id).second)
      throw Error(ErrorCode::invalid_request,
                  entry.type + "/" + planned.id + " is written by another entry too");
    const bool stays = entry.method != Method::remove && entry.method != Method::read;
    if (!entry.full_url.empty() && stays && !planned.id.empty()) rename(entry, entry.type + "/" + planned.id);
    plan_.push_back(std::move(planned));
  }

  // FHIR R4, 3.1.0.4.3: the id of a conditional update is that of the match, or of nothing yet.
  void require_fitting_id(const PlannedEntry& planned) const {
    const std::string id = planned.entry->resource.text("id");
    if (id.empty() || (planned.existing && planned.existing->id == id)) return;
    if (planned.existing)
      throw Error(ErrorCode::invalid_request,
                  "The resource's id \"" + id.substr(0, 64) + "\" is not that of " +
                      planned.existing->reference() + ", which meets the condition",
                  planned.entry->type + ".id", "Leave the id out");
    const auto other = find_newest(connection_, planned.entry->type, id);
    if (other && !other->version.deleted)
      throw Error(ErrorCode::conflict,
                  planned.entry->type + "/" + id + " exists already, but does not meet the condition",
                  planned.entry->type + ".id");
  }

  std::string id_for(const BundleEntry& entry) const {
    if (entry.method == Method::update && is_valid_id(entry.resource.text("id")))
      return entry.resource.text("id");
    const std::string_view url = entry.full_url;
    if (!url.starts_with(kUuidUrn) || !is_uuid(url.substr(kUuidUrn.size()))) return new_id();
    if (new_ids_ == NewIds::from_content) return stable_id({content_, url});
    return std::string(url.substr(kUuidUrn.size()));
  }

  // References to the entry's fullUrl become references to the resource.
  void rename(const BundleEntry& entry, const std::string& reference) {
    renamed_[entry.full_url] = reference;
    if (entry.resource.text("url") == entry.full_url) canonical_.insert(entry.full_url);
  }

  // What relative references in the entry's resource are relative to (FHIR R4, 2.36.4.1): the server that its
  // fullUrl names, else this one. What was here before is patched where it is.
  std::string base_of(const BundleEntry& entry) const {
    const auto tail = entry.full_url.rfind("/" + entry.type + "/");
    if (entry.method == Method::patch || tail == std::string::npos) return context_.options.base_url;
    return entry.full_url.substr(0, tail);
  }

  void make_ready(PlannedEntry& planned) {
    const BundleEntry& entry = *planned.entry;
    if (entry.method == Method::patch) return make_ready(planned, patched(planned));
    const bool writes =
        entry.method == Method::update || (entry.method == Method::create && !planned.existing);
    if (!writes) return;
    Json resource = entry.resource;
    resource["id"] = planned.id;
    make_ready(planned, std::move(resource));
  }

  void make_ready(PlannedEntry& planned, Json resource) {
    const std::string base = base_of(*planned.entry);
    for_each_link(resource, [&](LinkKind kind, std::string& link) {
      if (kind == LinkKind::address && canonical_.contains(link)) return;
      if (!lead_to_entry(link, base) && kind == LinkKind::reference) resolve(link);
    });
    context_.require_profiles(connection_, resource);
    planned.prepared = prepare(resource, context_.options);
  }

  // The newest version that the caller may see, as the patch leaves it.
  Json patched(PlannedEntry& planned) const {
    const BundleEntry& entry = *planned.entry;
    if (planned.id.empty())
      throw Error(ErrorCode::not_found, "No " + entry.type + " meets the condition",
                  entry.query.substr(0, 200));
    require_role(principal_, trust::Act::read, entry.type);
    const Version newest = require_readable(connection_, principal_, entry.type, planned.id).version;
    entry.condition.require(newest.reference(), newest.number, false);
    planned.patched_version = newest.number;
    return apply_patch(Json::parse(newest.body), entry.resource);
  }

  // False when it leads to no entry. It may name a version of one.
  bool lead_to_entry(std::string& link, const std::string& base) const {
    const auto version = std::min(link.find("/_history/"), link.size());
    const std::string name = link.substr(0, version);
    auto found = renamed_.find(name);
    if (found == renamed_.end() && !reference_key(name).id.empty()) found = renamed_.find(base + "/" + name);
    if (found == renamed_.end()) return false;
    link = found->second + link.substr(version);
    return true;
  }

  // A conditional reference becomes one to what meets it.
  void resolve(std::string& reference) {
    const auto question = reference.find('?');
    if (question == std::string::npos || !is_resource_type(reference.substr(0, question))) return;
    const auto known = resolved_.find(reference);
    if (known != resolved_.end()) {
      reference = known->second;
      return;
    }
    const auto found = find_only_match(connection_, principal_, reference.substr(0, question),
                                       reference.substr(question + 1), context_.options);
    if (!found)
      throw Error(ErrorCode::precondition_failed, "Nothing meets the conditional reference",
                  reference.substr(0, 200));
    reference = resolved_.emplace(reference, found->version.reference()).first->second;
  }

  // What may have to be made: of type and id.
  std::vector<std::pair<std::string_view, std::string_view>> new_resources() const {
    std::vector<std::pair<std::string_view, std::string_view>> resources;
    for (const PlannedEntry& planned : plan_)
      if (planned.prepared && planned.patched_version == 0)
        resources.emplace_back(planned.prepared->type, planned.prepared->id);
    return resources;
  }

  // By method; patients before what is about them, for a writer must have them in their care, and last what
  // belongs to whom another entry belongs (record/store/belonging.h).
  std::vector<std::size_t> order() const {
    std::vector<std::size_t> order(plan_.size());
    std::iota(order.begin(), order.end(), 0);
    const auto rank = [&](std::size_t i) {
      const std::string& type = plan_[i].entry->type;
      const int place = type == "Patient" ? 0 : type == "Binary" || type == "Provenance" ? 2 : 1;
      return std::pair(plan_[i].entry->method, place);
    };
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return rank(a) < rank(b); });
    return order;
  }

  EntryResult write(ResourceWriter& writer, const PlannedEntry& planned) {
    const BundleEntry& entry = *planned.entry;
    if (entry.method == Method::read) return {};
    if (entry.conditional) require_still_true(writer, planned);
    switch (entry.method) {
      case Method::remove:
        return planned.id.empty() ? EntryResult() : remove(writer, planned);
      case Method::create:
        return planned.existing ? *planned.existing : writer.create(*planned.prepared);
      case Method::update:
        return writer.update(*planned.prepared, entry.condition);
      case Method::patch:
        return write_patched(writer, planned);
      case Method::read:
        break;
    }
    return {};
  }

  Version remove(ResourceWriter& writer, const PlannedEntry& planned) const {
    const BundleEntry& entry = *planned.entry;
    if (entry.condition.is_given()) {
      const Version newest = require_known(writer.transaction(), principal_, entry.type, planned.id).version;
      entry.condition.require(newest.reference(), newest.number, newest.deleted);
    }
    return writer.remove(entry.type, planned.id);
  }

  // When somebody else was faster, the patch is made again, unless the client insists on the version it saw.
  static Version write_patched(ResourceWriter& writer, const PlannedEntry& planned) {
    try {
      return writer.update(*planned.prepared, planned.patched_version);
    } catch (const Error& error) {
      if (error.code() != ErrorCode::precondition_failed || planned.entry->condition.names_versions()) throw;
      throw OutdatedPlan();
    }
  }

  void require_still_true(ResourceWriter& writer, const PlannedEntry& planned) const {
    const std::optional<Version> found = match(writer.transaction(), *planned.entry);
    const bool same = found ? planned.existing && found->id == planned.existing->id : !planned.existing;
    if (!same) throw OutdatedPlan();
  }

  const WriteContext& context_;
  const trust::Principal& principal_;
  storage::Connection& connection_;
  const NewIds new_ids_;
  std::string content_;
  std::vector<PlannedEntry> plan_;
  std::unordered_map<std::string, std::string> renamed_;  // by fullUrl
  std::unordered_set<std::string> canonical_;  // of them, what an address names whatever its resource's id
  std::unordered_map<std::string, std::string> resolved_;  // conditional references
  std::unordered_set<std::string> written_;
};

std::vector<EntryResult> attempt(const WriteContext& context, const trust::Principal& principal,
                                 const std::vector<BundleEntry>& entries, NewIds new_ids) {
  auto plan = context.database.read([&](storage::Connection& connection) {
    return std::make_unique<TransactionPlan>(context, principal, connection, entries, new_ids);
  });
  if (!plan->writes()) return std::vector<EntryResult>(entries.size());
  return write_resources(context, principal, [&](ResourceWriter& writer) { return plan->write(writer); });
}

// Slower for all others, but nobody changes what the plan has seen.
std::vector<EntryResult> attempt_alone(const WriteContext& context, const trust::Principal& principal,
                                       const std::vector<BundleEntry>& entries, NewIds new_ids) {
  return write_resources(context, principal, [&](ResourceWriter& writer) {
    return TransactionPlan(context, principal, writer.transaction(), entries, new_ids).write(writer);
  });
}

}  // namespace

std::vector<EntryResult> write_transaction(const WriteContext& context, const trust::Principal& principal,
                                           const std::vector<BundleEntry>& entries) {
  NewIds new_ids = NewIds::from_full_url;
  for (int attempts = 0;; ++attempts) {
    const bool alone = attempts >= kAttemptsBesideOthers;
    try {
      return alone ? attempt_alone(context, principal, entries, new_ids)
                   : attempt(context, principal, entries, new_ids);
    } catch (const OutdatedPlan&) {
      // Another client wrote what a condition asks for, or, where there is no other, an entry did.
      if (alone)
        throw Error(ErrorCode::conflict, "The entries of the transaction change what its conditions ask for",
                    "Bundle.entry", "Send them in two bundles");
    } catch (const Error& error) {
      if (error.code() != ErrorCode::conflict || new_ids == NewIds::from_content) throw;
      new_ids = NewIds::from_content;
    }
  }
}

}  // namespace meridian::record
