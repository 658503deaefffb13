// Whether what an assistant is shown and what it says in use have become other than they were at first: by
// the population stability index (Siddiqi, Credit Risk Scorecards, 2006).
#pragma once
#include <span>
#include <string>
#include <string_view>

#include "base/json.h"
#include "base/time.h"
#include "engine/finding.h"
#include "storage/database.h"

namespace meridian::engine {

// More than this is a shift, between so many readings of before and of now. Where nothing has changed, the
// index over ten bins times 1 / (1 / reference + 1 / recent) is spread as chi squared with 9 degrees of
// freedom (Yurdakul, Statistical Properties of Population Stability Index, 2018): so the limit is
// 33.72 (1 / reference + 1 / recent), the point that one in ten thousand passes (some more with few readings,
// whose logarithms are skewed: tests/engine/registry_test.cpp), and at least 0.25, below which a change is
// held to be small (Siddiqi).
double shift_limit(std::size_t reference, std::size_t recent);

extern const std::string_view kDriftTables;  // SQL
extern const std::string_view
    kDriftInOrder;  // SQL: what came later, since moments are too coarse to order by

// Keeps the reading's strangeness and the probability of its first finding that has one; of a version of the
// assistant, since another version says other things. Of each version only what drift_of looks at stays.
void note_scores(storage::Transaction& transaction, const std::string& assistant, const std::string& version,
                 const Reading& reading, Instant at);
// {probability, strangeness}, each {index, limit, reference, recent, shifted}: of the last readings against
// the first; null while there are too few.
Json drift_of(storage::Connection& connection, const std::string& assistant, const std::string& version);

// Over the tenths of the reference. Throws invalid_value when one of them is empty.
double population_stability(std::span<const double> reference, std::span<const double> recent);

}  // namespace meridian::engine
