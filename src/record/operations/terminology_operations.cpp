#include "record/operations/terminology_operations.h"

#include "base/error.h"
#include "record/store/visibility.h"

namespace meridian::record {

std::shared_ptr<const Json> require_canonical(const OperationContext& context, std::string_view type,
                                              const std::string& url, const std::string& version) {
  const std::string canonical = version.empty() ? url : url + "|" + version;
  if (auto found = context.canonicals.find(type, canonical)) return found;
  throw Error(ErrorCode::not_found,
              "There is no " + std::string(type) + " \"" + canonical.substr(0, 200) + "\" here", {},
              "Store it, or name one that is stored");
}

std::shared_ptr<const Json> resource_meant(const OperationContext& context, const OperationCall& call,
                                           const OperationInput& input, std::string_view type,
                                           std::string_view url_parameter,
                                           std::string_view resource_parameter,
                                           std::string_view version_parameter) {
  if (!call.id.empty())
    return std::make_shared<const Json>(Json::parse(
        require_readable(context.connection, context.principal, std::string(type), call.id).version.body));
  if (const Json* given = input.resource(resource_parameter, type))
    return std::make_shared<const Json>(*given);
  return require_canonical(context, type, input.required(url_parameter), input.text(version_parameter));
}

}  // namespace meridian::record
