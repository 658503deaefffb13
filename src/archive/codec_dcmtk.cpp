#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dcpixseq.h>
#include <dcmtk/dcmdata/dcpxitem.h>
#include <dcmtk/dcmdata/dctk.h>
#include <dcmtk/dcmjpeg/djdecode.h>
#include <dcmtk/dcmjpls/djdecode.h>

#include <memory>
#include <mutex>

#include "archive/codecs.h"
#include "archive/dataset.h"
#include "archive/jpeg_header.h"
#include "base/error.h"

namespace meridian::archive {
namespace {

void register_codecs() {
  static std::once_flag once;
  std::call_once(once, [] {
    use_dcmtk();
    // Colours come out as the photometric interpretation and the code stream together ask for, samples
    // interleaved.
    DJDecoderRegistration::registerCodecs(EDC_photometricInterpretation, EUC_never, EPC_colorByPixel);
    DJLSDecoderRegistration::registerCodecs(EJLSUC_never, EJLSPC_colorByPixel);
  });
}

void check(const OFCondition& condition) {
  if (condition.bad())
    throw Error(ErrorCode::corrupted, std::string("The frame cannot be decoded: ") + condition.text());
}

std::unique_ptr<DcmPixelItem> make_item(std::string_view bytes) {
  auto item = std::make_unique<DcmPixelItem>(DcmTag(DCM_Item, EVR_OB));
  if (!bytes.empty()) check(item->putUint8Array(reinterpret_cast<const Uint8*>(bytes.data()), bytes.size()));
  return item;
}

// A pixel data element of this one frame; the data set owns it.
DcmPixelData* insert_frame(DcmDataset& dataset, E_TransferSyntax xfer, std::string_view stored) {
  auto sequence = std::make_unique<DcmPixelSequence>(DcmTag(DCM_PixelData, EVR_OB));
  check(sequence->insert(make_item({}).release()));
  check(sequence->insert(make_item(stored).release()));
  auto pixels = std::make_unique<DcmPixelData>(DCM_PixelData);
  pixels->putOriginalRepresentation(xfer, nullptr, sequence.release());
  DcmPixelData* raw = pixels.get();
  check(dataset.insert(pixels.release()));
  return raw;
}

}  // namespace

DecodedFrame decode_with_dcmtk(const TransferSyntax& syntax, const PixelFormat& format,
                               std::string_view stored) {
  register_codecs();
  if (syntax.media_type == "image/jpeg") require_jpeg_frame_header(stored);
  std::string even(stored);
  if (even.size() % 2) even += '\0';
  DcmDataset dataset;
  PixelFormat interleaved = format;
  interleaved.by_plane = false;
  describe_pixels(dataset, interleaved);
  const E_TransferSyntax xfer = DcmXfer(std::string(syntax.uid).c_str()).getXfer();
  DcmPixelData* pixels = insert_frame(dataset, xfer, even);

  DecodedFrame frame{interleaved, {}};
  const std::uint64_t size =
      std::uint64_t(format.rows) * format.columns * format.samples * format.bits_allocated / 8;
  frame.samples.resize(size + size % 2);
  Uint32 fragment = 0;
  OFString photometric;
  check(pixels->getUncompressedFrame(&dataset, 0, fragment, frame.samples.data(),
                                     static_cast<Uint32>(frame.samples.size()), photometric));
  frame.samples.resize(size);
  if (!photometric.empty()) frame.format.photometric = photometric.c_str();
  return frame;
}

}  // namespace meridian::archive
