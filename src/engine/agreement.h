// How far clinicians agree with an assistant's drafts: each draft that a signed report rests on, or that is
// thrown out, is a judgement of the version that made it, since another version says other things. All are
// counted by site; one by one only the last are kept, by which an assistant is switched off.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "base/json.h"
#include "base/time.h"
#include "storage/database.h"

namespace meridian::engine {

// When an assistant is switched off by itself.
struct AgreementPolicy {
  int window = 30;     // the last judgements that are looked at, once there are as many
  double least = 0.5;  // share of them that must have accepted; 0: it is never switched off
};

extern const std::string_view kAgreementTables;     // SQL
extern const std::string_view kAgreementByVersion;  // SQL: what came later

// Of a version of an assistant.
struct Judged {
  std::string assistant, version;
};

// site: "Organization/…" of who judged. Of the version's judgements the last window are kept.
void note_judgement(storage::Transaction& transaction, const Judged& judged, const std::string& site,
                    bool accepted, int window, Instant at);
// How many of the version's last judgements since then accepted; nothing while there are fewer than the
// window.
std::optional<int> accepted_of_last(storage::Connection& connection, const Judged& judged, int window,
                                    Instant since);
// [{site, accepted, rejected}] of the version, in the order of the sites' names.
Json agreement_by_site(storage::Connection& connection, const Judged& judged);

}  // namespace meridian::engine
