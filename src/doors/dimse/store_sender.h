// C-STORE requests whose data set is sent as it is encoded, without taking it apart.
#pragma once
#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmnet/assoc.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace meridian::doors::dimse {

struct StoreCommand {
  std::string sop_class, instance;  // UIDs
  std::uint16_t message = 0;        // its number, by which it is answered
};

// The command and then its data set, in pieces as large as the peer takes them. What is wrong is in the
// condition (the peer is gone).
OFCondition send_store(T_ASC_Association* association, T_ASC_PresentationContextID context,
                       const StoreCommand& command, std::string_view dataset);

}  // namespace meridian::doors::dimse
