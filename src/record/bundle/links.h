// What in a resource leads to another, for rewriting within a transaction (FHIR R4, 3.1.0.11.2).
#pragma once
#include <functional>
#include <string>

#include "base/json.h"

namespace meridian::record {

// How the visitor is to take a link.
enum class LinkKind {
  reference,  // Reference.reference
  address     // of the types uri, url, oid and uuid, and href and src in
              // narratives; not canonical
};

// Each link in the resource and in what it contains, wherever it stands; what the visitor changes is changed.
void for_each_link(Json& resource, const std::function<void(LinkKind, std::string&)>& visit);

}  // namespace meridian::record
