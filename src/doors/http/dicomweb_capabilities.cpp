// What DICOMweb's addresses here do (PS3.18, 8.9): OPTIONS on any of them, in WADL as XML or JSON.
#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "archive/transfer_syntax.h"
#include "doors/http/dicomweb_accept.h"
#include "doors/http/routes.h"

namespace meridian::doors::http {
namespace {

constexpr std::string_view kRoot = "/dicomweb";
constexpr const char *kWadl = "application/vnd.sun.wadl+xml", *kJson = "application/json";

using MediaTypes = std::vector<std::string>;

const MediaTypes kDatasets{"application/dicom+json", R"(multipart/related; type="application/dicom+xml")"},
    kDataset{"application/dicom+json", "application/dicom+xml"},
    kPictures(archive::kPictureTypes.begin(), archive::kPictureTypes.end()),
    kInstances{R"(multipart/related; type="application/dicom")"},
    kStored{"application/dicom", R"(multipart/related; type="application/dicom")",
            R"(multipart/related; type="application/dicom+json")",
            R"(multipart/related; type="application/dicom+xml")"};

// Of frames: as bytes, and as each transfer syntax stores them.
MediaTypes frame_types() {
  MediaTypes types;
  for (const archive::TransferSyntax& syntax : archive::transfer_syntaxes()) {
    std::string type = "multipart/related; type=\"" + std::string(syntax.media_type) + "\"";
    if (std::ranges::find(types, type) == types.end()) types.push_back(std::move(type));
  }
  return types;
}

MediaTypes bulk_types() {
  MediaTypes types = frame_types();
  types.insert(types.begin(), "application/octet-stream");
  return types;
}

struct Resource {
  std::string path;  // below the root
  std::vector<Method> methods;
};

std::string last_segment(const std::string& path) {
  return path.substr(path.rfind('/') + 1);
}

bool is_of_workitems(const std::string& path) {
  return path.starts_with("/workitems");
}

MediaTypes given_by(const Resource& resource, Method method) {
  const std::string last = last_segment(resource.path);
  if (method == Method::remove) return {};
  if (is_of_workitems(resource.path)) return method == Method::get ? kDatasets : MediaTypes();
  if (method == Method::post) return kDataset;
  if (last == "rendered" || last == "thumbnail") return kPictures;
  if (last == "{study}" || last == "{series}" || last == "{instance}") return kInstances;
  if (last == "{frames}") return frame_types();
  if (resource.path.find("/bulkdata/") != std::string::npos) return bulk_types();
  return kDatasets;
}

MediaTypes taken_by(const Resource& resource, Method method) {
  if (method != Method::post && method != Method::put) return {};
  return is_of_workitems(resource.path) ? kDataset : kStored;
}

// "{path...}" is "{path}" in WADL.
std::string template_of(std::string pattern) {
  if (const auto dots = pattern.find("..."); dots != std::string::npos) pattern.erase(dots, 3);
  return pattern;
}

std::vector<std::string> variables_of(const std::string& path) {
  std::vector<std::string> names;
  for (auto at = path.find('{'); at != std::string::npos; at = path.find('{', at + 1))
    names.push_back(path.substr(at + 1, path.find('}', at) - at - 1));
  return names;
}

std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) out += c == '"' ? "&quot;" : std::string(1, c);
  return out;
}

void add_representations(std::string& xml, const char* element, const MediaTypes& types) {
  if (types.empty()) return;
  xml.append("<").append(element).append(">");
  for (const std::string& type : types) xml += "<representation mediaType=\"" + escaped(type) + "\"/>";
  xml.append("</").append(element).append(">");
}

std::string as_xml(const std::vector<Resource>& resources) {
  std::string xml =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<application xmlns=\"http://wadl.dev.java.net/2009/02\">"
      "<resources base=\"" +
      std::string(kRoot) + "\">";
  for (const Resource& resource : resources) {
    xml += "<resource path=\"" + resource.path + "\">";
    for (const std::string& name : variables_of(resource.path))
      xml += "<param name=\"" + name + "\" style=\"template\"/>";
    for (const Method method : resource.methods) {
      xml.append("<method name=\"").append(method_name(method)).append("\">");
      add_representations(xml, "request", taken_by(resource, method));
      add_representations(xml, "response", given_by(resource, method));
      xml += "</method>";
    }
    xml += "</resource>";
  }
  return xml + "</resources></application>\n";
}

Json representations(const MediaTypes& types) {
  Json list = Json::array();
  for (const std::string& type : types) list.push_back(Json::object({{"mediaType", type}}));
  return Json::object({{"representation", std::move(list)}});
}

Json as_json(const std::vector<Resource>& resources) {
  Json list = Json::array();
  for (const Resource& resource : resources) {
    Json methods = Json::array();
    for (const Method method : resource.methods) {
      Json described = Json::object({{"name", method_name(method)}});
      if (const MediaTypes taken = taken_by(resource, method); !taken.empty())
        described["request"] = representations(taken);
      if (const MediaTypes given = given_by(resource, method); !given.empty())
        described["response"] = representations(given);
      methods.push_back(std::move(described));
    }
    list.push_back(Json::object({{"path", resource.path}, {"method", std::move(methods)}}));
  }
  return Json::object(
      {{"application",
        Json::object({{"resources", Json::object({{"base", kRoot}, {"resource", std::move(list)}})}})}});
}

// Those at the address and below it.
std::vector<Resource> resources_of(const std::vector<Resource>& all, const std::string& path) {
  std::vector<Resource> found;
  std::ranges::copy_if(all, std::back_inserter(found), [&](const Resource& resource) {
    return resource.path == path || resource.path.starts_with(path + "/");
  });
  return found;
}

Response capabilities(const Request& request, const std::vector<Resource>& resources) {
  static const std::array<Offer, 2> kOffers{Offer{kWadl, {}, false, true}, Offer{kJson, {}, false, true}};
  if (choose_offer(request, kOffers).media_type == kJson) return Response::json(as_json(resources));
  return Response::text(as_xml(resources), kWadl);
}

}  // namespace

void add_dicomweb_capabilities(Router& router) {
  std::map<std::string, std::vector<Method>> methods;  // by pattern
  for (const Route& route : router.routes())
    if (route.pattern.starts_with(kRoot)) methods[route.pattern].push_back(route.method);
  std::vector<Resource> all;
  for (const auto& [pattern, of] : methods) all.push_back({template_of(pattern.substr(kRoot.size())), of});
  methods.try_emplace(std::string(kRoot));
  for (const auto& [pattern, of] : methods)
    router.add(Method::options, pattern, Permission::signed_in(),
               [described = resources_of(all, template_of(pattern.substr(kRoot.size())))](Request& request) {
                 return capabilities(request, described);
               });
}

}  // namespace meridian::doors::http
