// Bytes as an XML Patch of a patient. Whatever they are, the answer is XML that can be read or an Error.
#include <cstdint>
#include <string_view>

#include "base/error.h"
#include "base/xml.h"
#include "record/patch/xml_patch.h"

using namespace meridian;

namespace {

constexpr std::string_view kPatient =
    "<Patient xmlns=\"http://hl7.org/fhir\"><id value=\"p\"/><text><status value=\"generated\"/>"
    "<div xmlns=\"http://www.w3.org/1999/xhtml\">Li</div></text><name><family "
    "value=\"Li\"/></name></Patient>";

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    parse_xml(record::apply_xml_patch(kPatient, {reinterpret_cast<const char*>(data), size}));
  } catch (const Error&) {
  }
  return 0;
}
