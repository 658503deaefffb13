// Whether what an assistant is shown and what it says in use have become other than they were at first: by
// the population stability index (Siddiqi, Credit Risk Scorecards, 2006), of which more than 0.25 is a shift.
#pragma once
#include <span>
#include <string>
#include <string_view>

#include "base/json.h"
#include "base/time.h"
#include "engine/finding.h"
#include "storage/database.h"

namespace meridian::engine {

inline constexpr double kShift = 0.25;

extern const std::string_view kDriftTables;  // SQL

// Keeps the reading's strangeness and the probability of its first finding that has one; of a version of the
// assistant, since another version says other things.
void note_scores(storage::Transaction& transaction, const std::string& assistant, const std::string& version,
                 const Reading& reading, Instant at);
// {probability, strangeness}, each {index, reference, recent, shifted}: of the last readings against the
// first; null while there are too few.
Json drift_of(storage::Connection& connection, const std::string& assistant, const std::string& version);

// Over the tenths of the reference. Throws invalid_value when one of them is empty.
double population_stability(std::span<const double> reference, std::span<const double> recent);

}  // namespace meridian::engine
