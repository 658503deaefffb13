#include "archive/dataset.h"

#include <dcmtk/dcmdata/dcistrmb.h>
#include <dcmtk/dcmdata/dcostrmb.h>
#include <dcmtk/oflog/oflog.h>

#include <mutex>

#include "archive/part10.h"
#include "base/error.h"

namespace meridian::archive {
namespace {

constexpr std::size_t kWriteBuffer = 256 * 1024;

void check(const OFCondition& condition, ErrorCode code, const std::string& what) {
  if (condition.bad()) throw Error(code, what + ": " + condition.text());
}

std::string value_of(DcmItem& item, const DcmTagKey& tag) {
  OFString value;
  item.findAndGetOFString(tag, value);
  return {value.data(), value.size()};
}

}  // namespace

void use_dcmtk() {
  static std::once_flag once;
  std::call_once(once, [] {
    OFLog::configure(OFLogger::OFF_LOG_LEVEL);
    if (!dcmDataDict.isDictionaryLoaded())
      throw Error(ErrorCode::unavailable, "DCMTK's data dictionary is missing", {},
                  "Install the package libdcmtk17");
  });
}

std::unique_ptr<DcmDataset> load_dataset(std::string_view bytes, const TransferSyntax& syntax) {
  use_dcmtk();
  auto dataset = std::make_unique<DcmDataset>();
  DcmInputBufferStream stream;
  stream.setBuffer(bytes.data(), static_cast<offile_off_t>(bytes.size()));
  stream.setEos();
  const E_TransferSyntax xfer = DcmXfer(std::string(syntax.uid).c_str()).getXfer();
  dataset->transferInit();
  const OFCondition result = dataset->read(stream, xfer, EGL_noChange);
  dataset->transferEnd();
  if (result != EC_EndOfStream) check(result, ErrorCode::corrupted, "The data set cannot be read");
  return dataset;
}

void describe_pixels(DcmDataset& dataset, const PixelFormat& format) {
  const auto put = [&](const DcmTagKey& tag, int value) {
    check(dataset.putAndInsertUint16(tag, static_cast<Uint16>(value)), ErrorCode::corrupted,
          "The pixels cannot be described");
  };
  put(DCM_Rows, format.rows);
  put(DCM_Columns, format.columns);
  put(DCM_SamplesPerPixel, format.samples);
  put(DCM_BitsAllocated, format.bits_allocated);
  put(DCM_BitsStored, format.bits_stored);
  put(DCM_HighBit, format.bits_stored - 1);
  put(DCM_PixelRepresentation, format.is_signed);
  if (format.samples > 1) put(DCM_PlanarConfiguration, format.by_plane);
  check(dataset.putAndInsertString(DCM_PhotometricInterpretation, format.photometric.c_str()),
        ErrorCode::corrupted, "The pixels cannot be described");
}

std::string write_part10(DcmDataset& dataset) {
  return write_part10(dataset, *find_transfer_syntax(kExplicitLittleEndian));
}

void copy_values(DcmItem& from, DcmItem& to, std::initializer_list<DcmTagKey> tags) {
  for (const DcmTagKey& tag : tags) {
    DcmElement* element = nullptr;
    if (from.findAndGetElement(tag, element).good() && element->getLength() > 0)
      to.insert(static_cast<DcmElement*>(element->clone()), true);
  }
}

std::string write_dataset(DcmDataset& dataset, const TransferSyntax& syntax) {
  use_dcmtk();
  const E_TransferSyntax xfer = DcmXfer(std::string(syntax.uid).c_str()).getXfer();
  std::string buffer(kWriteBuffer, '\0'), bytes;
  DcmOutputBufferStream output(buffer.data(), static_cast<offile_off_t>(buffer.size()));
  const auto drain = [&] {
    void* written = nullptr;
    offile_off_t size = 0;
    output.flushBuffer(written, size);
    bytes.append(static_cast<const char*>(written), static_cast<std::size_t>(size));
  };
  dataset.transferInit();
  OFCondition result = EC_StreamNotifyClient;
  while (result == EC_StreamNotifyClient) {
    result = dataset.write(output, xfer, EET_ExplicitLength, nullptr);
    drain();
  }
  dataset.transferEnd();
  check(result, ErrorCode::internal, "The data set cannot be written");
  return bytes;
}

std::string write_part10(DcmDataset& dataset, const TransferSyntax& syntax) {
  return make_part10(write_dataset(dataset, syntax), value_of(dataset, DCM_SOPClassUID),
                     value_of(dataset, DCM_SOPInstanceUID), syntax.uid);
}

}  // namespace meridian::archive
