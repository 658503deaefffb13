// A message's data set as it is encoded, without taking it apart. Of this door only: it includes DCMTK.
#pragma once
#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmnet/assoc.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "base/json.h"

namespace meridian::doors::dimse {

// The bytes after what is given; nothing when there are more of them than are allowed. Throws unavailable or
// timed_out when the peer is gone or silent for so long, invalid_request when another message comes between.
std::optional<std::string> receive_bytes(T_ASC_Association* association, T_ASC_PresentationContextID context,
                                         std::uint64_t largest, std::chrono::seconds at_most,
                                         std::string after = {});

// A small data set in the DICOM JSON model. Throws too_large, not_supported and what is wrong with it,
// besides what receive_bytes throws.
Json receive_attributes(T_ASC_Association* association, T_ASC_PresentationContextID context,
                        std::chrono::seconds at_most);

// The transfer syntax's UID of an accepted presentation context; empty when there is no such context.
std::string transfer_syntax_of(T_ASC_Association* association, T_ASC_PresentationContextID context);

}  // namespace meridian::doors::dimse
