// Segmentations as earlier versions of this program made them.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "archive/transfer_syntax.h"

namespace meridian::archive {

// Those of projections had neither the orientation of their plane nor their pixels' measures, without which
// viewers fail. Gives the data set with both, or nothing when it is another object or lacks neither. dataset:
// need not hold its pixel data. Throws corrupted.
std::optional<std::string> with_plane(std::string_view dataset, const TransferSyntax& syntax);

}  // namespace meridian::archive
