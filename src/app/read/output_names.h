// Where what is written of inputs goes: inputs may have one name in several folders.
#pragma once
#include <filesystem>
#include <map>
#include <set>
#include <string>

namespace meridian::app {

class OutputNames {
 public:
  // Makes the folder when it is missing; throws unavailable when it cannot.
  explicit OutputNames(std::filesystem::path folder);

  // FOLDER/NAME without what its format adds: "one" of "one.png" and "one.nii.gz". The same for the same
  // input; of others of that name with a number: "one-2".
  std::string of(const std::filesystem::path& input);

 private:
  std::filesystem::path folder_;
  std::map<std::filesystem::path, std::string> given_;  // by input
  std::set<std::string> taken_;
};

}  // namespace meridian::app
