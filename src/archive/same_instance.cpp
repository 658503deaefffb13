#include "archive/same_instance.h"

#include <algorithm>
#include <array>
#include <memory>
#include <string_view>

#include "archive/bytes.h"
#include "archive/dataset.h"
#include "archive/element_json.h"
#include "archive/part10.h"
#include "archive/scan.h"
#include "archive/stored_image.h"
#include "base/error.h"

namespace meridian::archive {
namespace {

constexpr std::uint64_t kMostPixels = std::uint64_t(256) << 20;  // bytes that are compared

// How pixels are encoded, which the decoded frames say as well.
constexpr std::array<std::uint32_t, 6> kEncoding{0x00280004, 0x00280006, 0x7FE00001,
                                                 0x7FE00002, 0x7FE00003, kPixelData};

struct File {
  explicit File(const std::string& bytes) : inflated(inflate_part10(bytes)), meta(read_file_meta(inflated)) {}
  std::string_view dataset() const { return std::string_view(inflated).substr(meta.dataset_offset); }

  std::string inflated;
  FileMeta meta;
};

// A data set, or an item of one, with the character sets that hold in it.
struct Side {
  DcmItem& item;
  std::string character_sets;
};

Side side_of(DcmItem& item, const std::string& around) {
  OFString own;
  const bool has_own = item.findAndGetOFStringArray(DCM_SpecificCharacterSet, own).good() && !own.empty();
  return {item, has_own ? std::string(own.c_str()) : around};
}

// The lengths of groups and the character set say how the others are written.
bool is_compared(const DcmTagKey& tag, bool is_top) {
  const std::uint32_t number = std::uint32_t(tag.getGroup()) << 16 | tag.getElement();
  if (tag.getElement() == 0 || tag == DCM_SpecificCharacterSet) return false;
  return !is_top || std::ranges::find(kEncoding, number) == kEncoding.end();
}

DcmElement* next(DcmItem& item, DcmElement* last, bool is_top) {
  do last = static_cast<DcmElement*>(item.nextInContainer(last));
  while (last && !is_compared(last->getTag(), is_top));
  return last;
}

std::string_view without_padding(std::string_view value) {
  while (!value.empty() && (value.back() == ' ' || value.back() == '\0')) value.remove_suffix(1);
  return value;
}

// What was left as bytes by a program that did not know that it is a sequence (PS3.5, 6.2.2). Throws where it
// is none.
std::unique_ptr<DcmDataset> as_sequence(DcmElement& unknown) {
  constexpr std::uint32_t kUndefined = 0xFFFFFFFF;
  const DcmTagKey tag = unknown.getTag();
  std::string bytes;
  append_u16(bytes, tag.getGroup());
  append_u16(bytes, tag.getElement());
  append_u32(bytes, kUndefined);
  bytes += element_bytes(unknown).value_or("");
  append_u16(bytes, 0xFFFE);
  append_u16(bytes, 0xE0DD);
  append_u32(bytes, 0);
  const TransferSyntax& implicit = *find_transfer_syntax(kImplicitLittleEndian);
  scan_dataset(bytes, implicit);
  return load_dataset(bytes, implicit);
}

bool are_same(const Side& a, const Side& b, bool is_top);

bool are_same_sequences(DcmElement& a, DcmElement& b, const Side& in_a, const Side& in_b) {
  auto &left = static_cast<DcmSequenceOfItems&>(a), &right = static_cast<DcmSequenceOfItems&>(b);
  if (left.card() != right.card()) return false;
  DcmObject *one = nullptr, *other = nullptr;
  for (unsigned long i = 0; i < left.card(); ++i) {
    one = left.nextInContainer(one);
    other = right.nextInContainer(other);
    if (!are_same(side_of(static_cast<DcmItem&>(*one), in_a.character_sets),
                  side_of(static_cast<DcmItem&>(*other), in_b.character_sets), false))
      return false;
  }
  return true;
}

bool is_sequence(const DcmElement& element) {
  return element.ident() == EVR_SQ;
}

// Where the VR of one is not known, bytes are what is left to compare.
bool are_same_bytes(DcmElement& a, DcmElement& b, bool is_padded) {
  const auto left = element_bytes(a), right = element_bytes(b);
  if (!left || !right) return false;
  return is_padded ? without_padding(*left) == without_padding(*right) : *left == *right;
}

// What cannot be read is the same as nothing else; an empty number is read as one that is none.
bool says_nothing(const Json& values, DcmEVR vr) {
  if (!values.is_array()) return true;
  return (vr == EVR_DS || vr == EVR_IS) && std::ranges::any_of(values.items(), &Json::is_null);
}

bool are_same_elements(DcmElement& a, DcmElement& b, const Side& in_a, const Side& in_b) {
  if (is_sequence(a) && is_sequence(b)) return are_same_sequences(a, b, in_a, in_b);
  if (is_sequence(a) || is_sequence(b)) {
    const auto read = as_sequence(is_sequence(a) ? b : a);
    DcmElement* made = read->getElement(0);
    if (!made || !is_sequence(*made)) return false;
    return is_sequence(a) ? are_same_sequences(a, *made, in_a, in_b)
                          : are_same_sequences(*made, b, in_a, in_b);
  }
  const DcmEVR of_a = vr_of(a), of_b = vr_of(b);
  if (of_a != of_b || is_binary(of_a)) return are_same_bytes(a, b, of_a != of_b);
  if (are_same_bytes(a, b, true) && in_a.character_sets == in_b.character_sets) return true;
  const Json left = element_values(a, of_a, in_a.character_sets);
  return !says_nothing(left, of_a) && left == element_values(b, of_b, in_b.character_sets);
}

// Both are in the order of their tags: each element is looked at once.
bool are_same(const Side& a, const Side& b, bool is_top) {
  DcmElement *left = next(a.item, nullptr, is_top), *right = next(b.item, nullptr, is_top);
  for (; left && right; left = next(a.item, left, is_top), right = next(b.item, right, is_top))
    if (left->getTag() != right->getTag() || !are_same_elements(*left, *right, a, b)) return false;
  return !left && !right;
}

bool has_same_attributes(const File& a, const File& b) {
  const auto left = load_dataset(a.dataset(), *a.meta.syntax),
             right = load_dataset(b.dataset(), *b.meta.syntax);
  return are_same(side_of(*left, {}), side_of(*right, {}), true);
}

bool has_same_frames(const std::string& a, const std::string& b) {
  const StoredImage left = StoredImage::of_file(a), right = StoredImage::of_file(b);
  const int frames = left.format().frames;
  if (right.format().frames != frames) return false;
  std::uint64_t compared = 0;
  for (int number = 1; number <= frames; ++number) {
    const DecodedFrame one = left.decoded_frame(number), other = right.decoded_frame(number);
    compared += one.samples.size();
    if (one.samples != other.samples || compared > kMostPixels) return false;
  }
  return true;
}

bool has_pixels(const File& file) {
  return scan_dataset(file.dataset(), *file.meta.syntax).pixels.has_value();
}

}  // namespace

bool is_same_instance(const std::string& a, const std::string& b) {
  const FileMeta of_a = read_file_meta(a), of_b = read_file_meta(b);
  if (of_a.syntax == of_b.syntax)
    return std::string_view(a).substr(of_a.dataset_offset) == std::string_view(b).substr(of_b.dataset_offset);
  try {
    const File left(a), right(b);
    const bool is_image = has_pixels(left);
    if (has_pixels(right) != is_image || !has_same_attributes(left, right)) return false;
    return !is_image || has_same_frames(a, b);
  } catch (const Error&) {
    return false;
  }
}

}  // namespace meridian::archive
