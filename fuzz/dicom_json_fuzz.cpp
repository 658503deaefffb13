// Bytes as a data set in DICOM JSON or in the Native DICOM Model's XML, made a file, read back as metadata.
// Bulk data are what stands behind the first zero byte.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "archive/attribute_xml.h"
#include "archive/json_dataset.h"
#include "archive/metadata.h"
#include "archive/part10.h"
#include "base/error.h"

namespace {

using namespace meridian;
using namespace meridian::archive;

void use(std::string_view text, std::string_view bulk) {
  const Json dataset = text.starts_with('<') ? read_dicom_xml(text) : Json::parse(text);
  const std::string file = compose_from_json(dataset, [&](const std::string& uri) {
    return BulkData{bulk, uri};
  });
  const FileMeta meta = read_file_meta(file);
  const Json again = Json::parse(
      dicom_json(std::string_view(file).substr(meta.dataset_offset), *meta.syntax, 0, "bulk").dump());
  read_dicom_xml(dicom_xml(again));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const std::size_t end = bytes.find('\0');
  try {
    use(bytes.substr(0, end), end == std::string_view::npos ? std::string_view() : bytes.substr(end + 1));
  } catch (const Error&) {
  }
  return 0;
}
