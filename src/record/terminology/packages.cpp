#include "record/terminology/packages.h"

#include <algorithm>
#include <array>

#include "base/error.h"
#include "base/file.h"
#include "record/definitions/canonical.h"

namespace meridian::record {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 4> kKinds{"CodeSystem", "ConceptMap", "StructureDefinition",
                                                 "ValueSet"};

bool is_named_as_kind(const fs::path& file) {
  const std::string name = file.filename().string();
  return file.extension() == ".json" && std::ranges::any_of(kKinds, [&](std::string_view kind) {
           return name.starts_with(std::string(kind) + "-");
         });
}

}  // namespace

PackagedCanonicals::PackagedCanonicals(const std::vector<fs::path>& folders) {
  for (const fs::path& folder : folders)
    add_folder(fs::is_directory(folder / "package") ? folder / "package" : folder);
}

void PackagedCanonicals::add_folder(const fs::path& folder) {
  if (!fs::is_directory(folder))
    throw Error(ErrorCode::not_found, "There is no folder of a FHIR package", folder.string(),
                "Unpack the package there, for example with npm install");
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder))
    if (is_named_as_kind(entry.path())) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  for (const fs::path& file : files) {
    auto resource = std::make_shared<const Json>(Json::parse(read_file(file)));
    const std::string url = resource->text("url");
    if (!url.empty()) resources_.emplace(Key(resource->text("resourceType"), url), std::move(resource));
  }
}

std::shared_ptr<const Json> PackagedCanonicals::find(std::string_view type,
                                                     std::string_view canonical) const {
  const auto found = resources_.find(Key(type, url_of_canonical(canonical)));
  if (found != resources_.end() && is_of_version(*found->second, canonical)) return found->second;
  return defined_.find(type, canonical);
}

std::vector<std::string> PackagedCanonicals::maps_of(std::string_view system, bool reverse) const {
  std::vector<std::string> urls;
  for (const auto& [key, resource] : resources_)
    if (key.first == "ConceptMap" &&
        std::ranges::any_of(items_of(*resource, "group"), [&](const Json& group) {
          return group.text(reverse ? "target" : "source") == system;
        }))
      urls.push_back(key.second);
  for (std::string& url : defined_.maps_of(system, reverse)) urls.push_back(std::move(url));
  return urls;
}

}  // namespace meridian::record
