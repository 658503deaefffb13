// Work that is shared out and followed step by step: unified procedure steps (PS3.4, CC), as IHE's AI
// Workflow for Imaging hands them to those who do it. Data sets are DICOM JSON.
//
// A work item is its patient's, found as an instance's is (patient_match.h): who sees the patient sees it.
// Without a patient it is that of the organization that made it.
#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "care/context.h"
#include "care/workitem_index.h"

namespace meridian::care {

inline constexpr const char* kGlobalSubscription = "1.2.840.10008.5.1.4.34.5";
inline constexpr const char* kFilteredGlobalSubscription = "1.2.840.10008.5.1.4.34.5.1";

struct WorkitemQuery {
  std::vector<WorkitemKey> keys;
  std::int64_t offset = 0, limit = 100;
};

std::span<const storage::Migration> workitem_migrations();

class Workitems {
 public:
  explicit Workitems(const Context& context);

  // Takes it as SCHEDULED and gives its UID; a new one where uid is empty. Throws invalid_structure naming
  // the attribute that PS3.4, CC.2.5.1.3 wants otherwise, conflict for a UID that is known.
  std::string create(const trust::Principal& principal, const std::string& uid, Json attributes) const;
  // Without its Transaction UID, which only its performer knows. Throws not_found, as all that follow.
  Json read(const trust::Principal& principal, const std::string& uid) const;
  // Newest first.
  std::vector<Json> find(const trust::Principal& principal, const WorkitemQuery& query) const;
  // Replaces attributes. Of one IN PROGRESS only its performer may, who names the transaction. Throws
  // conflict (it has ended, or another's transaction), invalid_structure (what may not be changed).
  void update(const trust::Principal& principal, const std::string& uid, const std::string& transaction,
              const Json& attributes) const;
  // SCHEDULED to IN PROGRESS, under a Transaction UID from now on; from there, by that transaction, to
  // COMPLETED or CANCELED. False when it has ended so already. Throws conflict, also where what
  // PS3.4, CC.2.5.1.3 wants of a completed one is missing.
  bool change_state(const trust::Principal& principal, const std::string& uid, const std::string& state,
                    const std::string& transaction) const;
  // Cancels one that is SCHEDULED, keeps the reason with it and gives true; of one IN PROGRESS the
  // subscribers are told, of whom its performer is one. reason: attributes of PS3.4, CC.2.2; throws
  // invalid_structure for others, conflict when it has ended.
  bool request_cancel(const trust::Principal& principal, const std::string& uid, const Json& reason) const;

  // The AE title is told of what becomes of a work item, or of all that there are and will be (a global UID;
  // those that match the keys), as long as its organization sees them. The present state is told at once.
  void subscribe(const trust::Principal& principal, const std::string& uid, const std::string& ae_title,
                 const std::vector<WorkitemKey>& keys) const;
  // From one, or from all.
  void unsubscribe(const trust::Principal& principal, const std::string& uid,
                   const std::string& ae_title) const;
  // Of a global subscription: what comes from now on is not subscribed to.
  void suspend(const trust::Principal& principal, const std::string& ae_title) const;
  // Event reports (PS3.4, CC.2.4) to the AE title, as DICOM JSON, while the subscription is kept: those that
  // somebody of the principal's organization subscribed to.
  std::shared_ptr<Events::Subscription> listen(const trust::Principal& principal, const std::string& ae_title,
                                               std::function<void(const std::string& report)> callback) const;

 private:
  // UIDs of those that have not ended, match and are seen.
  std::vector<std::string> open_items(const trust::Principal& principal,
                                      const std::vector<WorkitemKey>& keys) const;

  Context context_;
  std::shared_ptr<Events> reports_;
};

}  // namespace meridian::care
