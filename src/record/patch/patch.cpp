#include "record/patch/patch.h"

#include "base/encoding.h"
#include "base/error.h"
#include "record/patch/fhirpath_patch.h"
#include "record/patch/json_patch.h"
#include "record/patch/xml_patch.h"
#include "record/xml/xml.h"

namespace meridian::record {
namespace {

void require_same(const Json& before, const Json& after, const char* member) {
  if (after.is_object() && after.text(member) == before.text(member)) return;
  throw Error(ErrorCode::invalid_value,
              "The patch changes the resource's " + std::string(member) + ", \"" + before.text(member) + "\"",
              before.text("resourceType") + "." + member, "Leave it as it is");
}

Json patched_by(const Json& resource, const Json& patch) {
  if (patch.is_array()) return apply_json_patch(resource, patch);
  if (patch.is_string()) return read_xml(apply_xml_patch(write_xml(resource), patch.as_string()));
  return apply_fhirpath_patch(resource, patch);
}

}  // namespace

Json apply_patch(const Json& resource, const Json& patch) {
  const Json patched = patched_by(resource, patch);
  require_same(resource, patched, "resourceType");
  require_same(resource, patched, "id");
  return patched;
}

Json patch_in(const Json& carrier) {
  const std::string type = carrier.text("resourceType");
  if (type == "Parameters") return carrier;
  if (type != "Binary")
    throw Error(ErrorCode::invalid_structure, "A patch is a Parameters or Binary resource, not " + type,
                "resource.resourceType");
  const std::string language = carrier.text("contentType");
  if (language != kJsonPatchType && language != kXmlPatchType)
    throw Error(
        ErrorCode::unsupported_media_type,
        "A Binary with the patch must be of the type " + std::string(kJsonPatchType) + " or " + kXmlPatchType,
        "resource.contentType");
  std::string patch = from_base64(carrier.text("data"));
  return language == kXmlPatchType ? Json(std::move(patch)) : Json::parse(patch);
}

}  // namespace meridian::record
