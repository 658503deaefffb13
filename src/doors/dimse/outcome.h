// What a message is answered with: a status and, when something went wrong, why.
#pragma once
#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dcdatset.h>

#include <cstdint>
#include <memory>
#include <string>

#include "base/error.h"

namespace meridian::doors::dimse {

struct Outcome {
  std::uint16_t status = 0;  // success
  std::string comment;
};

Outcome outcome_of(const Error& error);

// The comment as (0000,0902), cut to its 64 characters and ASCII; nothing when there is none.
std::unique_ptr<DcmDataset> status_detail(const Outcome& outcome);

// In a log's words.
std::string status_text(std::uint16_t status);

}  // namespace meridian::doors::dimse
