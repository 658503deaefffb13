#include "archive/part10.h"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <memory>
#include <optional>

#include "archive/bytes.h"
#include "archive/scan.h"
#include "base/error.h"
#include "base/id.h"

namespace meridian::archive {
namespace {

constexpr std::size_t kPreamble = 128;
constexpr std::string_view kPrefix = "DICM";
constexpr std::uint32_t kTransferSyntaxTag = 0x00020010, kSopClassTag = 0x00080016,
                        kSopInstanceTag = 0x00080018;
constexpr std::string_view kImplementationVersion = "MERIDIAN_0_1";

std::size_t meta_offset(std::string_view file) {
  return file.size() >= kPreamble + 4 && file.substr(kPreamble, 4) == kPrefix ? kPreamble + 4 : 0;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.back() == '\0' || text.back() == ' ')) text.remove_suffix(1);
  return text;
}

// Group 0002 is explicit VR little endian whatever follows; its group length is often missing or wrong.
std::uint64_t end_of_meta(std::string_view file, std::size_t begin) {
  std::uint64_t at = begin;
  while (at + 8 <= file.size() && read_u16(file, at, false) == 0x0002) {
    const std::uint16_t vr = read_u16(file, at + 4, true);
    const bool is_long =
        vr == vr_code("OB") || vr == vr_code("UN") || vr == vr_code("UT") || vr == vr_code("OW");
    if (is_long && at + 12 > file.size()) break;
    const std::uint64_t value = at + (is_long ? 12 : 8);
    const std::uint64_t length = is_long ? read_u32(file, at + 8, false) : read_u16(file, at + 6, false);
    if (length > file.size() - value)
      throw Error(ErrorCode::invalid_syntax, "The DICOM file is cut short in its file meta information",
                  fmt::format("byte {}", at), "Send the file again from its source");
    at = value + length;
  }
  return at;
}

// A data set without file meta information begins with a small even group; its encoding shows in its first
// elements.
std::optional<std::string_view> guess_syntax(std::string_view dataset) {
  if (dataset.size() < 8) return {};
  const std::uint16_t group = read_u16(dataset, 0, false);
  const auto is_letter = [](char c) { return c >= 'A' && c <= 'Z'; };
  const bool explicit_vr = is_letter(dataset[4]) && is_letter(dataset[5]);
  if (group == 0x0008 || group == 0x0010) return explicit_vr ? kExplicitLittleEndian : kImplicitLittleEndian;
  if (explicit_vr && (group == 0x0800 || group == 0x1000)) return kExplicitBigEndian;
  return {};
}

std::string bare_dataset(std::string_view dataset) {
  const auto guessed = guess_syntax(dataset);
  if (!guessed)
    throw Error(ErrorCode::invalid_syntax,
                "These bytes are not DICOM: there is neither the prefix DICM nor a data set", "byte 0",
                "Send a DICOM file (PS3.10)");
  const Scan scan = scan_dataset(dataset, *find_transfer_syntax(*guessed));
  const auto value = [&](std::uint32_t tag) {
    const auto found = std::ranges::find(scan.elements, tag, &ElementPlace::tag);
    return found == scan.elements.end() ? std::string_view{}
                                        : dataset.substr(found->value.offset, found->value.size);
  };
  return make_part10(dataset, trimmed(value(kSopClassTag)), trimmed(value(kSopInstanceTag)), *guessed);
}

void append_element(std::string& out, std::uint16_t element, const char (&vr)[3], std::string_view value,
                    char pad) {
  const std::size_t padded = value.size() + value.size() % 2;
  append_u16(out, 0x0002);
  append_u16(out, element);
  out.append(vr, 2);
  if (std::string_view(vr) == "OB") {
    append_u16(out, 0);
    append_u32(out, static_cast<std::uint32_t>(padded));
  } else {
    append_u16(out, static_cast<std::uint16_t>(padded));
  }
  out.append(value);
  out.append(padded - value.size(), pad);
}

// Inflates with a limit that grows with the input, so that memory stays bounded by what was sent.
std::string inflate_raw(std::string_view deflated) {
  const std::uint64_t limit =
      std::min<std::uint64_t>(kLargestInflated, (deflated.size() + 4096) * kLargestInflation);
  z_stream stream{};
  if (inflateInit2(&stream, -MAX_WBITS) != Z_OK)
    throw Error(ErrorCode::internal, "zlib could not be started");
  const std::unique_ptr<z_stream, int (*)(z_stream*)> guard(&stream, inflateEnd);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(deflated.data()));
  stream.avail_in = static_cast<uInt>(deflated.size());
  std::string out;
  int result = Z_OK;
  while (result == Z_OK) {
    const std::size_t have = out.size();
    if (have > limit)
      throw Error(ErrorCode::too_large, fmt::format("The deflated data set grows beyond {} bytes", limit));
    out.resize(have + std::max<std::size_t>(64 * 1024, have / 2));
    stream.next_out = reinterpret_cast<Bytef*>(out.data() + have);
    stream.avail_out = static_cast<uInt>(out.size() - have);
    result = inflate(&stream, Z_NO_FLUSH);
    out.resize(out.size() - stream.avail_out);
  }
  if (result != Z_STREAM_END)
    throw Error(ErrorCode::invalid_syntax, "The deflated data set is broken or cut short", {},
                "Send the file again from its source");
  return out;
}

}  // namespace

FileMeta read_file_meta(std::string_view file) {
  const std::size_t begin = meta_offset(file);
  if (!begin) throw Error(ErrorCode::invalid_syntax, "The bytes lack DICOM's preamble", "byte 128");
  FileMeta meta{.dataset_offset = end_of_meta(file, begin)};
  const Scan scan = scan_dataset(file.substr(begin, meta.dataset_offset - begin),
                                 *find_transfer_syntax(kExplicitLittleEndian));
  const auto found = std::ranges::find(scan.elements, kTransferSyntaxTag, &ElementPlace::tag);
  if (found == scan.elements.end())
    throw Error(ErrorCode::invalid_syntax, "The file meta information lacks the transfer syntax",
                tag_text(kTransferSyntaxTag));
  const auto uid = trimmed(file.substr(begin + found->value.offset, found->value.size));
  meta.syntax = find_transfer_syntax(uid);
  if (!meta.syntax)
    throw Error(ErrorCode::not_supported,
                "The transfer syntax is none that this archive keeps: " + std::string(uid.substr(0, 64)),
                tag_text(kTransferSyntaxTag),
                "Send it in a standard transfer syntax, such as explicit VR little endian");
  return meta;
}

std::string make_part10(std::string_view dataset, std::string_view sop_class, std::string_view sop_instance,
                        std::string_view transfer_syntax) {
  static const std::string implementation_class = dicom_uid_of("Meridian");
  std::string meta;
  append_element(meta, 0x0001, "OB", std::string_view("\0\1", 2), '\0');
  append_element(meta, 0x0002, "UI", sop_class, '\0');
  append_element(meta, 0x0003, "UI", sop_instance, '\0');
  append_element(meta, 0x0010, "UI", transfer_syntax, '\0');
  append_element(meta, 0x0012, "UI", implementation_class, '\0');
  append_element(meta, 0x0013, "SH", kImplementationVersion, ' ');
  std::string length;
  append_u32(length, static_cast<std::uint32_t>(meta.size()));
  std::string file(kPreamble, '\0');
  file.reserve(kPreamble + 16 + meta.size() + dataset.size());
  file += kPrefix;
  append_element(file, 0x0000, "UL", length, '\0');
  file += meta;
  file += dataset;
  return file;
}

std::string complete_part10(std::string file) {
  const std::size_t begin = meta_offset(file);
  const std::uint64_t dataset = end_of_meta(file, begin);
  const std::string_view view(file);
  if (dataset == begin) return bare_dataset(view.substr(begin));  // no group 0002
  const Scan meta =
      scan_dataset(view.substr(begin, dataset - begin), *find_transfer_syntax(kExplicitLittleEndian));
  if (std::ranges::find(meta.elements, kTransferSyntaxTag, &ElementPlace::tag) == meta.elements.end())
    return bare_dataset(view.substr(dataset));
  if (begin) return file;
  return std::string(kPreamble, '\0') + std::string(kPrefix) + file;
}

std::string inflate_part10(std::string file) {
  const FileMeta meta = read_file_meta(file);
  if (!meta.syntax->deflated) return file;
  return bare_dataset(inflate_raw(std::string_view(file).substr(meta.dataset_offset)));
}

}  // namespace meridian::archive
