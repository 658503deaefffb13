// How a NIfTI volume lies in the patient.
#pragma once
#include <string>

#include "vision/image.h"

namespace meridian::archive {

// The volume turned by quarters and mirrored so that its slices are axial and lie as DICOM shows them: along
// a row to the patient's left, down the rows to the back, from slice to slice to the head. header: the
// volume's own (archive/nifti.h). By the matrix that the header calls sform, else by its qform; each axis
// goes to the nearest of the patient's. Throws not_supported when the header says of neither where the volume
// lies.
vision::Volume as_axial(const vision::Volume& volume, const std::string& header);

}  // namespace meridian::archive
