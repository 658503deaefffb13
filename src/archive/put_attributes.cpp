#include "archive/put_attributes.h"

#include <fmt/format.h>

#include "base/error.h"

namespace meridian::archive {

void check_put(const OFCondition& condition) {
  if (condition.bad())
    throw Error(ErrorCode::invalid_value,
                std::string("The DICOM object cannot be composed: ") + condition.text());
}

void put(DcmItem& item, const DcmTagKey& tag, const std::string& value) {
  check_put(item.putAndInsertString(tag, value.c_str()));
}

void put(DcmItem& item, const DcmTagKey& tag, int value) {
  check_put(item.putAndInsertUint16(tag, static_cast<Uint16>(value)));
}

void put_long(DcmItem& item, const DcmTagKey& tag, std::uint64_t value) {
  check_put(item.putAndInsertUint32(tag, static_cast<Uint32>(value)));
}

void put_decimal(DcmItem& item, const DcmTagKey& tag, double value) {
  put(item, tag, fmt::format("{:.10g}", value));
}

DcmItem& new_item(DcmItem& parent, const DcmTagKey& sequence) {
  DcmItem* item = nullptr;
  check_put(parent.findOrCreateSequenceItem(sequence, item, -2));
  return *item;
}

DcmItem& put_code(DcmItem& parent, const DcmTagKey& sequence, const std::string& value,
                  const std::string& scheme, const std::string& meaning) {
  DcmItem& code = new_item(parent, sequence);
  put(code, DCM_CodeValue, value);
  put(code, DCM_CodingSchemeDesignator, scheme);
  put(code, DCM_CodeMeaning, meaning);
  return code;
}

}  // namespace meridian::archive
