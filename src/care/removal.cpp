#include "care/removal.h"

#include "base/error.h"
#include "base/metrics.h"
#include "care/holds.h"
#include "care/people.h"
#include "care/recordings.h"
#include "care/results.h"
#include "care/study.h"
#include "trust/access.h"

namespace meridian::care {
namespace {

using archive::InstanceFacts;

[[noreturn]] void fail_signed(const std::string& instance) {
  throw Error(ErrorCode::conflict, "A signed report rests on these images", "Instance " + instance,
              "What a signed report rests on is kept with it");
}

// The case of an instance; none where it is an assistant's.
std::optional<CaseRow> case_of(storage::Connection& connection, const std::string& instance) {
  std::string id;
  connection.query_first("SELECT case_id FROM care_recording WHERE instance = ?", {instance},
                         [&](const storage::Row& row) { id = row.text(0); });
  return id.empty() ? std::nullopt : find_case(connection, id);
}

bool is_signed_result(storage::Connection& connection, const std::string& instance) {
  return connection.query_first("SELECT 1 FROM care_result WHERE instance = ? AND signed = 1", {instance},
                                [](const storage::Row&) {});
}

// detail: beside the study and series.
trust::LedgerEntry entry_of(const InstanceFacts& facts, const std::string& patient, Json detail) {
  trust::LedgerEntry entry;
  entry.action = "D";
  entry.kind = "dicom.remove";
  entry.patient = patient;
  entry.entity = facts.key.instance;
  entry.detail = std::move(detail);
  entry.detail["study"] = facts.key.study;
  entry.detail["series"] = facts.key.series;
  return entry;
}

}  // namespace

std::size_t Removal::remove(const trust::Principal& principal, const std::string& study,
                            const std::string& series, const std::string& instance) const {
  std::size_t removed = 0;
  context_.record.write(acting_for(principal), [&](record::Writer& writer) {
    storage::Transaction& transaction = writer.transaction();
    std::vector<InstanceFacts> found = context_.archive.instances(study, series);
    if (!instance.empty())
      std::erase_if(found, [&](const InstanceFacts& facts) { return facts.key.instance != instance; });
    erase_hidden(transaction, principal, found);
    if (found.empty())
      throw Error(ErrorCode::not_found, "There is no such study, or none that you may see", study);
    const std::string patient = visible_patient(transaction, principal, found.front().key.instance);
    trust::require(transaction, principal, trust::Act::remove, "ImagingStudy", patient);
    require_no_hold(transaction, patient);
    Cases cases;
    for (const InstanceFacts& facts : found) {
      if (is_signed_result(transaction, facts.key.instance)) fail_signed(facts.key.instance);
      const auto row = case_of(transaction, facts.key.instance);
      if (row && row->status == CaseStatus::signed_off) fail_signed(facts.key.instance);
      if (row) cases.emplace(row->id, *row);
    }
    take_out(writer, found, patient, cases, Json::object());
    removed = found.size();
  });
  count("meridian_instances_removed_total", {}, static_cast<double>(removed));
  return removed;
}

std::size_t Removal::remove_expired(const std::string& study, int days,
                                    const std::function<bool(storage::Connection&)>& goes) const {
  std::size_t removed = 0;
  context_.record.write(trust::Principal::system(), [&](record::Writer& writer) {
    storage::Transaction& transaction = writer.transaction();
    if (!goes(transaction)) return;
    const std::vector<InstanceFacts> found = context_.archive.instances(study);
    std::string patient;
    Cases cases;
    for (const InstanceFacts& facts : found) {
      const auto row = case_of(transaction, facts.key.instance);
      if (!row) continue;
      patient = row->patient;
      cases.emplace(row->id, *row);
    }
    take_out(writer, found, patient, cases, Json::object({{"keptForDays", days}}));
    removed = found.size();
  });
  count("meridian_instances_removed_total", {}, static_cast<double>(removed));
  return removed;
}

void Removal::take_out(record::Writer& writer, const std::vector<InstanceFacts>& found,
                       const std::string& patient, const Cases& cases, const Json& detail) const {
  storage::Transaction& transaction = writer.transaction();
  for (const InstanceFacts& facts : found) {
    context_.archive.remove(transaction, facts.key);
    transaction.execute("DELETE FROM care_recording WHERE instance = ?", {facts.key.instance});
    transaction.execute("DELETE FROM care_result WHERE instance = ?", {facts.key.instance});
    writer.audit(entry_of(facts, patient, detail));
  }
  refresh_study(writer, context_.archive, found.front().key.study);
  for (const auto& [id, row] : cases) publish_case(transaction, context_.events, row);
}

}  // namespace meridian::care
