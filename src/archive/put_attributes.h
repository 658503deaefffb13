// Attributes put into DCMTK's data sets while objects are composed. Of this room only: it includes DCMTK. All
// throw invalid_value with DCMTK's reason when it does not take a value.
#pragma once
#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>

#include <cstdint>
#include <string>

namespace meridian::archive {

// What DCMTK says of an attribute that was put otherwise.
void check_put(const OFCondition& condition);

void put(DcmItem& item, const DcmTagKey& tag,
         const std::string& value);                        // text: as the data set's character set
void put(DcmItem& item, const DcmTagKey& tag, int value);  // US: 0 to 65535
void put_long(DcmItem& item, const DcmTagKey& tag, std::uint64_t value);  // UL: below 2^32
void put_decimal(DcmItem& item, const DcmTagKey& tag, double value);      // DS: ten digits

// An item more of a sequence, which is made when it is missing; it lives as long as its parent.
DcmItem& new_item(DcmItem& parent, const DcmTagKey& sequence);
// A code (PS3.3 8.8) as another item of a sequence.
DcmItem& put_code(DcmItem& parent, const DcmTagKey& sequence, const std::string& value,
                  const std::string& scheme, const std::string& meaning);

}  // namespace meridian::archive
