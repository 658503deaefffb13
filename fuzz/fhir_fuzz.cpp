// Bytes as a FHIR resource: read as JSON or XML, validated, searched, written. Whatever they are, the answer
// is a value or an Error.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/error.h"
#include "record/search/extraction.h"
#include "record/validation/validator.h"
#include "record/xml/xml.h"

using namespace meridian;

namespace {

Json read(std::string_view text) {
  return text.starts_with('<') ? record::read_xml(text) : Json::parse(text);
}

void use(const Json& resource) {
  const bool valid = !record::has_errors(record::validate(resource));
  record::extract(resource);
  record::patients_of(resource);
  if (valid &&
      !(record::read_xml(record::write_xml(resource)).text("resourceType") == resource.text("resourceType")))
    std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    use(read({reinterpret_cast<const char*>(data), size}));
  } catch (const Error&) {
  }
  return 0;
}
