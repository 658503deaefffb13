// ViewDefinitions in the record. R4 has no such type: each is kept in a Library of its id, as its content, so
// that it has versions, a history and searches as other definitions have.
#pragma once
#include <string>
#include <string_view>

#include "base/json.h"
#include "record/operations/operation.h"

namespace meridian::record {

// What tells such a Library from others, as a search asks for it: Library?type=SYSTEM|CODE.
extern const std::string_view kViewLibraryType;

// The Library for a ViewDefinition. Throws what ViewDefinition throws, so that what is kept can be run.
Json library_of_view(const Json& view);
// The ViewDefinition in it, with the id and meta of the Library. Throws not_found where it holds none that
// can be read.
Json view_of_library(const Json& library);
bool holds_view(const Json& library);

// By "ViewDefinition/id", "Library/id" or its canonical URL, also with |version. Throws not_found, also for
// what the one who asks may not see.
Json find_view(const OperationContext& context, const std::string& reference);

}  // namespace meridian::record
