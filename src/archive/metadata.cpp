#include "archive/metadata.h"

#include <fmt/format.h>

#include <charconv>
#include <optional>
#include <utility>

#include "archive/dataset.h"
#include "archive/element_json.h"
#include "archive/scan.h"
#include "base/encoding.h"
#include "base/error.h"
#include "base/text.h"

namespace meridian::archive {
namespace {

class Writer {
 public:
  explicit Writer(std::string base) : base_(std::move(base)) {}

  Json item(DcmItem& item, const std::string& path, std::string character_sets) {
    OFString own;
    if (item.findAndGetOFStringArray(DCM_SpecificCharacterSet, own).good() && !own.empty())
      character_sets = own.c_str();
    Json out = Json::object();
    for (unsigned long i = 0; i < item.card(); ++i) {
      DcmElement* element = item.getElement(i);
      if (element->getETag() == 0x0000) continue;  // group lengths are not part of the model (F.2.2)
      const std::string name = tag_name(element->getTag());
      std::string place = path;
      place.append("/").append(name);
      out.members().emplace_back(name, attribute(*element, place, character_sets));
    }
    return out;
  }

 private:
  Json attribute(DcmElement& element, const std::string& path, const std::string& character_sets) {
    const DcmEVR vr = vr_of(element);
    Json out = Json::object({{"vr", DcmVR(vr).getValidVRName()}});
    if (element.getTag() == DCM_SpecificCharacterSet)
      out["Value"] = Json::array({"ISO_IR 192"});
    else if (element.ident() == EVR_SQ)
      add_items(out, static_cast<DcmSequenceOfItems&>(element), path, character_sets);
    else if (element.getLength() > 0 && is_binary(vr))
      add_binary(out, element, path);
    else if (element.getLength() > 0)
      add_values(out, element_values(element, vr, character_sets));
    return out;
  }

  void add_items(Json& out, DcmSequenceOfItems& sequence, const std::string& path,
                 const std::string& character_sets) {
    for (unsigned long i = 0; i < sequence.card(); ++i)
      out["Value"].push_back(item(*sequence.getItem(i), fmt::format("{}/{}", path, i + 1), character_sets));
  }

  static void add_values(Json& out, Json values) {
    if (!values.is_null()) out["Value"] = std::move(values);
  }

  void add_binary(Json& out, DcmElement& element, const std::string& path) {
    const auto bytes =
        element.getLength() <= kLargestInlineBinary ? element_bytes(element) : std::optional<std::string>();
    if (bytes)
      out["InlineBinary"] = to_base64(*bytes);
    else
      out["BulkDataURI"] = base_ + path;
  }

  const std::string base_;
};

DcmTagKey parse_tag(std::string_view text, const std::string& path) {
  std::uint32_t tag = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), tag, 16);
  if (text.size() != 8 || error != std::errc() || end != text.data() + 8)
    throw Error(ErrorCode::not_found, "This is not the path of a value", path);
  return {static_cast<Uint16>(tag >> 16), static_cast<Uint16>(tag & 0xFFFF)};
}

DcmItem& item_at(DcmItem& item, std::string_view tag, std::string_view number, const std::string& path) {
  long index = 0;
  std::from_chars(number.data(), number.data() + number.size(), index);
  DcmItem* found = nullptr;
  if (index < 1 || item.findAndGetSequenceItem(parse_tag(tag, path), found, index - 1).bad())
    throw Error(ErrorCode::not_found, "The instance has no value at this path", path);
  return *found;
}

}  // namespace

Json dicom_json(std::string_view dataset, const TransferSyntax& syntax, std::uint32_t pixel_tag,
                const std::string& bulk_data_base) {
  const auto loaded = load_dataset(dataset, syntax);
  Json out = Writer(bulk_data_base).item(*loaded, {}, {});
  if (!pixel_tag) return out;
  const std::string name = fmt::format("{:08X}", pixel_tag);
  const char* vr = pixel_tag == kFloatPixelData         ? "OF"
                   : pixel_tag == kDoubleFloatPixelData ? "OD"
                   : syntax.encapsulated                ? "OB"
                                                        : "OW";
  if (!out.contains(name))
    out[name] = Json::object({{"vr", vr}, {"BulkDataURI", bulk_data_base + "/" + name}});
  return out;
}

std::string bulk_value(std::string_view dataset, const TransferSyntax& syntax, const std::string& path) {
  const auto loaded = load_dataset(dataset, syntax);
  const auto parts = split(path, '/');
  DcmItem* item = loaded.get();
  for (std::size_t i = 0; i + 2 < parts.size(); i += 2) item = &item_at(*item, parts[i], parts[i + 1], path);
  DcmElement* element = nullptr;
  std::optional<std::string> bytes;
  if (parts.size() % 2 == 1 && item->findAndGetElement(parse_tag(parts.back(), path), element).good() &&
      is_binary(vr_of(*element)))
    bytes = element_bytes(*element);
  if (!bytes || bytes->empty())
    throw Error(ErrorCode::not_found, "The instance has no binary value at this path", path);
  return std::move(*bytes);
}

}  // namespace meridian::archive
