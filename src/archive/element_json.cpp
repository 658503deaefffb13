#include "archive/element_json.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <string_view>

#include "archive/character_set.h"
#include "archive/person_name.h"
#include "base/text.h"

namespace meridian::archive {
namespace {

std::string_view trim(std::string_view text, bool leading) {
  while (!text.empty() && (text.back() == ' ' || text.back() == '\0')) text.remove_suffix(1);
  while (leading && !text.empty() && text.front() == ' ') text.remove_prefix(1);
  return text;
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

Json binary_number(DcmElement& element, DcmEVR vr, unsigned long i) {
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

Json numbers(DcmElement& element, DcmEVR vr) {
  Json values = Json::array();
  for (unsigned long i = 0; i < element.getNumberOfValues(); ++i) {
    DcmTagKey tag;
    if (vr == EVR_AT)
      values.push_back(static_cast<DcmAttributeTag&>(element).getTagVal(tag, i).good() ? Json(tag_name(tag))
                                                                                       : Json());
    else
      values.push_back(binary_number(element, vr, i));
  }
  return values.empty() ? Json() : values;
}

Json text_value(std::string_view text, DcmEVR vr) {
  if (vr == EVR_PN) return text.empty() ? Json() : person_name_json(text);
  if (vr == EVR_DS || vr == EVR_IS) return number_text(text);
  const auto trimmed = trim(text, vr != EVR_LT && vr != EVR_ST && vr != EVR_UT);
  return trimmed.empty() ? Json() : Json(trimmed);
}

Json texts(DcmElement& element, DcmEVR vr, const std::string& character_sets) {
  char* raw = nullptr;
  Uint32 size = 0;
  if (element.getString(raw, size).bad() || !raw) return {};
  const bool is_long = vr == EVR_LT || vr == EVR_ST || vr == EVR_UT || vr == EVR_UR;
  const std::string text = to_utf8(trim({raw, size}, false), character_sets,
                                   is_long        ? ""
                                   : vr == EVR_PN ? "\\^="
                                                  : "\\");
  Json values = Json::array();
  for (const std::string& part : is_long ? std::vector<std::string>{text} : split(text, '\\'))
    values.push_back(text_value(part, vr));
  return values;
}

}  // namespace

std::string tag_name(const DcmTagKey& tag) {
  return fmt::format("{:04X}{:04X}", tag.getGroup(), tag.getElement());
}

DcmEVR vr_of(DcmElement& element) {
  return element.getTag().getVR().getValidEVR();
}

bool is_binary(DcmEVR vr) {
  switch (vr) {
    case EVR_OB:
    case EVR_OW:
    case EVR_OF:
    case EVR_OD:
    case EVR_OL:
    case EVR_OV:
    case EVR_UN:
      return true;
    default:
      return false;
  }
}

std::optional<std::string> element_bytes(DcmElement& element) {
  const Uint32 size = element.getLength();
  if (size == 0) return std::string();
  Uint8* bytes = nullptr;
  if (element.getUint8Array(bytes).good() && bytes)
    return std::string(reinterpret_cast<const char*>(bytes), size);
  if (!element.isLeaf() || element.ident() == EVR_PixelData) return std::nullopt;
  // Of VRs that DCMTK does not give as bytes.
  std::string copy(size, '\0');
  if (element.getPartialValue(copy.data(), 0, size, nullptr, EBO_LittleEndian).bad()) return std::nullopt;
  return copy;
}

Json element_values(DcmElement& element, DcmEVR vr, const std::string& character_sets) {
  switch (vr) {
    case EVR_AT:
    case EVR_FL:
    case EVR_FD:
    case EVR_SL:
    case EVR_SS:
    case EVR_SV:
    case EVR_UL:
    case EVR_US:
    case EVR_UV:
      return numbers(element, vr);
    default:
      return texts(element, vr, character_sets);
  }
}

}  // namespace meridian::archive
