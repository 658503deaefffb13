// FHIR's terminology service (R4, terminology-service.html), over the code systems, value sets and concept
// maps that the record holds and FHIR defines.
#pragma once
#include <memory>
#include <string>

#include "record/operations/input.h"
#include "record/operations/operation.h"

namespace meridian::record {

// What the operations throw beside what OperationInput does: not_found for a resource that nobody has, what
// ValueSetReader throws.
std::string expand_value_set(const OperationContext& context, const OperationCall& call);
std::string validate_code_in_value_set(const OperationContext& context, const OperationCall& call);
std::string validate_code_in_system(const OperationContext& context, const OperationCall& call);
std::string look_up_code(const OperationContext& context, const OperationCall& call);
std::string compare_codes(const OperationContext& context, const OperationCall& call);  // $subsumes
std::string translate_code(const OperationContext& context, const OperationCall& call);

// The resource that a call is about: that of the address, the one given as a parameter, or that of a URL and
// version. Throws invalid_request when there is none, not_found, gone.
std::shared_ptr<const Json> resource_meant(const OperationContext& context, const OperationCall& call,
                                           const OperationInput& input, std::string_view type,
                                           std::string_view url_parameter,
                                           std::string_view resource_parameter,
                                           std::string_view version_parameter);
// By its canonical; throws not_found.
std::shared_ptr<const Json> require_canonical(const OperationContext& context, std::string_view type,
                                              const std::string& url, const std::string& version);

}  // namespace meridian::record
