#include "archive/json_dataset.h"

#include <dcmtk/dcmdata/dcpixel.h>
#include <dcmtk/dcmdata/dcpixseq.h>
#include <dcmtk/dcmdata/dcpxitem.h>

#include <charconv>
#include <cstring>
#include <vector>

#include "archive/attribute_json.h"
#include "archive/dataset.h"
#include "base/encoding.h"
#include "base/error.h"

namespace meridian::archive {
namespace {

[[noreturn]] void wrong(const std::string& tag, const std::string& what) {
  throw Error(ErrorCode::invalid_structure, what, tag.substr(0, 16), "Write it as PS3.18, annex F says");
}

DcmTagKey key_of(const std::string& tag) {
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(tag.data(), tag.data() + tag.size(), number, 16);
  if (tag.size() != 8 || error != std::errc() || end != tag.data() + tag.size())
    wrong(tag, "An attribute is named by its eight hexadecimal digits");
  return {static_cast<Uint16>(number >> 16), static_cast<Uint16>(number & 0xFFFF)};
}

// (0010,0020), as DCMTK reads the values of VR AT.
std::string attribute_tag_text(const std::string& value) {
  return value.size() == 8 ? "(" + value.substr(0, 4) + "," + value.substr(4) + ")" : value;
}

template <class Number>
std::vector<Number> numbers_of(std::string_view bytes) {
  std::vector<Number> numbers(bytes.size() / sizeof(Number));
  std::memcpy(numbers.data(), bytes.data(), numbers.size() * sizeof(Number));
  return numbers;
}

OFCondition put_bytes(DcmElement& element, std::string_view bytes) {
  const auto put = [&](auto function, auto numbers) {
    return (element.*function)(numbers.data(), static_cast<unsigned long>(numbers.size()));
  };
  switch (element.getVR()) {
    case EVR_OW:
      return put(&DcmElement::putUint16Array, numbers_of<Uint16>(bytes));
    case EVR_OL:
      return put(&DcmElement::putUint32Array, numbers_of<Uint32>(bytes));
    case EVR_OF:
      return put(&DcmElement::putFloat32Array, numbers_of<Float32>(bytes));
    case EVR_OD:
      return put(&DcmElement::putFloat64Array, numbers_of<Float64>(bytes));
    default:
      return element.putUint8Array(reinterpret_cast<const Uint8*>(bytes.data()),
                                   static_cast<unsigned long>(bytes.size()));
  }
}

// Native frames follow each other without a gap (PS3.5, 8.1.1).
OFCondition put_plain(DcmElement& element, const BulkData& bulk) {
  if (bulk.further_frames.empty()) return put_bytes(element, bulk.bytes);
  std::string all(bulk.bytes);
  for (const std::string_view frame : bulk.further_frames) all += frame;
  return put_bytes(element, all);
}

class Composer {
 public:
  explicit Composer(const std::function<BulkData(const std::string&)>& bulk) : bulk_(bulk) {}

  void fill(DcmItem& item, const Json& dataset) {
    if (!dataset.is_object()) wrong("data set", "A data set is an object of attributes");
    for (const auto& [tag, attribute] : dataset.members()) {
      const DcmTagKey key = key_of(tag);
      if (key.getGroup() > 2) add(item, key, tag, attribute);
    }
  }

  const TransferSyntax& syntax() const { return *syntax_; }

 private:
  void add(DcmItem& item, const DcmTagKey& key, const std::string& tag, const Json& attribute) {
    const std::string vr = attribute.text("vr");
    const DcmVR wanted(vr.c_str());
    if (vr.size() != 2 || !wanted.isStandard()) wrong(tag, "An attribute has the two letters of its VR");
    if (wanted.getEVR() == EVR_SQ) return add_sequence(item, key, attribute);
    DcmElement* made = nullptr;
    if (DcmItem::newDicomElementWithVR(made, DcmTag(key, wanted)).bad() || !made)
      wrong(tag, "An attribute of this kind cannot be written");
    std::unique_ptr<DcmElement> element(made);
    if (set_value(*element, tag, attribute).bad()) wrong(tag, "The value is none of VR " + vr);
    if (item.insert(element.get(), true).bad()) wrong(tag, "The attribute cannot be written");
    static_cast<void>(element.release());  // the item has it
  }

  void add_sequence(DcmItem& item, const DcmTagKey& key, const Json& attribute) {
    const DcmTag tag(key, EVR_SQ);  // whatever the dictionary knows of it
    if (item.insertEmptyElement(tag).bad()) wrong("sequence", "The sequence cannot be written");
    const Json* values = attribute.find("Value");
    if (!values) return;
    for (const Json& value : values->items()) {
      DcmItem* nested = nullptr;
      if (item.findOrCreateSequenceItem(tag, nested, -2).bad())
        wrong("sequence", "An item cannot be written");
      fill(*nested, value);
    }
  }

  OFCondition set_value(DcmElement& element, const std::string& tag, const Json& attribute) {
    if (attribute.contains("BulkDataURI")) return set_bulk(element, bulk_(attribute.text("BulkDataURI")));
    if (attribute.contains("InlineBinary"))
      return put_bytes(element, from_base64(attribute.text("InlineBinary")));
    const Json* values = attribute.find("Value");
    if (!values) return EC_Normal;
    if (!values->is_array()) wrong(tag, "Values are an array");
    std::string text;
    for (std::size_t i = 0; i < values->size(); ++i) {
      const std::string value = value_text(values->at(i));
      text += (i ? "\\" : "") + (element.getVR() == EVR_AT ? attribute_tag_text(value) : value);
    }
    return element.putOFStringArray({text.data(), text.size()});
  }

  OFCondition set_bulk(DcmElement& element, const BulkData& bulk) {
    if (bulk.transfer_syntax.empty() || bulk.transfer_syntax == kExplicitLittleEndian)
      return put_plain(element, bulk);
    syntax_ = find_transfer_syntax(bulk.transfer_syntax);
    auto* pixels = dynamic_cast<DcmPixelData*>(&element);  // whatever VR the client gave them
    if (!syntax_ || !syntax_->encapsulated || !pixels)
      throw Error(ErrorCode::not_supported, "Bulk data of this transfer syntax are not taken",
                  bulk.transfer_syntax, "Send it as application/dicom");
    const E_TransferSyntax xfer = DcmXfer(bulk.transfer_syntax.c_str()).getXfer();
    auto* sequence = new DcmPixelSequence(DcmTag(DCM_PixelData, EVR_OB));
    pixels->putOriginalRepresentation(xfer, nullptr, sequence);
    OFCondition result = sequence->insert(new DcmPixelItem(DcmTag(DCM_Item, EVR_OB)));  // no offset table
    std::vector<std::string_view> frames{bulk.bytes};
    frames.insert(frames.end(), bulk.further_frames.begin(), bulk.further_frames.end());
    DcmOffsetList offsets;
    for (const std::string_view bytes : frames) {
      std::string frame(bytes);
      if (result.good())
        result = sequence->storeCompressedFrame(offsets, reinterpret_cast<Uint8*>(frame.data()),
                                                static_cast<Uint32>(frame.size()), 0);
    }
    return result;
  }

  const std::function<BulkData(const std::string&)>& bulk_;
  const TransferSyntax* syntax_ = find_transfer_syntax(kExplicitLittleEndian);
};

}  // namespace

std::string compose_from_json(const Json& dataset,
                              const std::function<BulkData(const std::string& uri)>& bulk) {
  use_dcmtk();
  DcmDataset made;
  Composer composer(bulk);
  composer.fill(made, dataset);
  if (made.putAndInsertString(DCM_SpecificCharacterSet, "ISO_IR 192").bad())
    throw Error(ErrorCode::internal, "The character set cannot be written");
  return write_part10(made, composer.syntax());
}

}  // namespace meridian::archive
