// The archive's index asked by somebody who may see some patients only.
#pragma once
#include <vector>

#include "archive/query.h"
#include "care/context.h"

namespace meridian::care {

// What archive::run_query gives, without the studies of patients that the principal may not see; offset and
// limit count what is left. A patient is given by the studies of theirs that are seen. Throws what run_query
// throws, and too_large when more than 100,000 matches would have to be looked at.
std::vector<Json> find_visible(const Context& context, const trust::Principal& principal,
                               const archive::Query& query);

}  // namespace meridian::care
