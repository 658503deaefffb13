#include "archive/results/source_image.h"

#include <algorithm>

#include "archive/parse.h"
#include "archive/part10.h"
#include "archive/scan.h"
#include "base/error.h"

namespace meridian::archive {
namespace {

constexpr std::size_t kLongestText = 64;  // characters

void put(DcmItem& item, const DcmTagKey& tag, const std::string& value) {
  check_made(item.putAndInsertString(tag, value.c_str()), "An attribute of the result");
}

// The Waveform Sequence comes last of what a result needs, and is as large as the recording is long.
std::size_t end_of_header(const Parsed& parsed, std::string_view dataset, const TransferSyntax& syntax) {
  constexpr std::uint32_t kWaveforms = 0x54000100;
  const std::size_t end = parsed.pixels.header_size;
  if (parsed.pixels.tag) return end;
  const Scan scan = scan_dataset(dataset, syntax);
  const auto found = std::ranges::find(scan.elements, kWaveforms, &ElementPlace::tag);
  if (found == scan.elements.end()) return end;
  return found->value.offset - (syntax.explicit_vr ? 12 : 8);  // its tag, VR and length (PS3.5, 7.1)
}

}  // namespace

void check_made(const OFCondition& condition, const char* what) {
  if (condition.bad())
    throw Error(ErrorCode::invalid_value, std::string(what) + " cannot be made: " + condition.text());
}

std::unique_ptr<DcmDataset> load_header(std::string_view file) {
  const Parsed parsed = parse_instance(std::string(file));
  const std::string native = inflate_part10(parsed.file);
  const FileMeta meta = read_file_meta(native);
  const std::string_view whole = std::string_view(native).substr(meta.dataset_offset);
  auto dataset = load_dataset(whole.substr(0, end_of_header(parsed, whole, *meta.syntax)), *meta.syntax);
  if (const OFCondition converted = dataset->convertToUTF8(); converted.bad())
    throw Error(ErrorCode::not_supported,
                std::string("The texts of the image cannot be converted: ") + converted.text(),
                parsed.facts.key.instance);
  return dataset;
}

std::string text_of(DcmItem& item, const DcmTagKey& tag) {
  OFString value;
  item.findAndGetOFStringArray(tag, value);
  return {value.data(), value.size()};
}

std::string short_text(std::string_view utf8) {
  std::size_t characters = 0, end = 0;
  for (; end < utf8.size(); ++end) {
    const bool begins = (static_cast<unsigned char>(utf8[end]) & 0xC0) != 0x80;
    if (begins && characters++ == kLongestText) break;
  }
  return std::string(utf8.substr(0, end));
}

void put_identity(DcmDataset& object, const ResultIdentity& identity) {
  const std::string when = format_dicom_datetime(identity.made), date = when.substr(0, 8),
                    time = when.substr(8, 6);
  put(object, DCM_SeriesInstanceUID, identity.series_uid);
  put(object, DCM_SOPInstanceUID, identity.instance_uid);
  put(object, DCM_SeriesNumber, std::to_string(identity.series_number));
  put(object, DCM_SeriesDescription, short_text(identity.series_description));
  put(object, DCM_TimezoneOffsetFromUTC, "+0000");
  for (const DcmTagKey& tag : {DCM_InstanceCreationDate, DCM_SeriesDate, DCM_ContentDate})
    put(object, tag, date);
  for (const DcmTagKey& tag : {DCM_InstanceCreationTime, DCM_SeriesTime, DCM_ContentTime})
    put(object, tag, time);
}

}  // namespace meridian::archive
