// The identifiers of C-FIND, C-MOVE and C-GET (PS3.4, C.4): what is asked, and what matches.
#pragma once
#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dcdatset.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "archive/query.h"
#include "base/json.h"

namespace meridian::doors::dimse {

// More matches than these are not sent: the query is refused, or the peer would take a part for the whole.
inline constexpr std::int64_t kMostMatches = 10'000;

// Its limit is one more than kMostMatches. Texts in the identifier's character set become UTF-8. Throws
// invalid_structure for a level that the model lacks or that is missing, and for text that is not of its
// character set.
archive::Query read_identifier(DcmDataset& identifier, std::string_view model);

// The keys of a worklist query, those of its sequences' items among them. Throws as read_identifier does.
std::vector<archive::QueryKey> read_worklist_keys(DcmDataset& identifier);

// The attributes that were asked for, of a match in DICOM JSON; empty where the index does not hold them.
// A sequence has those that its item asks for. Texts are UTF-8 (ISO_IR 192).
std::unique_ptr<DcmDataset> match_dataset(DcmDataset& identifier, const Json& match);
// The same of what can be retrieved, and from whom (PS3.4, C.4.1.1.3.2).
std::unique_ptr<DcmDataset> match_dataset(DcmDataset& identifier, const Json& match,
                                          const std::string& retrieve_ae_title);

}  // namespace meridian::doors::dimse
