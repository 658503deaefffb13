// DCMTK's data sets made from bytes that were walked first. Of this room only: it includes DCMTK.
#pragma once
#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>

#include "archive/pixel_format.h"
#include "archive/transfer_syntax.h"

namespace meridian::archive {

// Silences DCMTK's own log (what it finds wrong comes out as our errors) and checks its dictionary, once.
void use_dcmtk();

// The data set's bytes, which need not hold its pixel data. Throws corrupted with DCMTK's reason.
std::unique_ptr<DcmDataset> load_dataset(std::string_view dataset, const TransferSyntax& syntax);

// Sets the attributes that say what the samples of a frame mean. Throws corrupted.
void describe_pixels(DcmDataset& dataset, const PixelFormat& format);

// Those of these elements that have a value, in place of what was there.
void copy_values(DcmItem& from, DcmItem& to, std::initializer_list<DcmTagKey> tags);

// The data set's bytes in a native transfer syntax.
std::string write_dataset(DcmDataset& dataset, const TransferSyntax& syntax);

// A Part 10 file of the data set in explicit VR little endian, or another native transfer syntax.
std::string write_part10(DcmDataset& dataset);
std::string write_part10(DcmDataset& dataset, const TransferSyntax& syntax);

}  // namespace meridian::archive
