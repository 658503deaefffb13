// Reads the whole ledger and finds the first place where it is not what was written.
#pragma once
#include <functional>
#include <optional>

#include "storage/database.h"
#include "trust/checkpoint.h"
#include "trust/ledger.h"
#include "trust/signing_key.h"

namespace meridian::trust {

// filed: the newest checkpoint as kept outside the database, if there is one.
LedgerVerdict verify_ledger(storage::Connection& connection, const SigningKey& key,
                            const std::optional<Checkpoint>& filed,
                            const std::function<void(std::int64_t, std::int64_t)>& progress);

}  // namespace meridian::trust
