// The parameters of an operation, from the address and from a body that is FHIR's Parameters.
#pragma once
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "record/operations/operation.h"

namespace meridian::record {

class OperationInput {
 public:
  // names: all parameters that there may be. resource: that which the body is when it is no Parameters; empty
  // where there must be Parameters. Throws invalid_request for others, not_supported for those in
  // unsupported.
  OperationInput(const OperationCall& call, std::initializer_list<std::string_view> names,
                 std::string_view resource = {}, std::initializer_list<std::string_view> unsupported = {});

  // The first of the name; empty when there is none. Throws invalid_value when it is no primitive.
  std::string text(std::string_view name) const;
  std::vector<std::string> texts(std::string_view name) const;
  // Throws invalid_request when it is missing.
  std::string required(std::string_view name) const;
  // Throws invalid_value.
  bool flag(std::string_view name, bool otherwise) const;
  std::optional<std::int64_t> whole_number(std::string_view name) const;  // from 0
  // A parameter of a data type ("Coding"), or a resource. Throws invalid_value when it is something else or
  // is not as R4 says; a null pointer when there is none.
  const Json* value(std::string_view name, std::string_view type) const;
  std::vector<const Json*> values(std::string_view name, std::string_view type) const;  // all of the name
  const Json* resource(std::string_view name, std::string_view type) const;

 private:
  struct Given {
    std::string name;
    const Json* parameter = nullptr;       // of the body
    std::optional<std::string> text = {};  // of the address
  };
  const Given* find(std::string_view name) const;

  std::vector<Given> given_;
  const Json* body_resource_ = nullptr;
  std::string_view resource_name_;
};

// Those of an operation that takes only primitives, as a search takes them. Throws what OperationInput does.
Parameters simple_parameters(const OperationCall& call);

// A parameter of the answer: member is "valueString", "resource", "part".
Json output(std::string_view name, std::string_view member, Json value);
// The answer.
std::string parameters_text(Json::Array outputs);

}  // namespace meridian::record
