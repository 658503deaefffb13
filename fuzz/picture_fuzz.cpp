// Pictures and volumes made of hostile bytes: whichever reader takes them, and labels written back for a
// volume.
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "archive/nifti.h"
#include "base/error.h"
#include "vision/picture.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace meridian;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  try {
    const archive::Nifti nifti = archive::read_nifti(bytes);
    archive::compose_nifti_labels(nifti.header, std::vector<std::uint8_t>(nifti.volume.voxels.size()));
  } catch (const Error&) {
  }
  try {
    vision::decode_picture(bytes);
  } catch (const Error&) {
  }
  return 0;
}
