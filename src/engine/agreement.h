// How far clinicians agree with an assistant's drafts: each draft that a signed report rests on, or that is
// thrown out, is a judgement of it, by assistant and site.
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

extern const std::string_view kAgreementTables;  // SQL

// site: "Organization/…" of who judged.
void note_judgement(storage::Transaction& transaction, const std::string& assistant, const std::string& site,
                    bool accepted, Instant at);
// How many of the last judgements since then accepted; nothing while there are fewer than the window.
std::optional<int> accepted_of_last(storage::Connection& connection, const std::string& assistant, int window,
                                    Instant since);
// [{site, accepted, rejected}], in the order of the sites' names.
Json agreement_by_site(storage::Connection& connection, const std::string& assistant);

}  // namespace meridian::engine
