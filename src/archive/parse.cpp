#include "archive/parse.h"

#include <fmt/format.h>

#include <algorithm>

#include "archive/date_time.h"
#include "archive/metadata.h"
#include "archive/part10.h"
#include "archive/pixel_format.h"
#include "archive/request_attributes.h"
#include "base/error.h"

namespace meridian::archive {
namespace {

constexpr std::size_t kLongestUid = 64;
constexpr std::size_t kLongestText = 1024;  // of a fact in the index; the file keeps all of it

std::string required_uid(const Elements& elements, std::uint32_t tag, const char* name) {
  std::string uid = elements.first(tag);
  if (uid.empty())
    throw Error(ErrorCode::invalid_structure, fmt::format("The instance lacks its {}", name), tag_text(tag),
                "An instance is filed by its UIDs; it must have them");
  if (!is_uid(uid))
    throw Error(ErrorCode::invalid_structure, fmt::format("The {} is not a UID", name), tag_text(tag),
                "A UID has digits and dots only, at most 64 of them");
  return uid;
}

std::string short_text(const Elements& elements, std::uint32_t tag, std::vector<std::string>& flaws) {
  bool is_exact = true;
  std::string text = elements.text(tag, &is_exact);
  if (!is_exact) flaws.push_back(tag_text(tag) + " is not of the character set that the file names");
  if (text.size() <= kLongestText) return text;
  std::size_t end = kLongestText;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end);
}

InstanceFacts read_facts(const Elements& elements, const TransferSyntax& syntax,
                         std::vector<std::string>& flaws) {
  InstanceFacts facts;
  const auto text = [&](std::uint32_t tag) { return short_text(elements, tag, flaws); };
  facts.key = {required_uid(elements, 0x0020000D, "Study Instance UID"),
               required_uid(elements, 0x0020000E, "Series Instance UID"),
               required_uid(elements, 0x00080018, "SOP Instance UID")};
  facts.sop_class = required_uid(elements, 0x00080016, "SOP Class UID");
  facts.transfer_syntax = syntax.uid;
  facts.modality = elements.first(0x00080060);
  facts.body_part = elements.first(0x00180015);
  facts.view_position = elements.first(0x00185101);
  facts.study_description = text(0x00081030);
  facts.series_description = text(0x0008103E);
  facts.patient_id = text(0x00100020);
  facts.issuer_of_patient_id = text(0x00100021);
  facts.patient_name = text(0x00100010);
  facts.patient_birth_date = elements.first(0x00100030);
  facts.patient_sex = elements.first(0x00100040);
  facts.accession_number = text(0x00080050);
  facts.study_id = text(0x00200010);
  facts.referring_physician = text(0x00080090);
  facts.study_date = elements.first(0x00080020);
  facts.study_time = elements.first(0x00080030);
  facts.study_datetime = fhir_datetime(facts.study_date, facts.study_time, elements.first(0x00080201));
  facts.performed_date = elements.first(0x00400244);
  facts.performed_time = elements.first(0x00400245);
  facts.timezone = elements.first(0x00080201);
  facts.series_number = elements.integer_string(0x00200011).value_or(0);
  facts.instance_number = elements.integer_string(0x00200013).value_or(0);
  facts.rows = elements.short_number(0x00280010).value_or(0);
  facts.columns = elements.short_number(0x00280011).value_or(0);
  facts.frames = std::max(1, elements.integer_string(0x00280008).value_or(1));
  return facts;
}

void check_native_size(const Elements& elements, const PixelLayout& layout, std::vector<std::string>& flaws) {
  if (!layout.tag || layout.encapsulated) return;
  const PixelFormat format = read_pixel_format(elements, layout.tag);
  const std::uint64_t needed = format.is_valid() ? format.all_frames_size() : 0;
  if (!format.is_valid())
    flaws.push_back("The attributes that describe the pixels do not make sense together");
  else if (layout.value.size < needed)
    flaws.push_back(
        fmt::format("The pixel data have {} bytes where {} are needed", layout.value.size, needed));
}

std::size_t header_end(const Elements& elements, std::string_view dataset) {
  return elements.scan().pixels ? static_cast<std::size_t>(elements.scan().pixels->element) : dataset.size();
}

void add_requests(std::string_view header, const TransferSyntax& syntax, Parsed& parsed) {
  try {
    parsed.facts.requests = read_request_attributes(dicom_json(header, syntax, 0, {}));
  } catch (const Error& error) {
    if (error.code() != ErrorCode::corrupted) throw;
    parsed.flaws.emplace_back("The Request Attributes Sequence cannot be read");
  }
}

}  // namespace

bool is_uid(std::string_view text) {
  return !text.empty() && text.size() <= kLongestUid &&
         std::ranges::all_of(text, [](char c) { return c == '.' || (c >= '0' && c <= '9'); });
}

Parsed parse_instance(std::string bytes) {
  if (bytes.size() > kLargestInstance)
    throw Error(ErrorCode::too_large, fmt::format("The instance has more than {} bytes", kLargestInstance));
  Parsed parsed{.file = complete_part10(std::move(bytes))};
  const FileMeta stored = read_file_meta(parsed.file);
  const std::string inflated = stored.syntax->deflated ? inflate_part10(parsed.file) : std::string();
  const std::string_view file =
      stored.syntax->deflated ? std::string_view(inflated) : std::string_view(parsed.file);
  const FileMeta meta = stored.syntax->deflated ? read_file_meta(file) : stored;
  const std::string_view dataset = file.substr(meta.dataset_offset);

  const Elements elements(dataset, *meta.syntax, scan_dataset(dataset, *meta.syntax));
  parsed.flaws = elements.scan().flaws;
  parsed.facts = read_facts(elements, *stored.syntax, parsed.flaws);
  if (!elements.scan().pixels && parsed.facts.rows > 0)
    throw Error(ErrorCode::invalid_syntax, "The data set describes an image and ends before its pixel data",
                "(7FE0,0010)", "Send the file again from its source");
  const int streams = stored.syntax->is_video() ? 1 : parsed.facts.frames;
  parsed.pixels = lay_out_pixels(dataset, meta.dataset_offset, elements.scan(), streams, parsed.flaws);
  check_native_size(elements, parsed.pixels, parsed.flaws);
  if (elements.contains(kRequestAttributes))
    add_requests(dataset.substr(0, header_end(elements, dataset)), *meta.syntax, parsed);
  return parsed;
}

}  // namespace meridian::archive
