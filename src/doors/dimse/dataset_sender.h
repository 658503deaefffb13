// Sends an encoded data set as it is, without taking it apart: in pieces as large as the peer takes them.
#pragma once
#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmnet/assoc.h>

#include <string_view>

namespace meridian::doors::dimse {

// After the command that announces it. What is wrong is in the condition (the peer is gone).
OFCondition send_dataset(T_ASC_Association* association, T_ASC_PresentationContextID context,
                         std::string_view dataset);

}  // namespace meridian::doors::dimse
