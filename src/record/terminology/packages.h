// FHIR packages (npm): folders with a resource a file, such as an implementation guide's.
#pragma once
#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "record/terminology/canonical_source.h"

namespace meridian::record {

// The conformance resources of packages, then FHIR's own. Safe from any thread.
class PackagedCanonicals : public CanonicalSource {
 public:
  // Looks through the .json files of the folders, and of their folder "package" where there is one; the first
  // that has a URL keeps it. Throws not_found for a folder that is none, invalid_syntax.
  explicit PackagedCanonicals(const std::vector<std::filesystem::path>& folders = {});

  std::shared_ptr<const Json> find(std::string_view type, std::string_view canonical) const override;
  std::vector<std::string> maps_of(std::string_view system, bool reverse) const override;

 private:
  void add_folder(const std::filesystem::path& folder);

  using Key = std::pair<std::string, std::string>;  // type, URL
  std::map<Key, std::shared_ptr<const Json>> resources_;
  DefinedCanonicals defined_;
};

}  // namespace meridian::record
