#include "archive/same_instance.h"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>

#include "archive/metadata.h"
#include "archive/part10.h"
#include "archive/stored_image.h"
#include "base/error.h"

namespace meridian::archive {
namespace {

constexpr std::uint64_t kMostPixels = std::uint64_t(256) << 20;  // bytes that are compared

// How pixels are encoded, which the decoded frames say as well.
constexpr std::array<std::string_view, 6> kEncoding{"00280004", "00280006", "7FE00001",
                                                    "7FE00002", "7FE00003", "7FE00010"};

struct File {
  explicit File(const std::string& bytes) : inflated(inflate_part10(bytes)), meta(read_file_meta(inflated)) {}
  std::string_view dataset() const { return std::string_view(inflated).substr(meta.dataset_offset); }

  std::string inflated;
  FileMeta meta;
};

void collect_bulk(const Json& dataset, std::set<std::string>& paths) {
  for (const auto& [tag, attribute] : dataset.members()) {
    if (const Json* uri = attribute.find("BulkDataURI")) paths.insert(uri->as_string());
    const Json* values = attribute.find("Value");
    if (!values || attribute.text("vr") != "SQ") continue;
    for (const Json& item : values->items()) collect_bulk(item, paths);
  }
}

// Without a VR in the file, that of a private attribute is not known.
bool is_unknown(const std::string& tag, const Json& attribute) {
  return tag.size() == 8 && (tag[3] - '0') % 2 == 1 && attribute.text("vr") == "UN";
}

Json comparable(Json dataset, const Json& other) {
  std::erase_if(dataset.members(), [&](const Json::Member& member) {
    const auto& [tag, attribute] = member;
    if (std::ranges::find(kEncoding, tag) != kEncoding.end()) return true;
    const Json* also = other.find(tag);
    return also && (is_unknown(tag, attribute) || is_unknown(tag, *also));
  });
  return dataset;
}

bool has_same_attributes(const File& a, const File& b) {
  const Json of_a = dicom_json(a.dataset(), *a.meta.syntax, 0, {}),
             of_b = dicom_json(b.dataset(), *b.meta.syntax, 0, {});
  const Json left = comparable(of_a, of_b), right = comparable(of_b, of_a);
  if (left != right) return false;
  std::set<std::string> bulk;
  collect_bulk(left, bulk);
  return std::ranges::all_of(bulk, [&](const std::string& uri) {
    const std::string path = uri.substr(1);
    return bulk_value(a.dataset(), *a.meta.syntax, path) == bulk_value(b.dataset(), *b.meta.syntax, path);
  });
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
    if (!has_same_attributes(left, right)) return false;
    return !has_pixels(left) || has_same_frames(a, b);
  } catch (const Error&) {
    return false;
  }
}

}  // namespace meridian::archive
