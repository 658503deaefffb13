#include "record/operations/coded_input.h"

#include "base/error.h"

namespace meridian::record {
namespace {

GivenCode require_whole(GivenCode given) {
  if (given.code.code.empty()) throw Error(ErrorCode::invalid_request, "The code is missing", "code");
  if (given.code.system.empty())
    throw Error(ErrorCode::invalid_request, "The system of the code is missing", "system");
  return given;
}

}  // namespace

GivenCode given_code(const Json& coding) {
  return require_whole(
      {{coding.text("system"), coding.text("code")}, coding.text("display"), coding.text("version")});
}

std::vector<GivenCode> given_codes(const OperationInput& input, const std::string& system,
                                   std::string_view version_parameter) {
  if (const Json* coding = input.value("coding", "Coding")) return {given_code(*coding)};
  if (const Json* concept_ = input.value("codeableConcept", "CodeableConcept")) {
    std::vector<GivenCode> codes;
    for (const Json& coding : items_of(*concept_, "coding")) codes.push_back(given_code(coding));
    if (!codes.empty()) return codes;
  }
  return {
      require_whole({{system, input.text("code")}, input.text("display"), input.text(version_parameter)})};
}

}  // namespace meridian::record
