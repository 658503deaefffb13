#include "archive/metadata.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

#include "archive/character_set.h"
#include "archive/dataset.h"
#include "archive/person_name.h"
#include "archive/scan.h"
#include "base/encoding.h"
#include "base/error.h"

namespace meridian::archive {
namespace {

std::string tag_name(const DcmTagKey& tag) {
  return fmt::format("{:04X}{:04X}", tag.getGroup(), tag.getElement());
}

std::string_view trim(std::string_view text, bool leading) {
  while (!text.empty() && (text.back() == ' ' || text.back() == '\0')) text.remove_suffix(1);
  while (leading && !text.empty() && text.front() == ' ') text.remove_prefix(1);
  return text;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const auto end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

// A decimal or integer string as a JSON number with its own digits; null when it is none.
Json number_text(std::string_view text) {
  text = trim(text, true);
  if (text.starts_with('+')) text.remove_prefix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) return {};
  return Json(value);
}

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
    const DcmVR vr(element.getTag().getVR().getValidEVR());
    Json out = Json::object({{"vr", vr.getValidVRName()}});
    if (element.getTag() == DCM_SpecificCharacterSet)
      out["Value"] = Json::array({"ISO_IR 192"});
    else if (element.ident() == EVR_SQ)
      add_items(out, static_cast<DcmSequenceOfItems&>(element), path, character_sets);
    else if (element.getLength() > 0)
      add_value(out, element, vr.getEVR(), path, character_sets);
    return out;
  }

  void add_items(Json& out, DcmSequenceOfItems& sequence, const std::string& path,
                 const std::string& character_sets) {
    for (unsigned long i = 0; i < sequence.card(); ++i)
      out["Value"].push_back(item(*sequence.getItem(i), fmt::format("{}/{}", path, i + 1), character_sets));
  }

  void add_value(Json& out, DcmElement& element, DcmEVR vr, const std::string& path,
                 const std::string& character_sets) {
    switch (vr) {
      case EVR_OB:
      case EVR_OW:
      case EVR_OF:
      case EVR_OD:
      case EVR_OL:
      case EVR_OV:
      case EVR_UN:
        return add_binary(out, element, path);
      case EVR_AT:
      case EVR_FL:
      case EVR_FD:
      case EVR_SL:
      case EVR_SS:
      case EVR_SV:
      case EVR_UL:
      case EVR_US:
      case EVR_UV:
        return add_numbers(out, element, vr);
      default:
        return add_texts(out, element, vr, character_sets);
    }
  }

  void add_binary(Json& out, DcmElement& element, const std::string& path) {
    Uint8* bytes = nullptr;
    const Uint32 size = element.getLength();
    const bool inlined = size <= kLargestInlineBinary && element.getUint8Array(bytes).good() && bytes;
    if (inlined)
      out["InlineBinary"] = to_base64({reinterpret_cast<const char*>(bytes), size});
    else
      out["BulkDataURI"] = base_ + path;
  }

  static Json binary_number(DcmElement& element, DcmEVR vr, unsigned long i) {
    const auto get = [&](auto member, auto value) {
      return (element.*member)(value, i).good() ? Json(value) : Json();
    };
    const auto get_real = [&](auto member, auto value) {
      return (element.*member)(value, i).good() && std::isfinite(value) ? Json(double(value)) : Json();
    };
    Uint16 u16 = 0;
    Sint16 s16 = 0;
    Uint32 u32 = 0;
    Sint32 s32 = 0;
    switch (vr) {
      case EVR_US:
        return element.getUint16(u16, i).good() ? Json(std::int64_t(u16)) : Json();
      case EVR_SS:
        return element.getSint16(s16, i).good() ? Json(std::int64_t(s16)) : Json();
      case EVR_UL:
        return element.getUint32(u32, i).good() ? Json(std::int64_t(u32)) : Json();
      case EVR_SL:
        return element.getSint32(s32, i).good() ? Json(std::int64_t(s32)) : Json();
      case EVR_UV:
        return get(&DcmElement::getUint64, Uint64(0));
      case EVR_SV:
        return get(&DcmElement::getSint64, Sint64(0));
      case EVR_FL:
        return get_real(&DcmElement::getFloat32, Float32(0));
      default:
        return get_real(&DcmElement::getFloat64, Float64(0));
    }
  }

  void add_numbers(Json& out, DcmElement& element, DcmEVR vr) {
    Json values = Json::array();
    for (unsigned long i = 0; i < element.getNumberOfValues(); ++i) {
      DcmTagKey tag;
      if (vr == EVR_AT)
        values.push_back(static_cast<DcmAttributeTag&>(element).getTagVal(tag, i).good() ? Json(tag_name(tag))
                                                                                         : Json());
      else
        values.push_back(binary_number(element, vr, i));
    }
    if (!values.empty()) out["Value"] = std::move(values);
  }

  void add_texts(Json& out, DcmElement& element, DcmEVR vr, const std::string& character_sets) {
    char* raw = nullptr;
    Uint32 size = 0;
    if (element.getString(raw, size).bad() || !raw) return;
    const bool is_long = vr == EVR_LT || vr == EVR_ST || vr == EVR_UT || vr == EVR_UR;
    const std::string text = to_utf8(trim({raw, size}, false), character_sets,
                                     is_long        ? ""
                                     : vr == EVR_PN ? "\\^="
                                                    : "\\");
    Json values = Json::array();
    for (const std::string_view part : is_long ? std::vector<std::string_view>{text} : split(text, '\\'))
      values.push_back(text_value(part, vr));
    out["Value"] = std::move(values);
  }

  static Json text_value(std::string_view text, DcmEVR vr) {
    if (vr == EVR_PN) return text.empty() ? Json() : person_name_json(text);
    if (vr == EVR_DS || vr == EVR_IS) return number_text(text);
    const auto trimmed = trim(text, vr != EVR_LT && vr != EVR_ST && vr != EVR_UT);
    return trimmed.empty() ? Json() : Json(trimmed);
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
  Uint8* bytes = nullptr;
  if (parts.size() % 2 == 0 || item->findAndGetElement(parse_tag(parts.back(), path), element).bad() ||
      element->getLength() == 0 || element->getUint8Array(bytes).bad() || !bytes)
    throw Error(ErrorCode::not_found, "The instance has no binary value at this path", path);
  return {reinterpret_cast<const char*>(bytes), element->getLength()};
}

}  // namespace meridian::archive
